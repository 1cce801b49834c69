"""The real Colombian survey, brought in by codebooks and a study file alone.

The facts were worked out on DANE's files by other means: counts are exact, shares are compared at the digits in which
they were stated.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from innosurvey import codebook, study, tables, yamlfile
from innosurvey.cohorts.assign import assign_cohorts
from innosurvey.cohorts.pool import with_bridge
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.compare import ComparisonSpec, compare_groups
from innosurvey.dictionary import Dictionary
from innosurvey.errors import DataError
from innosurvey.harmonise.bridge import Harmonised, harmonise_waves
from innosurvey.harmonise.spec import HarmoniseSpec, parse_harmonise
from innosurvey.ingest import Ingested, ingest_survey
from tests.made_slices import make_item, make_slice

WAVES = ("2009", "2011", "2013", "2015")
INNOVATIONS = ["inno_prd_new_ent", "inno_prd_new_mkt", "inno_pcs_production", "inno_pcs_workorg", "inno_pcs_marketing"]

Lines = list[bytes]


@pytest.fixture(scope="session")
def entry(root: Path) -> Mapping[str, Any]:
    """The study's entry in its file."""
    return yamlfile.read(root / "resources/studies/colombia_edits.yaml").data["studies"]["colombia_edits"]


@pytest.fixture(scope="session")
def codebooks(root: Path, dictionary: Dictionary, entry: Mapping[str, Any]) -> dict[str, codebook.Codebook]:
    """The codebooks by wave."""
    known = dictionary.extended(entry["variables"], "studies.colombia_edits.variables")
    return {
        wave: codebook.from_yaml(yamlfile.read(root / source["codebook"]), known)
        for wave, source in entry["waves"].items()
    }


@pytest.fixture(scope="session")
def raw(shared: Path, entry: Mapping[str, Any]) -> dict[str, Path]:
    """DANE's files by wave."""
    return {wave: shared / "data/colombia_edits" / source["file"] for wave, source in entry["waves"].items()}


@pytest.fixture(scope="session")
def ingested(raw: Mapping[str, Path], codebooks: Mapping[str, codebook.Codebook]) -> dict[str, Ingested]:
    """The four waves as the pipeline reads them."""
    return {wave: ingest_survey(raw[wave], codebooks[wave], wave) for wave in WAVES}


@pytest.fixture(scope="session")
def firms(ingested: Mapping[str, Ingested]) -> dict[str, pd.DataFrame]:
    """The four waves' firms by firm id, with the marks `innovates`, `ongoing`, `abandoned`."""
    tables = {wave: result.table.set_index("firm_id") for wave, result in ingested.items()}
    return {
        wave: table.assign(
            innovates=(table[INNOVATIONS] == True).any(axis=1),  # noqa: E712 - a nullable truth value
            ongoing=table["inna_ongoing"].fillna(False).astype(bool),
            abandoned=table["inna_abandoned"].fillna(False).astype(bool),
        )
        for wave, table in tables.items()
    }


@pytest.fixture(scope="session")
def last(firms: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Wave V."""
    return firms["2015"]


def rounded_share(answers: pd.Series) -> float:
    """Return the share of true answers in percent, as the facts state it."""
    return round(100 * float(answers.mean()), 1)


# -- without the files --


def test_the_four_waves_have_codebooks_that_fit_the_dictionary(codebooks: Mapping[str, codebook.Codebook]) -> None:
    assert tuple(codebooks) == WAVES


def test_what_is_compared_over_time_is_in_every_wave(codebooks: Mapping[str, codebook.Codebook]) -> None:
    everywhere = set.intersection(*(set(book.variables) for book in codebooks.values()))
    assert {*INNOVATIONS, "office_type", "inna_abandoned", "barrier_own_funds", "info_industry_clients"} <= everywhere
    assert {"exp_rnd_in", "support_amount", "employees_t", "partner_universities", "ip_patent_stock"} <= everywhere


def test_the_place_of_a_partner_is_known_in_wave_v_only(codebooks: Mapping[str, codebook.Codebook]) -> None:
    assert [wave for wave in WAVES if "coop_universities" in codebooks[wave].variables] == ["2015"]


def test_every_variable_quotes_its_question_except_constants(codebooks: Mapping[str, codebook.Codebook]) -> None:
    silent = {name for book in codebooks.values() for name, source in book.variables.items() if not source.question}
    assert silent == {"industry_rev"}


# -- rows --


@pytest.mark.real_data
def test_each_wave_has_the_firms_that_it_was_published_with(firms: Mapping[str, pd.DataFrame]) -> None:
    assert [len(firms[wave]) for wave in WAVES] == [3662, 5038, 5848, 8056]


@pytest.mark.real_data
def test_the_row_of_totals_in_wave_v_is_dropped_and_stands_in_the_ledger(ingested: Mapping[str, Ingested]) -> None:
    rows = ingested["2015"].ledger.set_index("rule")["rows"]
    assert rows.to_dict() == {"raw_rows": 8057, "blank_row": 0, "row_without_id": 1, "typed_rows": 8056}


@pytest.mark.real_data
@pytest.mark.parametrize("wave", WAVES)
def test_rows_in_are_rows_kept_and_rows_dropped(ingested: Mapping[str, Ingested], wave: str) -> None:
    rows = ingested[wave].ledger.groupby("action")["rows"].sum()
    assert rows["read"] == rows["kept"] + rows["dropped"]


@pytest.mark.real_data
def test_the_key_leads_from_wave_to_wave(firms: Mapping[str, pd.DataFrame]) -> None:
    ids = [set(firms[wave].index) for wave in WAVES]
    assert len(set.intersection(*ids)) == 162


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("before", "sales_before", "after", "sales_after", "both", "correlation"),
    [
        ("2011", "sales_domestic_t", "2013", "sales_domestic_t", 833, 0.58),
        # wave V asks for two years; its earlier one, 2014, is next to wave IV's 2013
        ("2013", "sales_domestic_t", "2015", "sales_domestic_t1", 3673, 0.83),
    ],
)
def test_the_key_links_the_same_firm_as_its_sales_show(
    firms: Mapping[str, pd.DataFrame],
    before: str,
    sales_before: str,
    after: str,
    sales_after: str,
    both: int,
    correlation: float,
) -> None:
    sales = pd.concat([firms[before][sales_before], firms[after][sales_after]], axis=1, join="inner").set_axis(
        [0, 1], axis=1
    )
    sales = sales[(sales > 0).all(axis=1)]
    assert len(sales) == both
    assert round(float(np.log(sales[0]).corr(np.log(sales[1]))), 2) == correlation


# -- codes --


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("wave", "counts"),
    [
        ("2009", {"innovative": 1985, "not_innovative": 1677}),
        ("2011", {"strict": 18, "broad": 1569, "potential": 248, "not_innovative": 3203}),
        ("2013", {"innovative": 1650, "not_innovative": 4198}),
        ("2015", {"innovative": 2123, "not_innovative": 5933}),
    ],
)
def test_the_four_spellings_of_the_offices_type_become_one_variable(
    firms: Mapping[str, pd.DataFrame], wave: str, counts: Mapping[str, int]
) -> None:
    assert firms[wave]["office_type"].value_counts().loc[lambda found: found > 0].to_dict() == counts


@pytest.mark.real_data
@pytest.mark.parametrize("wave", WAVES)
def test_the_offices_type_is_the_union_of_innovation_ongoing_and_abandoned(
    firms: Mapping[str, pd.DataFrame], wave: str
) -> None:
    wave_firms = firms[wave]
    active = wave_firms["innovates"] | wave_firms["ongoing"] | wave_firms["abandoned"]
    assert ((wave_firms["office_type"] != "not_innovative") == active).all()


@pytest.mark.real_data
def test_industry_is_in_the_third_revision_until_wave_iv_and_in_the_fourth_in_wave_v(
    firms: Mapping[str, pd.DataFrame],
) -> None:
    revisions = {wave: set(firms[wave]["industry_rev"]) for wave in WAVES}
    assert revisions == {"2009": {"3"}, "2011": {"3"}, "2013": {"3"}, "2015": {"4"}}
    assert "602" in set(firms["2009"]["industry"])
    assert "602" not in set(firms["2015"]["industry"])


@pytest.mark.real_data
def test_wave_ii_has_turnover_shares_where_the_later_waves_have_sales(firms: Mapping[str, pd.DataFrame]) -> None:
    assert "sales_t" not in firms["2009"]
    assert firms["2009"]["turn_new_ent_pct"].max() <= 100
    assert all(firms[wave]["sales_t"].notna().all() for wave in WAVES[1:])


@pytest.mark.real_data
def test_money_is_in_millions_although_it_was_asked_in_thousands(last: pd.DataFrame, raw: Mapping[str, Path]) -> None:
    import pyreadr

    cells = next(iter(pyreadr.read_r(str(raw["2015"])).values())).dropna(subset=["nordemp"])
    # the order of a sum of 16,000 floats shows in the last digits
    assert last["sales_t"].sum() == pytest.approx(cells[["I3R2C1", "I3R2C2"]].to_numpy().sum() / 1000, rel=1e-12)


@pytest.mark.real_data
@pytest.mark.parametrize("wave", WAVES[1:])
def test_exports_are_part_of_sales(firms: Mapping[str, pd.DataFrame], wave: str) -> None:
    assert (firms[wave]["exports_t"] <= firms[wave]["sales_t"]).all()


# -- one classification --

FILES = ("resources/reference/crosswalks/ciiu3_ciiu4.csv",)


@pytest.fixture(scope="session")
def harmonise_spec(entry: Mapping[str, Any]) -> HarmoniseSpec:
    """The study's section `harmonise:`."""
    return parse_harmonise(entry["harmonise"], WAVES)


@pytest.fixture(scope="session")
def group_of(root: Path) -> dict[str, str]:
    """The services group of each division of the fourth revision."""
    groups = tables.read_codelist(root / "resources/codelists/ciiu4_services_group.csv")
    return dict(zip(groups["ciiu4"], groups["group"], strict=True))


@pytest.fixture(scope="session")
def harmonised(root: Path, firms: Mapping[str, pd.DataFrame], harmonise_spec: HarmoniseSpec) -> Harmonised:
    """The four waves in the fourth revision, as the study's file says."""
    return harmonise_waves(
        as_waves(firms), harmonise_spec, {file: tables.read_codelist(root / file) for file in FILES}, {}
    )


def as_waves(firms: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {wave: firms[wave][["industry", "industry_rev"]].reset_index() for wave in WAVES}


def panel_groups(bridge: pd.DataFrame, group_of: Mapping[str, str]) -> pd.DataFrame:
    """Return the services groups of the firms by wave."""
    grouped = bridge.assign(group=bridge["industry_harmonised"].map(dict(group_of)))
    return grouped.pivot_table(index="firm_id", columns="wave", values="group", aggfunc="first")


def share_kept(groups: pd.DataFrame) -> float:
    """Return the per cent of the firms of waves IV and V that are in the same group in both."""
    both = groups[["2013", "2015"]].dropna()
    assert len(both) == 3681
    return rounded_share(both["2013"] == both["2015"])


@pytest.mark.real_data
def test_codes_have_two_to_four_digits_and_no_letter(firms: Mapping[str, pd.DataFrame]) -> None:
    lengths = {wave: set(firms[wave]["industry"].str.len()) for wave in WAVES}
    assert lengths == {"2009": {2, 3, 4}, "2011": {2, 3}, "2013": {2, 3}, "2015": {2, 3}}
    assert all(firms[wave]["industry"].str.isdigit().all() for wave in WAVES)


@pytest.mark.real_data
def test_every_firm_of_every_wave_is_in_a_services_group(harmonised: Harmonised, group_of: Mapping[str, str]) -> None:
    groups = harmonised.bridge["industry_harmonised"].map(dict(group_of))
    assert groups.notna().all()
    counts = harmonised.counts.groupby("wave")[["before", "after", "after_split"]].sum()
    assert counts["before"].tolist() == counts["after"].tolist() == [3662, 5038, 5848, 8056]
    assert counts["after_split"].tolist() == pytest.approx([3662, 5038, 5848, 8056], abs=1e-6)  # sums of floats


@pytest.mark.real_data
def test_codes_as_they_stand_agree_for_an_eighth_of_the_firms_and_carried_over_for_nine_in_ten(
    root: Path,
    firms: Mapping[str, pd.DataFrame],
    harmonise_spec: HarmoniseSpec,
    harmonised: Harmonised,
    group_of: Mapping[str, str],
) -> None:
    divisions = pd.concat([firms[wave]["industry"].str[:2] for wave in ("2013", "2015")], axis=1, join="inner")
    same = divisions.set_axis([0, 1], axis=1).eval("`0` == `1`")
    assert (int(same.sum()), rounded_share(same)) == (439, 11.9)  # hotels: 551 and 55
    # a firm's own later code is taken where it is an official target, which would prove nothing: without, too
    (one,) = harmonise_spec.classifications
    alone = replace(harmonise_spec, classifications=(replace(one, own=False),))
    crosswalk_alone = harmonise_waves(
        as_waves(firms), alone, {file: tables.read_codelist(root / file) for file in FILES}, {}
    )
    assert share_kept(panel_groups(crosswalk_alone.bridge, group_of)) == 89.9
    assert share_kept(panel_groups(harmonised.bridge, group_of)) == 92.2


@pytest.mark.real_data
def test_firms_that_keep_no_group_are_other_firms_under_the_same_id(
    firms: Mapping[str, pd.DataFrame], harmonised: Harmonised, group_of: Mapping[str, str]
) -> None:
    groups = panel_groups(harmonised.bridge, group_of)
    both = groups[["2013", "2015"]].dropna()
    sales = pd.concat([firms["2013"]["sales_domestic_t"], firms["2015"]["sales_domestic_t1"]], axis=1, join="inner")
    sales = np.log(sales[(sales > 0).all(axis=1)].set_axis([0, 1], axis=1))
    kept = (both["2013"] == both["2015"]).reindex(sales.index)
    assert (len(sales), int((~kept).sum())) == (3673, 284)
    assert round(float(sales[kept][0].corr(sales[kept][1])), 2) == 0.94
    assert abs(float(sales[~kept][0].corr(sales[~kept][1]))) < 0.1


@pytest.mark.real_data
def test_the_162_firms_of_all_waves_are_in_trade_in_the_last_one_only(
    harmonised: Harmonised, group_of: Mapping[str, str]
) -> None:
    always = panel_groups(harmonised.bridge, group_of).dropna()
    assert len(always) == 162
    assert set(always["2015"]) == {"trade"}
    assert (always["2013"] != "trade").all()


@pytest.mark.real_data
def test_the_pooled_study_has_an_industry_of_one_classification_in_all_waves(
    root: Path, firms: Mapping[str, pd.DataFrame], harmonised: Harmonised
) -> None:
    whole = study.read(*study.BASE, root / "resources/studies/colombia_edits.yaml")
    specs = parse_cohorts({"industry_class": whole.programme["cohorts"]["industry_class"]})
    design = {"stratum_id": "all", "pop_n_stratum": pd.NA, "sample_n_stratum": 1, "weight_design": 1.0}
    waves = {
        wave: table.assign(wave=wave, **design, weight_final=1.0, certainty=False)
        for wave, table in as_waves(firms).items()
    }
    lists = {"ciiu4_services_group": tables.read_codelist(root / "resources/codelists/ciiu4_services_group.csv")}
    cohorts = assign_cohorts(with_bridge(waves, harmonised.bridge), specs, {}, Dictionary([]), lists)
    assert cohorts.memberships.groupby("wave").size().to_dict() == {
        "2009": 3662, "2011": 5038, "2013": 5848, "2015": 8056,
    }  # fmt: skip
    assert (cohorts.firms.groupby("firm_id").size() == 4).sum() == 162


# -- who was asked --


@pytest.mark.real_data
def test_barriers_were_not_asked_of_firms_without_activity_or_intention(last: pd.DataFrame) -> None:
    flags = last["barrier_own_funds_flag"]
    assert (flags == "not_asked").sum() == 5767
    assert last.loc[flags == "not_asked", "barrier_own_funds"].isna().all()
    assert (last["inna_intended_only"] == True).sum() == 166  # noqa: E712 - a nullable truth value


@pytest.mark.real_data
@pytest.mark.parametrize(("wave", "asked"), [("2009", 1985), ("2011", 5038), ("2013", 1777), ("2015", 2289)])
def test_each_wave_asks_other_firms_for_their_barriers(
    firms: Mapping[str, pd.DataFrame], wave: str, asked: int
) -> None:
    assert firms[wave]["barrier_staff_flag"].value_counts()["observed"] == asked


@pytest.mark.real_data
@pytest.mark.parametrize(("wave", "universities"), [("2009", 330), ("2011", 319), ("2013", 223), ("2015", 332)])
def test_universities_as_a_source_are_found_in_the_row_where_each_wave_has_them(
    firms: Mapping[str, pd.DataFrame], wave: str, universities: int
) -> None:
    assert (firms[wave]["info_research_universities"] == 2).sum() == universities


@pytest.mark.real_data
@pytest.mark.parametrize("wave", WAVES)
def test_innovation_spending_is_asked_of_active_firms_only(firms: Mapping[str, pd.DataFrame], wave: str) -> None:
    active = firms[wave]["office_type"] != "not_innovative"
    assert ((firms[wave]["exp_rnd_in_flag"] == "not_asked") == ~active).all()


@pytest.mark.real_data
def test_partners_and_their_places_agree_in_wave_v(last: pd.DataFrame) -> None:
    asked = last[last["coop_universities_flag"] == "observed"]
    assert len(asked) == 2123
    assert ((asked["coop_universities"] != "none") == asked["partner_universities"]).all()


@pytest.mark.real_data
@pytest.mark.parametrize("wave", WAVES)
def test_every_cell_without_a_value_says_why(firms: Mapping[str, pd.DataFrame], wave: str) -> None:
    flags = [name for name in firms[wave].columns if name.endswith("_flag")]
    assert len(flags) > 60
    for flag in flags:
        reported = firms[wave][flag] == "observed"
        assert (firms[wave][flag.removesuffix("_flag")].notna() == reported).all(), flag


# -- what became of the projects (wave V) --


@pytest.fixture(scope="session")
def outcome(last: pd.DataFrame) -> pd.Series:
    """The group of each firm of wave V by its innovations and projects."""
    innovates, ongoing, abandoned = last["innovates"], last["ongoing"], last["abandoned"]
    names = np.select(
        [innovates & ~abandoned, innovates, abandoned, ongoing],
        ["innovator", "innovator_abandoned", "abandoned", "ongoing"],
        default="inactive",
    )
    return pd.Series(names, index=last.index)


@pytest.mark.real_data
def test_the_groups_of_wave_v_have_the_firms_that_were_counted(outcome: pd.Series) -> None:
    counts = {"innovator": 1710, "innovator_abandoned": 121, "ongoing": 220, "abandoned": 72, "inactive": 5933}
    assert outcome.value_counts().to_dict() == counts


@pytest.mark.real_data
def test_between_a_fifth_and_a_quarter_of_the_firms_of_wave_v_innovate(last: pd.DataFrame) -> None:
    assert last["innovates"].sum() == 1831
    assert rounded_share(last["innovates"]) == 22.7


@pytest.mark.real_data
def test_some_failed_firms_have_an_ongoing_project_as_well(last: pd.DataFrame, outcome: pd.Series) -> None:
    assert last.loc[outcome == "abandoned", "ongoing"].sum() == 8


@pytest.mark.real_data
def test_failed_firms_use_universities_less_than_innovators(last: pd.DataFrame, outcome: pd.Series) -> None:
    uses = last["info_research_universities"] == 2
    innovators, failed = uses[outcome == "innovator"], uses[outcome == "abandoned"]
    assert (rounded_share(innovators), failed.sum(), len(failed)) == (15.3, 2, 72)
    table = [[innovators.sum(), (~innovators).sum()], [failed.sum(), (~failed).sum()]]
    assert round(float(fisher_exact(table).pvalue), 3) == 0.002


@pytest.mark.real_data
def test_failed_firms_use_clients_less_than_innovators(last: pd.DataFrame, outcome: pd.Series) -> None:
    uses = last["info_industry_clients"] == 2
    assert [rounded_share(uses[outcome == group]) for group in ("innovator", "abandoned")] == [42.3, 20.8]


@pytest.mark.real_data
def test_failed_firms_use_every_source_outside_the_firm_less(last: pd.DataFrame, outcome: pd.Series) -> None:
    # inside the firm it is nearly all of either group, for they count their directors as a source
    sources = [name for name in last.columns if name.startswith("info_") and not name.endswith(("_flag", "_internal"))]
    uses = (last[sources] == 2).groupby(outcome).mean()
    assert len(sources) == 12
    assert (uses.loc["abandoned"] < uses.loc["innovator"]).all()


@pytest.mark.real_data
def test_own_funds_are_a_high_barrier_for_twice_as_many_failed_firms(last: pd.DataFrame, outcome: pd.Series) -> None:
    high = last["barrier_own_funds"] == 3
    assert [rounded_share(high[outcome == group]) for group in ("innovator", "abandoned")] == [20.9, 41.7]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("item", "shares", "exact"),
    [("universities", (2.8, 15.3), True), ("clients", (20.8, 42.3), False), ("own_funds", (41.7, 20.9), False)],
)
def test_comparing_failed_firms_with_innovators_finds_what_was_counted(
    last: pd.DataFrame, outcome: pd.Series, item: str, shares: tuple[float, float], exact: bool
) -> None:
    answers = {
        "universities": last["info_research_universities"] == 2,
        "clients": last["info_industry_clients"] == 2,
        "own_funds": last["barrier_own_funds"] == 3,
    }
    firms = make_slice(
        firm_id=last.index, group=outcome.to_numpy(), yes=answers[item].fillna(False).astype(float).to_numpy()
    )
    asked = ComparisonSpec(
        id="c", cohort="made", reference="innovator", groups=("abandoned",), items=("yes",), family="f"
    )
    described = [make_item(id="yes", statistic="share", variable="yes", unit="percent")]
    found = compare_groups([asked], described, firms).iloc[0]
    assert (round(found["estimate_group"], 1), round(found["estimate_reference"], 1)) == shares
    assert (found["n_group"], found["n_reference"]) == (72, 1710)
    assert found["p"] < 0.0025
    if exact:  # two firms say yes: Fisher's p, and an odds ratio whose interval agrees with it
        assert round(found["p"], 3) == 0.002
        assert found["log_odds_upper"] < 0


@pytest.mark.real_data
def test_larger_firms_innovate_more_often(last: pd.DataFrame) -> None:
    size = pd.cut(last["employees_t"].astype("float64"), [-1, 9, 49, 249, np.inf])
    shares = last["innovates"].groupby(size, observed=True).apply(rounded_share)
    assert shares.tolist() == [4.8, 10.9, 25.8, 46.2]


@pytest.mark.real_data
def test_the_studys_cohort_rules_give_the_same_groups(root: Path, last: pd.DataFrame, outcome: pd.Series) -> None:
    from innosurvey import expressions

    groups = yamlfile.read(root / "resources/studies/colombia_edits.yaml").data["cohorts"]["project_outcome"]["groups"]
    table = last.assign(
        innovator=last["innovates"].astype("boolean"),
        failed_oslo=(last["abandoned"] & ~last["innovates"]).astype("boolean"),
    )
    for name, group in groups.items():
        assert (expressions.evaluate(group["rule"], table) == (outcome == name)).all(), name


# -- spoiled copies --


@pytest.fixture
def spoil(
    tmp_path: Path, raw: Mapping[str, Path], codebooks: Mapping[str, codebook.Codebook]
) -> Callable[[Callable[[Lines], Lines]], str]:
    """Return a function that changes the lines of a copy of wave II and returns what the pipeline says to it."""

    def message(change: Callable[[Lines], Lines]) -> str:
        copy = tmp_path / raw["2009"].name
        copy.write_bytes(b"\n".join(change(raw["2009"].read_bytes().split(b"\n"))))
        with pytest.raises(DataError) as caught:
            ingest_survey(copy, codebooks["2009"], "2009")
        assert str(copy) in str(caught.value)
        return str(caught.value)

    return message


def with_cell(line: bytes, place: int, cell: bytes) -> bytes:
    """Return the line with another cell at `place`."""
    cells = line.split(b";")
    return b";".join([*cells[:place], cell, *cells[place + 1 :]])


@pytest.mark.real_data
def test_a_renamed_column_is_named_with_the_near_name(spoil: Callable[..., str]) -> None:
    said = spoil(lambda lines: [lines[0].replace(b"VI1R1C2;", b"VI1R1CC2;"), *lines[1:]])
    assert "VI1R1C2. Did you mean VI1R1CC2?" in said
    assert "Correct the codebook's `column:` entries" in said


@pytest.mark.real_data
def test_a_file_that_was_cut_off_names_its_last_row(spoil: Callable[..., str]) -> None:
    said = spoil(lambda lines: [*lines[:1000], lines[1000][:200]])
    assert "row 1001" in said
    assert "cut off" in said
    assert "fetch the file again" in said


@pytest.mark.real_data
def test_an_unknown_code_is_named_with_row_column_and_remedy(spoil: Callable[..., str]) -> None:
    said = spoil(lambda lines: [*lines[:9], with_cell(lines[9], 3, b"7"), *lines[10:]])
    assert "row 10, column I1R1C1: the code 7 has no meaning in the codebook, which knows 1, 2" in said
    assert "add the code to `values:` or `missing:` of inno_prd_new_ent" in said


@pytest.mark.real_data
def test_text_where_a_number_belongs_is_named_by_its_form_only(spoil: Callable[..., str]) -> None:
    header = "VI1R1C2"

    def change(lines: Lines) -> Lines:
        place = lines[0].lstrip(b"\xef\xbb\xbf").rstrip(b"\r").split(b";").index(header.encode())
        return [*lines[:4], with_cell(lines[4], place, b"doce"), *lines[5:]]

    said = spoil(change)
    assert f"row 5, column {header}: text of the form AAAA where a number is expected" in said
    assert "doce" not in said


@pytest.mark.real_data
def test_a_firm_that_stands_twice_is_named_by_its_rows(spoil: Callable[..., str]) -> None:
    said = spoil(lambda lines: [*lines[:6], lines[3], *lines[6:]])
    assert "rows 4, 7, column nordemp: 2 rows share their firm id" in said
    assert "keep one of the rows" in said


@pytest.mark.real_data
def test_a_row_of_totals_in_wave_ii_is_refused_as_its_codebook_foresees_none(spoil: Callable[..., str]) -> None:
    said = spoil(lambda lines: [*lines[:-1], with_cell(lines[-2], 0, b""), b""])
    assert "row 3664, column nordemp: no firm id" in said
    assert "rows_without_id: drop" in said


@pytest.mark.real_data
@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_an_r_file_that_was_cut_off_is_named_as_unreadable(
    tmp_path: Path, raw: Mapping[str, Path], codebooks: Mapping[str, codebook.Codebook], kept: float
) -> None:
    copy = tmp_path / raw["2015"].name
    content = raw["2015"].read_bytes()
    copy.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DataError, match="not a readable R file") as caught:
        ingest_survey(copy, codebooks["2015"], "2015")
    assert str(copy) in str(caught.value)
    assert "fetch it again" in str(caught.value)


@pytest.mark.real_data
def test_another_waves_file_is_refused_by_its_columns(
    tmp_path: Path, raw: Mapping[str, Path], codebooks: Mapping[str, codebook.Codebook]
) -> None:
    with pytest.raises(DataError, match="no object `Estructura_EDIT_SERVICIOS_V_2014_2015`"):
        ingest_survey(raw["2013"], codebooks["2015"], "2015")
