"""The ledger of claims as tables: the verdicts, and each hypothesis with the checks beside its main estimate."""

from collections.abc import Sequence

from innosurvey.groupings import EVERYONE
from innosurvey.report.context import localised
from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.formats import kind_of_unit
from innosurvey.report.layout_tables import interval_runs, notes, ordered, subtitle
from innosurvey.report.lookup import Row

MAIN = "main"
NOT_ESTIMABLE = "not estimable"
COEFFICIENT_DECIMALS = 3
SIZE_DECIMALS = 2


def claim_title(draft: Draft, claim: str) -> str:
    """Return a claim in a sentence."""
    return localised(draft.context.claims.get(claim, {}).get("title"), draft.language) or claim


def hypothesis_title(draft: Draft, claim: str, hypothesis: str) -> str:
    """Return a hypothesis of a claim in words."""
    titles = draft.context.claims.get(claim, {}).get("hypotheses") or {}
    return localised(titles.get(hypothesis), draft.language) or hypothesis


def verdict_words(draft: Draft, row: Row) -> str:
    """Return the verdict on a claim or a hypothesis in words."""
    return draft.words[f"verdict_{row['verdict'].replace(' ', '_')}"]


def effect_format(draft: Draft, row: Row) -> tuple[str, int]:
    """Return how the effect of a hypothesis is written: the kind of number and its decimals."""
    if row["kind"] == "coefficient":
        return "signed", COEFFICIENT_DECIMALS
    if row["kind"] == "heterogeneity":
        return "estimate", SIZE_DECIMALS
    unit = draft.context.unit_of(row["item"])
    decimals = draft.decimals(row["item"], unit, float(row["effect"])) if row["effect"].available else 1
    return ("points" if kind_of_unit(unit) == "share" else "signed"), decimals


def claims_table(draft: Draft) -> Table | None:
    """Return one row per claim: its verdict, how many hypotheses hold, the adjusted p, and how many checks agree."""
    found = draft.lookup.rows("claims")
    if not found:
        return None
    words = draft.words
    heads = ("claim", "verdict", "hypotheses_held", "p_adjusted", "checks_agree")
    return Table(
        id="claims",
        title=words["title_claims"],
        columns=tuple(
            Column(title=words[head], align="left" if place < 2 else "right") for place, head in enumerate(heads)
        ),
        rows=tuple(claim_row(draft, row) for row in found),
        notes=(words["note_claims" if draft.weighted else "note_claims_unweighted"], *notes(draft, judged(found))),
        source=draft.source(("claims",)),
    )


def claim_row(draft: Draft, row: Row) -> TableRow:
    """Return the row of one claim."""
    return TableRow(
        cells=(
            text_cell(f"{row['claim']}  {claim_title(draft, row['claim'])}"),
            text_cell(verdict_words(draft, row)),
            of_cell(draft, row, "supported", "hypotheses"),
            evidence_cell(draft, row, "p_adjusted"),
            of_cell(draft, row, "checks_agree", "checks") if row["checks"] > 0 else text_cell(""),
        )
    )


def evidence_cell(draft: Draft, row: Row, column: str) -> Cell:
    """Return a p-value; nothing where the data lack what the verdict takes, which is no secret."""
    return text_cell("") if row["verdict"] == NOT_ESTIMABLE else draft.cell(row[column], "p_bare")


def judged(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with a verdict on numbers."""
    return [row for row in rows if row["verdict"] != NOT_ESTIMABLE]


def of_cell(draft: Draft, row: Row, part: str, whole: str) -> Cell:
    """Return `k of n` as a cell, sortable by k."""
    runs = (draft.run(row[part], "count"), Run(text=draft.words["part_of"]), draft.run(row[whole], "count"))
    return Cell(runs=runs, order=f"{float(row[part]):g}")


def hypotheses_table(draft: Draft) -> Table | None:
    """Return the hypotheses of all claims by their main estimates: effect with interval, adjusted p, verdict."""
    found = draft.lookup.rows("hypotheses", check=MAIN)
    return effects_table(draft, "hypotheses", found, "p_adjusted") if found else None


def checks_table(draft: Draft) -> Table | None:
    """Return every hypothesis with its main estimate and each check: other definitions, single waves, no weights."""
    found = [row for row in draft.lookup.rows("hypotheses") if row["check"] == MAIN or row["verdict"] != NOT_ESTIMABLE]
    beside = {(row["claim"], row["hypothesis"]) for row in found if row["check"] != MAIN}
    shown = [row for row in found if (row["claim"], row["hypothesis"]) in beside]
    return effects_table(draft, "checks", shown, "p") if shown else None


def effects_table(draft: Draft, name: str, found: Sequence[Row], evidence: str) -> Table:
    """Return effects claim by claim; where each hypothesis has several rows they are titled by their checks."""
    words = draft.words
    by_check = name == "checks"
    rows: list[TableRow] = []
    for claim in ordered(row["claim"] for row in found):
        rows.append(subtitle(f"{claim}  {claim_title(draft, claim)}"))
        rows.extend(effect_row(draft, row, evidence, by_check) for row in found if row["claim"] == claim)
    heads = ("hypothesis", *(() if by_check else ("effect_asked",)), "effect", evidence, "verdict")
    return Table(
        id=name,
        title=words[f"title_{name}"],
        columns=tuple(
            Column(title=words[head], align="left" if head in ("hypothesis", "verdict") else "right") for head in heads
        ),
        rows=tuple(rows),
        notes=(words[f"note_{name}"], *notes(draft, judged(found))),
        source=draft.source(("hypotheses",)),
    )


def effect_row(draft: Draft, row: Row, evidence: str, by_check: bool) -> TableRow:
    """Return one estimate of a hypothesis as a row."""
    title = hypothesis_title(draft, row["claim"], row["hypothesis"])
    check = f" – {check_words(draft, row)}" if by_check else ""
    return TableRow(
        cells=(
            text_cell(f"{title}{check}"),
            *(() if by_check else (least_cell(draft, row),)),
            effect_cell(draft, row),
            evidence_cell(draft, row, evidence),
            text_cell(verdict_words(draft, row)),
        )
    )


def least_cell(draft: Draft, row: Row) -> Cell:
    """Return which effect a hypothesis asks for: its sign, and the smallest that matters."""
    _, decimals = effect_format(draft, row)
    words = draft.words[f"effect_asked_{row['sign']}"]
    return Cell(runs=(Run(text=words), draft.run(row["matters"], "estimate", decimals)))


def check_words(draft: Draft, row: Row) -> str:
    """Return the name of a check: its own words, the wave, or the definition of the groups that a variant takes."""
    if row["check"].startswith("wave "):
        return draft.label("wave", row["wave"])
    if words := draft.words.get(f"check_{row['check']}"):
        return words
    if row["kind"] != "coefficient":
        return draft.label("cohort", row["cohort"])
    if row["cohort"] == EVERYONE:
        return draft.label("model", row["model"])
    return f"{draft.label('cohort', row['cohort'])}, {draft.group_label(row['cohort'], row['group'])}"


def effect_cell(draft: Draft, row: Row) -> Cell:
    """Return an effect with its interval on a second line; a mark where there is none."""
    kind, decimals = effect_format(draft, row)
    if row["verdict"] == NOT_ESTIMABLE:
        return text_cell("")
    if not row["effect"].available:
        return draft.cell(row["effect"], kind, decimals)
    runs = (draft.run(row["effect"], kind, decimals), *interval_runs(draft, row, decimals, line=1))
    return Cell(runs=runs, order=f"{float(row['effect']):.10g}")


TABLES = {"claims_table": claims_table, "hypotheses_table": hypotheses_table, "checks_table": checks_table}
"""What templates call, by name."""
