import pytest

from innosurvey import shape, study
from innosurvey.errors import StudyError


@pytest.fixture
def overlay(tmp_path):
    def write(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return study.read(*study.BASE, path)

    return write


def test_the_default_study_is_seoul_and_says_that_it_is_synthetic():
    seoul = study.read(*study.BASE)
    assert (seoul.name, seoul.synthetic, list(seoul.waves)) == ("seoul", True, ["2018", "2020", "2022"])


def test_maps_merge_values_replace_and_null_removes(overlay):
    mine = overlay("models: {patents_on_inputs: null}\ndisclosure: {minimum_n: 5}\ncohorts: {zone: {version: 2}}\n")
    assert "patents_on_inputs" not in mine.programme["models"]
    assert mine.programme["disclosure"]["minimum_n"] == 5
    assert mine.programme["cohorts"]["zone"]["version"] == 2
    assert "groups" in mine.programme["cohorts"]["zone"]


def test_another_study_brings_its_own_waves_and_inherits_the_programme(overlay):
    mine = overlay(
        "study: mine\nstudies:\n  mine:\n    title: {en: Mine}\n    country: FI\n    currency: EUR\n"
        '    synthetic: false\n    attribution: me\n    release: "2024-01-01"\n    raw: /data\n'
        "    weights: {method: none}\n    waves:\n      2020: {file: a.csv, codebook: b.yaml}\n"
    )
    assert list(mine.waves) == ["2020"]
    assert mine.registers == {}
    assert mine.raw_file(mine.waves["2020"]) == "/data/a.csv"
    assert "activity_oslo4" in mine.programme["cohorts"]


def test_the_raw_folder_can_be_given_from_outside():
    assert study.read(*study.BASE, raw="/elsewhere/").raw == "/elsewhere"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modles: {}\n", r"modles: unknown key. Did you mean models\?"),
        ("studies: {seoul: {curency: KRW}}\n", r"studies.seoul.curency: unknown key. Did you mean currency\?"),
        ("describe: {rd_intensity: {statistic: mode}}\n", "describe.rd_intensity.statistic: `mode` is not one of"),
        ("studies: {seoul: {currency: won}}\n", "studies.seoul.currency: 'won' does not match"),
        ("studies: {seoul: {waves: null}}\n", "studies.seoul: the key `waves` is missing"),
        ("study: soul\n", r"study `soul` is not under `studies:`. Did you mean seoul\?"),
        ("", "the file is empty"),
        ("# nothing yet\n", "the file is empty"),
        ("studies: {mine: {country: FI}}\n", "it brings mine, but chooses no study"),
        ('studies: {seoul: {release: "2023-02-30"}}\n', "release: no calendar has the day 2023-02-30"),
        ("studies: {seoul: {waves: {20/22: {file: a, codebook: b}}}}\n", "waves: `20/22` is no name: use letters"),
        ("studies: {seoul: {waves: {a b: {file: a, codebook: b}}}}\n", "waves: `a b` is no name: use letters"),
        ("studies: {seoul: {registers: {a.b: {file: a, codebook: b}}}}\n", r"registers: `a\.b` is no name"),
        ("cohorts: {Big-1: {version: 1}}\n", "cohorts: `Big-1` is no name: use lower-case letters, digits and _"),
        ("disclosure: {minimum_n: 0}\n", "disclosure.minimum_n: 0 is less than the minimum of 1"),
    ],
)
def test_a_misspelt_or_wrong_entry_is_refused_with_its_place_and_the_near_name(overlay, text, message):
    with pytest.raises(StudyError, match=message):
        overlay(text)


def test_a_study_is_found_by_name_or_by_file(tmp_path):
    assert study.study_file("colombia_edits").name == "colombia_edits.yaml"
    assert study.study_file("seoul") is None
    (tmp_path / "x.yaml").write_text("study: x\n")
    assert study.study_file(str(tmp_path / "x.yaml")) == tmp_path / "x.yaml"
    with pytest.raises(StudyError, match=r"no study `columbia_edits`. Did you mean colombia_edits\?"):
        study.study_file("columbia_edits")


def test_every_key_of_the_schema_has_a_description_or_says_it_by_its_shape():
    from innosurvey import yamlfile

    schema = yamlfile.read(shape.SCHEMA).data
    undescribed = [key for key, entry in schema["properties"].items() if "description" not in entry]
    assert undescribed == []


def test_an_error_names_the_file_behind_a_wave_or_a_register_once():
    chosen = study.read(*study.BASE)
    said = study.with_files_named("wave 2020, row 7: wrong. In wave 2020 and register patents.", chosen)
    assert said == "wave 2020 (innovation_2020.csv), row 7: wrong. In wave 2020 and register patents (patents.csv)."


def test_a_file_that_an_error_names_already_is_not_named_again():
    chosen = study.read(*study.BASE)
    said = "innovation_2020.csv row 7: wave 2020 lacks it."
    assert study.with_files_named(said, chosen) == said
