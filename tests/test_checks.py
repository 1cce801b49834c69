import pytest

from innosurvey import checks, study

STUDY = """
study: mine
studies:
  mine:
    title: {en: Mine}
    country: FI
    currency: EUR
    synthetic: true
    attribution: me
    release: "2024-01-01"
    raw: FOLDER
    waves:
      "2020": {file: wave.csv, codebook: FOLDER/wave.yaml}
    registers:
      frame: {file: frame.csv, codebook: FOLDER/frame.yaml}
    weights: {method: frame}
"""
WAVE = """
period: [2018-01-01, 2020-12-31]
variables: {firm_id: {column: id}, employees_t: {column: staff}}
"""
FRAME = """
table: frame
variables:
  firm_id: {column: id}
  stratum_id: {column: stratum}
  sampled: {column: sampled, type: bool, values: {1: true, 0: false}}
"""


@pytest.fixture
def findings(tmp_path, root):
    def check(**files):
        texts = {"wave.csv": "id,staff\n1,5\n2,7\n", "frame.csv": "id,stratum,sampled\n1,a,1\n2,a,1\n3,a,0\n"}
        for name, text in {**texts, "wave.yaml": WAVE, "frame.yaml": FRAME, "mine.yaml": STUDY, **files}.items():
            (tmp_path / name).write_text(text.replace("FOLDER", str(tmp_path)), encoding="utf-8")
        found = checks.check_study(study.read(*study.BASE, tmp_path / "mine.yaml"), root)
        return {finding.what: finding.error for finding in found}

    return check


def test_a_study_whose_files_fit_passes(findings):
    assert not any(findings().values())


def test_a_firm_that_the_frame_lacks_is_found_before_anything_runs(findings):
    errors = findings(**{"frame.csv": "id,stratum,sampled\n1,a,1\n3,a,0\n"})
    assert "row 3: the sampling frame does not have the firm" in str(errors["wave 2020: linked, edited and weighted"])


def test_a_wave_is_not_followed_where_a_register_cannot_be_read(findings):
    errors = findings(**{"frame.csv": "id,stratum,sampled\n1,a,9\n"})
    assert "the code 9 has no meaning" in str(list(errors.values())[-1])
    assert "wave 2020: linked, edited and weighted" not in errors


CODED = """
    variables: {code: {type: string}, rev: {type: string}}
    harmonise:
      classifications:
        industry:
          {variable: code, revision: rev, target: "4", into: code_4, crosswalks: {"3->4": FOLDER/walk.csv}}
"""


def test_a_code_that_the_crosswalk_lacks_is_found_before_anything_runs(findings):
    errors = findings(
        **{
            "mine.yaml": STUDY + CODED,
            "wave.yaml": WAVE.replace("employees_t:", 'code: {column: code}, rev: {constant: "3"}, employees_t:'),
            "wave.csv": "id,staff,code\n1,5,50\n2,7,99\n",
            "walk.csv": "source,target,weight\n50,45,1\n",
        }
    )
    assert "wave 2020: 99, 1 firms" in str(errors["waves harmonised: codes, crosswalks, prices"])
