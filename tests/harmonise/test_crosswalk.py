from pathlib import Path

import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.errors import DataError
from innosurvey.harmonise.crosswalk import (
    Crosswalk,
    Panel,
    clean_codes,
    crosswalk_from_panel,
    estimate_weights,
    longest_entry,
    parse_crosswalk,
)
from tests.harmonise.make import crosswalk

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "resources/reference/crosswalks").glob("*.csv"))


def weights(walk: Crosswalk) -> dict[tuple[str, str], float]:
    return {(source, target): round(weight, 4) for source, target, weight in walk.links.itertuples(index=False)}


def panel(**firms: int) -> Panel:
    """Return firms by `source_target`, and as surveyed every target that occurs."""
    pairs = [name[1:].split("_") for name, count in firms.items() for _ in range(count)]
    frame = pd.DataFrame(pairs, columns=["source", "target"], dtype="str")
    return Panel(pairs=frame, surveyed=frozenset(frame["target"]))


def said(text: str) -> str:
    with pytest.raises(DataError) as caught:
        parse_crosswalk(crosswalk(text), "walk.csv")
    return str(caught.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_crosswalk_of_the_project_can_be_used_and_tells_how_sure_it_is(path):
    table = tables.read_codelist(path)
    assert len(parse_crosswalk(table, path.name, digits=2).sources) > 15
    assert (table["status"] != "").all()


@pytest.mark.parametrize(("source", "target"), [("ksic9_ksic10", 77), ("ksic11_ksic10", 77)])
def test_a_korean_crosswalk_reaches_every_division_of_the_tenth_revision(source, target):
    links = tables.read_codelist(ROOT / f"resources/reference/crosswalks/{source}.csv")
    assert links["target"].nunique() == target


def test_letters_points_and_blanks_are_no_part_of_a_code():
    codes = clean_codes(pd.Series(["C26", " 26.1 ", "J 62", "", None, "2611"], dtype="str"))
    assert codes.tolist()[:3] == ["26", "261", "62"]
    assert codes.isna().tolist() == [False, False, False, True, True, False]


def test_a_code_is_matched_by_the_longest_source_that_it_begins_with():
    codes = pd.Series(["6511", "651", "65", "6", None], dtype="str")
    assert longest_entry(codes, ["65", "651"]).fillna("-").tolist() == ["651", "651", "65", "-", "-"]


def test_targets_are_cut_to_the_level_asked_for_and_their_weights_added():
    walk = parse_crosswalk(crosswalk("source,target,weight\n7,620,0.5\n7,621,0.3\n7,631,0.2\n"), "walk.csv", digits=2)
    assert weights(walk) == {("7", "62"): 0.8, ("7", "63"): 0.2}


def test_weights_that_do_not_sum_to_one_are_named_by_their_source():
    assert "  - 95: 0.9" in said("source,target,weight\n95,34,0.2\n95,95,0.7\n26,26,1\n")


def test_a_link_that_stands_twice_and_a_weight_that_is_no_share_are_named_by_their_rows():
    message = said("source,target,weight\n26,26,0.5\n26,26,0.5\n27,27,1.5\n28,28,x\n29,,1\n")
    assert "row 3: the link stands twice" in message
    assert "row 4: the weight is no number from 0 to 1" in message
    assert "row 5: the weight is no number from 0 to 1" in message
    assert "row 6: a source or target is blank" in message


def test_a_file_that_is_no_crosswalk_says_what_it_needs():
    needs = "no column target, weight.\nIt needs source, target, weight; it has source, name."
    assert needs in said("source,name\n26,electronics\n")


def test_shares_of_a_split_are_those_of_the_firms_seen_in_both_revisions():
    walk = parse_crosswalk(crosswalk("source,target,weight\n50,45,0.5\n50,47,0.5\n"), "walk.csv")
    # 30 and 10 of 40 firms; the 12 in 46 are no official target
    estimated = estimate_weights(walk, panel(_50_45=30, _50_47=10, _50_46=12), minimum=10)
    assert weights(estimated) == {("50", "45"): 0.75, ("50", "47"): 0.25}


def test_a_longer_code_counts_for_the_source_that_it_begins_with():
    walk = parse_crosswalk(crosswalk("source,target,weight\n64,53,0.5\n64,61,0.5\n"), "walk.csv")
    assert weights(estimate_weights(walk, panel(_641_53=10, _642_61=30), minimum=10)) == {
        ("64", "53"): 0.25,
        ("64", "61"): 0.75,
    }


def test_a_split_with_too_few_firms_keeps_the_weights_of_the_file():
    walk = parse_crosswalk(crosswalk("source,target,weight\n50,45,0.5\n50,47,0.5\n"), "walk.csv")
    assert weights(estimate_weights(walk, panel(_50_45=9, _50_47=9), minimum=10)) == weights(walk)


def test_a_split_with_a_target_that_was_not_surveyed_keeps_the_weights_of_the_file():
    walk = parse_crosswalk(crosswalk("source,target,weight\n55,55,0.5\n55,56,0.5\n"), "walk.csv")
    assert weights(estimate_weights(walk, panel(_55_55=400), minimum=10)) == weights(walk)


def test_a_target_without_a_share_in_the_file_may_get_one_from_the_firms():
    walk = parse_crosswalk(crosswalk("source,target,weight\n72,62,1\n72,63,0\n"), "walk.csv")
    assert weights(estimate_weights(walk, panel(_72_62=30, _72_63=10), minimum=10)) == {
        ("72", "62"): 0.75,
        ("72", "63"): 0.25,
    }


def test_without_an_official_table_the_firms_alone_make_the_crosswalk():
    walk = crosswalk_from_panel(panel(_50_45=30, _50_47=10, _50_99=9, _51_46=20), minimum=10, name="panel")
    assert weights(walk) == {("50", "45"): 0.75, ("50", "47"): 0.25, ("51", "46"): 1.0}
