import re

import pandas as pd
import pytest

from innosurvey import describe
from innosurvey.errors import DisclosureError, StudyError
from innosurvey.report.build import build_document
from innosurvey.report.clearances import CLEARANCES
from innosurvey.report.disclosure import SUPPRESSED, clear_tables, rests_on_few
from innosurvey.report.document import as_json
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.lookup import Lookup

from .made_up import MINIMUM_N, made_up_context, made_up_tables

SECRET = 98765.4321


def described(n: float) -> pd.DataFrame:
    return pd.DataFrame(
        [("all", "all", "all", "innovator", "share", n, SECRET, 1, 30, 33, 3, 1, "good", "percent", "ok")],
        columns=list(describe.COLUMNS),
    )


@pytest.mark.parametrize(("n", "hidden"), [(9, True), (10, False), (0, True), (float("nan"), True)])
def test_a_row_is_hidden_below_the_threshold_and_when_its_count_is_missing(n: float, hidden: bool):
    row = clear_tables({"describe": described(n)}, 10)["describe"].iloc[0]
    assert row[SUPPRESSED] == hidden
    assert pd.isna(row["estimate"]) == hidden
    assert pd.isna(row["n"]) == hidden


def test_a_comparison_is_hidden_when_either_group_is_small():
    compare = made_up_tables()["compare"].head(1).assign(n_reference=4)
    assert clear_tables({"compare": compare}, 10)["compare"]["difference"].isna().all()


def test_coefficients_are_hidden_with_their_fit():
    tables = made_up_tables()
    small = tables["fits"].assign(n=5)
    assert (
        clear_tables({"fits": small, "coefficients": tables["coefficients"]}, 10)["coefficients"]["estimate"]
        .isna()
        .all()
    )


def test_coefficients_without_a_fit_are_hidden():
    cleared = clear_tables({"coefficients": made_up_tables()["coefficients"]}, 10)
    assert cleared["coefficients"]["estimate"].isna().all()


def test_a_coefficient_that_few_firms_stand_behind_is_hidden():
    tables = made_up_tables()
    tables["fits"]["warnings"] = "an overflow; fewer than 10 firms behind wave[2020], size[large]; 12 clusters"
    cleared = clear_tables({"fits": tables["fits"], "coefficients": tables["coefficients"]}, 10)["coefficients"]
    assert set(cleared.loc[cleared["estimate"].isna(), "term"]) == {"wave[2020]"}


def test_a_product_with_a_thin_level_is_hidden_too():
    assert rests_on_few("ame:cooperation:size[large]", "fewer than 10 firms behind size[large]")
    assert not rests_on_few("cooperation", "fewer than 10 firms behind size[large]")


def test_a_table_without_a_rule_is_refused():
    with pytest.raises(DisclosureError, match="microdata has no clearance rule"):
        clear_tables({"microdata": described(50)}, 10)


def test_a_number_without_a_rule_is_refused():
    with pytest.raises(DisclosureError, match="no clearance rule covers: minimum"):
        clear_tables({"describe": described(50).assign(minimum=1.0)}, 10)


def test_a_table_that_lacks_its_count_is_refused():
    with pytest.raises(DisclosureError, match="lacks n"):
        clear_tables({"describe": described(50).drop(columns="n")}, 10)


def test_every_table_of_the_contract_has_a_rule():
    assert set(made_up_tables()) <= set(CLEARANCES)


def test_a_threshold_of_nobody_is_refused():
    with pytest.raises(StudyError, match="at least 3"):
        draw_figures({}, made_up_context(disclosure={"minimum_n": 1}))


def test_a_suppressed_number_is_a_mark_with_no_value_in_the_trace():
    number = Lookup({"describe": described(9)}, {}, 10).value("describe", "estimate", item="innovator")
    assert number.suppressed
    assert number.raw is None


def test_suppressed_numbers_reach_neither_document_nor_figures(templates: dict[str, str]):
    tables = made_up_tables()
    small = (tables["describe"]["cohort"] == "size_cis") & (tables["describe"]["group"] == "large")
    tables["describe"].loc[small, ["estimate", "se", "lower", "upper"]] = SECRET
    figures = draw_figures(tables, made_up_context(), "en")
    text = as_json(build_document(tables, figures, made_up_context(), templates)) + "".join(
        content.decode() for name, content in figures.items() if name.endswith((".csv", ".json"))
    )
    assert (tables["describe"].loc[small, "n"] < MINIMUM_N).all()
    assert "[c]" in text
    assert not {"98765", "98,765"} & set(re.findall(r"(?<!\d)98,?765(?!\d)", text))


def counted(**counts: int) -> pd.DataFrame:
    """Return the cohorts table of one partition with these groups."""
    rows = [("size", "Size", "", 1, "", group, "all", n, float(n), 1.0) for group, n in counts.items()]
    return pd.DataFrame(
        rows, columns=["cohort", "title", "variant", "version", "rule", "group", "wave", "n", "weighted_n", "share"]
    )


def hidden(table: pd.DataFrame) -> list[str]:
    cleared = clear_tables({"cohorts": table}, 10)["cohorts"]
    return list(cleared.loc[cleared["n"].isna(), "group"])


def test_a_single_hidden_count_takes_the_smallest_other_with_it():
    assert hidden(counted(micro=500, small=40, medium=300, large=4)) == ["small", "large"]


def test_two_hidden_counts_protect_one_another():
    assert hidden(counted(micro=500, small=40, medium=7, large=4)) == ["medium", "large"]


def test_an_empty_group_needs_no_protection():
    assert hidden(counted(micro=500, small=40, large=0)) == ["large"]


def test_firms_in_no_group_are_no_part_of_the_whole():
    assert hidden(counted(micro=500, small=40, unassigned=3)) == ["unassigned"]
