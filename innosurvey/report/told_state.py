"""What the chapter on the state of firms tells: of which firms, theme by theme, and by which items."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.layout_tables import ALL_WAVES
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number

CERTIFIED = "certified"
EVERYONE = "all"
THEMES = ("economic", "input", "cooperation", "information", "output", "barriers", "support")
BREAKDOWNS = ("industry_group", "technology_class", "size_cis", "stage_age", "zone")
"""By what the firms with certificates are broken down."""

ITEMS = {
    "waves": (
        "rnd_performer", "rd_intensity", "rnd_staff_share", "innovator", "product_innovation", "process_innovation",
        "new_product_share", "patent_applications", "cooperation", "uses_universities", "high_own_funds", "high_staff",
        "support_any", "sales_per_employee", "sales_growth_median", "exporter", "profit_margin",
    ),
    "industries": (
        "rnd_performer", "rd_intensity", "innovator", "product_innovation", "process_innovation", "cooperation",
        "support_any",
    ),
    "regions": (
        "rnd_performer", "innovator", "product_innovation", "cooperates_universities", "uses_clients",
        "uses_universities", "support_any",
    ),
}  # fmt: skip
"""The items of the tables that take some of every theme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme of the chapter: its items, and the comparisons of the chapter's firms on them."""

    name: str
    items: tuple[str, ...]
    compared: tuple[Row, ...]
    by_certificate: bool


def state_cohort(draft: Draft) -> str:
    """Return the cohort that the chapter is about: certified firms, where the study has them."""
    return CERTIFIED if draft.lookup.rows("describe", cohort=CERTIFIED) else EVERYONE


def certificates_held(draft: Draft) -> list[Row]:
    """Return the shares of the certificates among the firms that hold any."""
    rows = draft.lookup.rows("cohorts", cohort="certification", wave=ALL_WAVES)
    return [row for row in rows if row["share"].available]


def has_frame(draft: Draft) -> bool:
    """True when the firms were drawn from a sampling frame whose size is known."""
    sizes = (row["population"] for row in draft.lookup.rows("weights"))
    return any(isinstance(size, Number) and size.available for size in sizes)  # a column without any is text


def state_themes(draft: Draft) -> list[Theme]:
    """Return the themes that the data describe the chapter's firms by."""
    cohort, told = state_cohort(draft), []
    for name in THEMES:
        items = draft.context.items_of(name)
        if draft.lookup.rows("describe", cohort=cohort, wave=ALL_WAVES, item=items):
            certified = draft.lookup.rows("describe", cohort="certification", wave=ALL_WAVES, item=items)
            told.append(
                Theme(
                    name=name,
                    items=items,
                    compared=tuple(draft.lookup.rows("compare", cohort=cohort, wave=ALL_WAVES, item=items)),
                    by_certificate=name == "output" and bool(certified),
                )
            )
    return told


def items_told(draft: Draft, of: str) -> list[str]:
    """Return the items of a table over all themes (`waves`, `industries`, `regions`), those that the data have."""
    return described(draft, ITEMS[of])


def described(draft: Draft, items: Sequence[str]) -> list[str]:
    """Return the items that are described at all."""
    return [item for item in items if draft.lookup.rows("describe", item=item)]


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to know what to tell of the state of firms."""
    return {
        "has_frame": lambda: has_frame(draft),
        "state_cohort": lambda: state_cohort(draft),
        "certificates_held": lambda: certificates_held(draft),
        "state_themes": lambda: state_themes(draft),
        "state_breakdowns": BREAKDOWNS,
        "items_told": lambda of: items_told(draft, of),
    }
