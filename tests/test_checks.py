import pytest

from innosurvey import checks, checks_of_configuration, files, study

STUDY = """
study: mine
cohorts: {size_cis: {may_be_empty: true}, size_kis: {may_be_empty: true}}
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


def test_edits_that_contradict_each_other_are_found_before_anything_runs(findings):
    more = """
edits:
  many: {kind: logical, text: Many, rule: employees_t >= 10}
  few: {kind: logical, text: Few, rule: employees_t < 10}
"""
    error = findings(**{"mine.yaml": STUDY + more})["hard edits and localisation"]
    assert "few (Few) demands employees_t below 10" in str(error)
    assert "many (Many) demands employees_t at least 10" in str(error)


def test_a_rule_that_cannot_be_localised_is_found_before_anything_runs(findings):
    more = "edits:\n  odd: {kind: logical, rule: 'ratio(sales_t, employees_t) < 5'}\n"
    error = findings(**{"mine.yaml": STUDY + more})["hard edits and localisation"]
    assert "edits.odd: which field is wrong cannot be worked out" in str(error)


def test_what_adds_nothing_and_what_is_not_checked_is_noted(root):
    chosen = study.read(*study.BASE)
    notes = checks_of_configuration.check_edits(
        chosen, files.read_dictionary(root / "resources/dictionary/variables.csv")
    )
    assert notes == (
        "edits.commercialised_within_projects can never fail where these hold: "
        "commercialised_within_successes, successes_within_projects.",
    )


GIVEN = STUDY.replace(
    "    registers:\n      frame: {file: frame.csv, codebook: FOLDER/frame.yaml}\n    weights: {method: frame}\n", ""
)
UNWEIGHTED = GIVEN + "    weights: {method: none}\n"
BY_REGION = """
    variables: {region: {type: string}}
    weights:
      method: none
      calibrate:
        method: raking
        totals: totals.csv
        margins: {region: {by: [region]}}
"""
IN_REGIONS = {
    "mine.yaml": GIVEN + BY_REGION,
    "wave.yaml": WAVE.replace("employees_t:", "region: {column: region}, employees_t:"),
    "wave.csv": "id,staff,region\n1,5,a\n2,7,a\n3,8,b\n",
}
TOGETHER = "cohorts: each group has firms, and each firm a group"
FOLLOWED = "wave 2020: linked, edited and weighted"


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ("region,a,200\nregion,b,300\nregion,a,210\n", "row 4: the cell a stands twice"),
        ("region,a,200\nregion,b,some\n", "row 3: the total is missing, negative or no number"),
        ("region,a,200\n", "- b: 1 firms\nTotals are there for: 'a'."),
        ("region,a,200\nregion,b,300\nregion,c,30\n", "- region, cell c: total 30"),
        ("regoin,a,200\nregoin,b,300\n", "no row for the margin region. Did you mean regoin?"),
    ],
)
def test_a_file_of_totals_that_does_not_fit_is_told_by_row_or_cell(findings, totals, said):
    error = findings(**IN_REGIONS, **{"totals.csv": "margin,region,total\n" + totals})[FOLLOWED]
    assert said in str(error)


@pytest.mark.parametrize(
    ("totals", "said"),
    [("", "totals.csv: the file is empty"), ("margin;region;total\n", "the columns are parted by ';'")],
)
def test_a_file_of_totals_that_is_no_table_is_told_without_a_traceback(findings, totals, said):
    assert said in str(findings(**IN_REGIONS, **{"totals.csv": totals})[FOLLOWED])


def test_an_absent_file_of_totals_is_told_with_the_near_name(findings):
    errors = findings(**IN_REGIONS, **{"total.csv": ""})
    assert "totals.csv. Did you mean total.csv?" in str(errors["configuration of the study mine"])


def test_an_absent_crosswalk_is_told_once_without_a_traceback(findings):
    errors = findings(**{"mine.yaml": UNWEIGHTED + CODED.replace("walk.csv", "wolk.csv"), "walk.csv": ""})
    assert "Did you mean walk.csv?" in str(errors["configuration of the study mine"])
    assert not any(error for what, error in errors.items() if what.startswith("waves harmonised"))


def test_a_calibration_without_bounds_that_cannot_be_met_does_not_ask_for_wider_ones(findings):
    more = BY_REGION.replace("{region: {by: [region]}}", "{region: {by: [region]}, staff: {of: employees_t}}")
    totals = "margin,region,total\nregion,a,20\nregion,b,30\nstaff,,4000\n"
    error = findings(**IN_REGIONS | {"mine.yaml": GIVEN + more, "totals.csv": totals})[FOLLOWED]
    assert "staff, cell all: total 4,000" in str(error)
    assert "Correct the totals" in str(error)


def test_firms_whose_ids_the_file_writes_otherwise_reach_the_cohorts(findings):
    study_file = UNWEIGHTED + "    key_check: krw_brn\n"
    errors = findings(**{"mine.yaml": study_file, "wave.csv": "id,staff\n123-45-67891,5\n"})
    assert TOGETHER in errors
    assert not any(errors.values())


@pytest.mark.parametrize("weight", ["", "0", "-1"])
def test_a_given_weight_that_is_none_is_told_by_row(findings, weight):
    files = {
        "mine.yaml": GIVEN + "    weights: {method: given}\n",
        "wave.yaml": WAVE.replace("employees_t:", "weight_design: {column: w}, employees_t:"),
        "wave.csv": f"id,staff,w\n1,5,2\n2,7,{weight}\n",
    }
    assert "wave 2020, row 3: the design weight (weight_design) is missing" in str(findings(**files)[FOLLOWED])


REGISTER = """
    registers:
      accounts:
        file: accounts.csv
        codebook: FOLDER/accounts.yaml
        link: {how: year, year: year, into: {register_sales: sales}}
"""
ACCOUNTS = """
table: register
variables:
  firm_id: {column: id}
  year: {column: year, type: int}
  sales: {column: sales, type: float}
"""


def with_accounts(rows, more=""):
    return {
        "mine.yaml": UNWEIGHTED + REGISTER + more,
        "accounts.yaml": ACCOUNTS,
        "accounts.csv": "id,year,sales\n" + rows,
    }


def test_a_register_that_has_a_firm_and_year_twice_is_told_by_row(findings):
    errors = findings(**with_accounts("1,2020,5\n1,2020,6\n"))
    assert "register accounts, rows 2, 3: a firm has more than one row for a year" in str(errors[FOLLOWED])


def test_a_table_none_of_whose_ids_passes_the_check_of_the_study_is_an_error(findings):
    errors = findings(**with_accounts("1,2020,5\n", "    key_check: krw_brn\n"))
    assert "wave 2020: none of its 2 firm ids passes the check of the study (`key_check: krw_brn`)" in str(
        errors[FOLLOWED]
    )


def test_a_register_that_tells_nothing_of_the_wave_is_noted(tmp_path, findings, root):
    assert not any(findings(**with_accounts("1,2011,5\n2,2011,5\n")).values())
    found = {found.what: found for found in checks.check_study(study.read(*study.BASE, tmp_path / "mine.yaml"), root)}
    assert "register accounts: no row of it holds for any of the 2 firms" in found[FOLLOWED].notes[0]


def test_a_group_without_firms_is_found_before_anything_runs(findings):
    errors = findings(**{"mine.yaml": UNWEIGHTED.replace("size_cis: {may_be_empty: true}, ", "")})
    assert "cohorts.size_cis: no firm of any wave is in" in str(errors[TOGETHER])


def test_a_survey_without_money_registers_or_another_wave_passes(findings):
    assert not any(findings(**{"mine.yaml": UNWEIGHTED}).values())


def test_waves_in_one_file_share_its_codebook_and_have_periods_of_their_own(findings):
    own = (
        "{{file: wave.csv, codebook: FOLDER/wave.yaml, rows: {{column: year, is: {0}}}, "
        "period: [{0}-01-01, {0}-12-31]}}"
    )
    pooled = STUDY.replace(
        '"2020": {file: wave.csv, codebook: FOLDER/wave.yaml}',
        f'"2018": {own.format(2018)}\n      "2020": {own.format(2020)}',
    )
    frame = "id,stratum,sampled,year\n1,a,1,2018\n2,a,1,2018\n1,a,1,2020\n3,a,1,2020\n"
    errors = findings(
        **{
            "mine.yaml": pooled.replace("{method: frame}", "{method: frame, wave: year}"),
            "wave.yaml": WAVE.replace("period: [2018-01-01, 2020-12-31]", ""),
            "wave.csv": "id,staff,year\n1,5,2018\n2,7,2018\n1,6,2020\n3,9,2020\n",
            "frame.csv": frame,
            "frame.yaml": FRAME + "  year: {column: year, type: int}\n",
        }
    )
    assert not any(errors.values())
    assert "wave 2018: linked, edited and weighted" in errors


@pytest.mark.parametrize(("variance", "said"), [("taylor", 0), ("bootstrap", 0), ("jackknife", 1)])
def test_a_jackknife_that_serves_single_waves_only_is_noted(tmp_path, variance, said):
    (tmp_path / "mine.yaml").write_text(f"design: {{variance: {variance}}}\n", encoding="utf-8")
    assert len(checks_of_configuration.notes_on(study.read(*study.BASE, tmp_path / "mine.yaml"))) == said


PRINTED = "printed tables and their arithmetic"
WITH_PRINTED = STUDY + "    reference: {folder: FOLDER, tables: [kim_3]}\n"


@pytest.fixture
def printed(findings, root):
    """Check a study that shows one printed table; `files` spoil its files."""
    folder = root / "resources/reference/series"
    own = {name: (folder / name).read_text(encoding="utf-8") for name in ("tables.yaml", "checks.csv", "kim_3.csv")}
    return lambda **files: findings(**{**own, "mine.yaml": WITH_PRINTED, **files})[PRINTED]


def test_printed_tables_are_checked_before_anything_runs(printed):
    assert printed() is None


def test_a_study_that_shows_no_printed_tables_has_no_finding_on_them(findings):
    assert PRINTED not in findings()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("series,1997-99", "series,1997-98", "kim_3.csv row 1:\n  - the column '1997-98' is not declared"),
        ("107.2", "107,2", "kim_3.csv row 2: there are more cells than columns"),
        ("60.0", "6O.0", "kim_3.csv row 2, column 2000: '6O.0' is not a number from 0 on"),
        ("smes,", "budget,", "kim_3.csv column series:\n  - the row 'budget' stands 2 times"),
        ("735.5", "737.5", "(kim3_budget_sum): declared as printed 735.5, found 737.5"),
    ],
)
def test_a_spoiled_printed_table_is_found_with_its_place(printed, root, old, new, said):
    text = (root / "resources/reference/series/kim_3.csv").read_text(encoding="utf-8")
    assert said in str(printed(**{"kim_3.csv": text.replace(old, new, 1)}))


def test_an_empty_printed_table_is_found(printed):
    assert "kim_3.csv: the file is empty" in str(printed(**{"kim_3.csv": ""}))


def test_an_absent_printed_table_is_named_with_the_near_one(findings, root):
    folder = root / "resources/reference/series"
    text = WITH_PRINTED.replace("FOLDER, tables: [kim_3]", f"{folder}, tables: [kim_33]")
    assert "kim_33.csv. Did you mean kim_3.csv?" in str(findings(**{"mine.yaml": text})[PRINTED])
