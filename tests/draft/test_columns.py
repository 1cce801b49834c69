"""What a draft says of single columns: codes, missing codes, names, and never a firm's answer."""

import pandas as pd
import pytest

from innosurvey import draft
from innosurvey.codebook import FileSpec
from innosurvey.draft.profile import profile
from innosurvey.draft.words import features, squeezed
from innosurvey.errors import StudyError
from tests.draft.make import DICTIONARY, VOCABULARY, WORDS, book_of, csv_file, drafted, rows


def looks_of(folder, *cells, firms=60):
    source = draft.read_source(csv_file(folder, "id,q\n" + rows(*cells, firms=firms)), FileSpec())
    return profile(source.columns[1], source.spec, WORDS)


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        ((1, 2, 9), {"9": "refused"}),
        ((1, 2, 8, 9), {"8": "dont_know", "9": "refused"}),
        ((10, 20, 35, 999), {"999": "refused"}),
        ((5, 17, 21, 8888), {"8888": "dont_know"}),
        ((1, 2, 3, -9), {"-9": "refused"}),
        ((1, 2, "NA"), {"NA": "missing"}),
        ((1, 2, "모름"), {"모름": "dont_know"}),
        ((1, 2, "no sabe"), {"no sabe": "dont_know"}),
        ((1, 2, "Refused"), {"Refused": "refused"}),
        ((7, 8, 9, 10), {}),
        ((96, 97, 98, 99, 100), {}),
        ((-5, 3, 8, 12), {"-5": "missing"}),
    ],
)
def test_codes_that_look_like_no_answer_are_told_apart(tmp_path, cells, missing):
    assert dict(looks_of(tmp_path, *cells).missing) == missing


def test_a_loss_among_amounts_is_no_code(tmp_path):
    assert not looks_of(tmp_path, *range(-30, 30)).missing


def test_codes_that_few_firms_have_are_counted_and_not_shown(tmp_path):
    looks = looks_of(tmp_path, *[1] * 29, 77, firms=60)
    assert dict(looks.codes) == {"1": 58}
    assert looks.said() == "whole numbers, 2 different, codes 1 (1 rarer values)"


def test_ids_names_texts_and_amounts_are_never_written(tmp_path):
    cells = "".join(
        f"{778800 + place},Firm {place} Ltd,{55000 + 7 * place},secret {place % 25}\n" for place in range(60)
    )
    text = drafted(csv_file(tmp_path, "id,name,number of employees,remark\n" + cells)).text
    told = [value for value in ("7788", "Ltd", "5500", "secret") if value in text]
    assert told == []


def test_firms_that_a_file_keeps_as_value_labels_are_not_written(tmp_path):
    import pandas as pd
    import pyreadstat

    path = tmp_path / "survey.dta"
    labels = {"firm": {place: f"Firm {place} Ltd" for place in range(18)}}
    firms = pd.DataFrame({"id": range(18), "firm": range(18)})
    pyreadstat.write_dta(firms, str(path), variable_value_labels=labels)
    assert "Ltd" not in drafted(path).text


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [
        ((1, 2), {"1": True, "2": False}),
        ((1, 0), {"1": True, "0": False}),
        (("S", "N"), {"N": False, "S": True}),
        (("예", "아니오"), {"아니오": False, "예": True}),
        (("Yes", "No"), {"No": False, "Yes": True}),
    ],
)
def test_yes_and_no_are_recognised_in_their_usual_codings(tmp_path, cells, meaning):
    lines = "id,ongoing innovation activities\n" + rows(*cells)
    assert dict(book_of(drafted(csv_file(tmp_path, lines))).variables["inna_ongoing"].values) == meaning


def test_bare_numbers_are_not_guessed_into_levels(tmp_path):
    text = drafted(csv_file(tmp_path, "id,enterprise group\n" + rows(1, 2, 3))).text
    assert "# group_type: {column: enterprise group, values: {1: MEANING, 2: MEANING, 3: MEANING}}" in text


def test_a_yes_or_no_is_not_filled_in_where_the_dictionary_counts(tmp_path):
    text = drafted(csv_file(tmp_path, "id,IPR_OUT_PAT\n" + rows(0, 1))).text
    assert "# ip_patent_appl: {column: IPR_OUT_PAT}" in text


def test_cis_names_old_and_new_name_their_variables(tmp_path):
    heads = "id,INPDGD,RRDEX,INNA_ABDN,TUR2020,TUR2018\n"
    cells = "".join(
        f"{place},1,2,1,{900 + place},{800 + place}\n{1000 + place},2,1,2,{70 + place},3\n" for place in range(30)
    )
    found = {
        name: source.columns for name, source in book_of(drafted(csv_file(tmp_path, heads + cells))).variables.items()
    }
    assert found == {
        "firm_id": ("id",),
        "inno_prd_goods": ("INPDGD",),
        "rnd_contracted": ("RRDEX",),
        "inna_abandoned": ("INNA_ABDN",),
        "sales_t": ("TUR2020",),
        "sales_t2": ("TUR2018",),
    }


def test_two_columns_of_one_name_are_left_to_a_person(tmp_path):
    lines = "id,total turnover,turnover total\n" + rows(*(f"{place},{place + 5}" for place in range(30)))
    made = drafted(csv_file(tmp_path, lines))
    assert "sales_t" not in made.standing
    assert made.text.count("# sales_t: {column: ") == 2


def test_boxes_make_one_variable_of_several_levels(tmp_path):
    heads = "id,Cooperation with universities - abroad,Cooperation with universities - national\n"
    source = book_of(drafted(csv_file(tmp_path, heads + rows("1,2", "2,1")))).variables["coop_universities"]
    assert dict(zip(source.column_levels, source.columns, strict=True)) == {
        "abroad": "Cooperation with universities - abroad",
        "domestic": "Cooperation with universities - national",
    }


def test_a_register_s_columns_keep_names_of_their_own(tmp_path):
    lines = "사업자등록번호,Valid from,업종\n" + "".join(
        f"{place},2020-01-0{place % 9 + 1},{place}\n" for place in range(40)
    )
    book = book_of(drafted(csv_file(tmp_path, lines, "register.csv"), table="register"))
    assert {name: source.declared.type for name, source in book.variables.items()} == {
        "firm_id": "string",
        "valid_from": "date",
        "column_3": "int",
    }


def test_one_language_can_be_asked_for_and_an_unknown_one_is_refused():
    assert "예" not in draft.vocabulary_from(VOCABULARY, DICTIONARY, "es").truths
    with pytest.raises(StudyError, match="--language"):
        draft.vocabulary_from(VOCABULARY, DICTIONARY, "fi")


def test_texts_are_compared_without_accents_blanks_and_punctuation():
    assert squeezed("  Número-de ÓRDEN ") == "numerodeorden"
    assert features("시장 최초 상품혁신") == features("시장최초 상품혁신")
    assert features("In-house R&D") & features("rnd inhouse") == {"rnd"}


def stata_file(folder, columns, labels, meanings=None):
    """Return the path of a Stata file of forty firms with labels of columns and codes."""
    import pyreadstat

    path = folder / "survey_2019.dta"
    firms = pd.DataFrame({"id": range(500, 540), **{name: (cells * 40)[:40] for name, cells in columns.items()}})
    pyreadstat.write_dta(firms, str(path), column_labels=["Firm id", *labels], variable_value_labels=meanings or {})
    return path


def test_the_label_of_a_code_tells_its_kind_of_missing_by_its_first_words(tmp_path):
    meanings = {
        1: "Yes", 2: "No", -9: "Don't know (spontaneous)", -8: "Refusal (spontaneous)", -7: "Does not apply: no firm",
    }  # fmt: skip
    path = stata_file(tmp_path, {"h5": [1, 2, 2, -9, -8, -7]}, ["Process innovation"], {"h5": meanings})
    source = book_of(drafted(path)).variables["inno_pcs_production"]
    assert dict(source.values) == {"1": True, "2": False}
    assert {code: source.missing[code] for code in ("-9", "-8", "-7")} == {
        "-9": "dont_know", "-8": "refused", "-7": "not_applicable",
    }  # fmt: skip


def test_the_kind_of_a_code_without_a_label_is_said_to_be_a_guess(tmp_path):
    path = stata_file(tmp_path, {"d2": [*range(1000, 1030), -9, -9, -9, -9, -9, -9]}, ["Total annual sales"])
    assert "the kind of -9 is a guess" in drafted(path).text


def test_yes_and_no_are_shown_of_a_question_that_is_not_known(tmp_path):
    path = stata_file(tmp_path, {"e6": [1, 2]}, ["Licensed technology"], {"e6": {1: "Yes", 2: "No"}})
    assert "# NAME: {column: e6, values: {1: true, 2: false}}" in drafted(path).text


@pytest.mark.parametrize(
    ("label", "variable"),
    [
        ("Total annual sales", "sales_t"),
        ("Three fiscal years ago, total annual sales", "sales_t2"),
        ("Weight, median eligibility assumption", "weight_design"),
        ("Beschäftigte", "employees_t"),
        ("Volume de negócios", "sales_t"),
        ("Numero di addetti", "employees_t"),
        ("Umsatz 2019 in Tsd. Euro", "sales_t"),
    ],
)
def test_amounts_are_known_by_their_years_and_in_several_languages(tmp_path, label, variable):
    path = stata_file(tmp_path, {"x": [place * 7 + 3 for place in range(40)]}, [label])
    assert drafted(path).standing == ("firm_id", variable)


def test_a_short_year_tells_the_last_year_where_no_year_is_written_out(tmp_path):
    heads = "ID,EMP14,EMP12,CO11\n"
    lines = "".join(f"{place},{900 + place},{800 + place},{place % 2}\n" for place in range(100, 140))
    made = drafted(csv_file(tmp_path, heads + lines, name="suf.csv"))
    assert made.standing == ("firm_id", "employees_t", "employees_t2")


def test_a_percentage_that_never_exceeds_one_is_doubted(tmp_path):
    lines = "id,TURNMAR\n" + "".join(f"{place},{place % 30 / 100}\n" for place in range(100, 160))
    assert "then add `multiply: 100`" in drafted(csv_file(tmp_path, lines)).text


@pytest.mark.parametrize(("cells", "meaning"), [(("1", "2"), {"1": 2, "2": 0}), (("1", "0"), {"1": 2, "0": 0})])
def test_a_source_that_is_used_or_not_is_no_degree_of_importance(tmp_path, cells, meaning):
    made = drafted(csv_file(tmp_path, "firm_id,info_internal\n" + rows(*cells)))
    assert dict(book_of(made).variables["info_internal"].values) == meaning
    assert "yes or no, no degrees: taken as 2 and 0" in made.text


def test_three_bare_degrees_stay_as_they_are_and_are_asked_about(tmp_path):
    made = drafted(csv_file(tmp_path, "firm_id,info_internal\n" + rows("1", "2", "3")))
    assert book_of(made).variables["info_internal"].values is None
    assert "is 3 the highest?" in made.text
