import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.wording import (
    group_phrase,
    item_phrase,
    lower_first,
    parts_of,
    shared_words,
    strongest,
    tendency,
    trimmed,
    verdict,
    weakest,
)

from .made_up import MINIMUM_N, made_up_context, made_up_tables


def draft_of(compare: pd.DataFrame | None = None) -> Draft:
    """Return a draft whose items and groups have phrases."""
    about = made_up_context()
    about["items"]["uses_clients"]["phrase"] = {"en": "use clients as a source"}
    about["items"]["uses_suppliers"]["phrase"] = {"en": "use suppliers as a source"}
    about["cohorts"]["outcome_goal"]["groups"]["failure"]["phrase"] = {"en": "failed firms"}
    context = ReportContext.from_mapping(about)
    tables = made_up_tables() if compare is None else {**made_up_tables(), "compare": compare}
    return Draft(lookup=Lookup(tables, context.sources, MINIMUM_N), context=context, language="en", figures={})


def compared(*verdicts: str) -> list:
    """Return comparisons of one cohort with the verdicts given."""
    table = made_up_tables()["compare"].query("cohort == 'outcome_goal' and wave == 'all'").head(len(verdicts)).copy()
    table["difference"] = [-1.0 if name == "lower" else 1.0 for name in verdicts]
    table["p_adjusted"] = [0.5 if name == "unclear" else 0.01 for name in verdicts]
    table["effect_size"] = [0.1 * (place + 1) for place in range(len(verdicts))]
    return draft_of(table).lookup.rows("compare")


def judge(row) -> str:
    return verdict(row, 0.05)


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (["use clients as a source", "use suppliers as a source"], ("use", ["clients", "suppliers"], "as a source")),
        (["use support", "perform R&D"], ("", ["use support", "perform R&D"], "")),
        (["call it", "call it"], ("call", ["it", "it"], "")),
        (["alone it stands"], ("", ["alone it stands"], "")),
    ],
)
def test_what_phrases_share_is_said_once(phrases, expected):
    assert shared_words(phrases) == expected


def test_a_group_is_named_by_its_phrase_else_by_its_title():
    draft = draft_of()
    assert group_phrase(draft, "outcome_goal", "failure") == "failed firms"
    assert group_phrase(draft, "outcome_goal", "success") == "firms of the group “Successful”"


def test_an_item_without_a_phrase_is_named_by_its_title():
    assert item_phrase(draft_of(), "uses_clients") == (True, "use clients as a source")
    assert item_phrase(draft_of(), "product_innovation") == (False, "“Product innovators”")
    assert item_phrase(draft_of(), "sales_per_employee") == (False, "sales per employee")


def test_items_of_a_theme_share_a_part():
    draft = draft_of()
    rows = draft.lookup.rows("compare", cohort="outcome_goal", wave="all", item=["uses_clients", "uses_suppliers"])
    (part,) = parts_of(draft, rows)
    assert (part.before, [words for words, _ in part.pieces], part.after) == (
        "use",
        ["clients", "suppliers"],
        "as a source",
    )


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (("higher", "unclear"), "higher"),
        (("lower", "lower"), "lower"),
        (("higher", "lower"), "mixed"),
        (("unclear", "unclear"), "unclear"),
    ],
)
def test_a_tendency_is_what_all_clear_comparisons_say(verdicts, expected):
    assert tendency(compared(*verdicts), judge) == expected


def test_the_strongest_keep_their_order():
    rows = compared("higher", "higher", "higher")
    assert strongest(rows, 2) == rows[1:]


def test_the_weakest_evidence_is_the_largest_p():
    assert float(weakest(compared("higher", "unclear"))) == 0.5


def test_an_abbreviation_keeps_its_capitals():
    assert lower_first("R&D performer × Public support used") == "R&D performer × public support used"


def test_labels_lose_the_words_that_their_figure_says():
    titles = ["Lack of staff is a barrier", "Lack of funds is a barrier", "Uncertain demand is a barrier"]
    assert trimmed(titles) == ["Lack of staff", "Lack of funds", "Uncertain demand"]
    assert trimmed(titles[:2]) == titles[:2]


def test_a_korean_label_is_a_noun_where_the_verb_is_said_once():
    titles = [f"{noun} 정보원으로 활용하는 기업 비율" for noun in ("고객을", "공급업체를", "대학을")]
    assert trimmed(titles) == ["고객", "공급업체", "대학"]
