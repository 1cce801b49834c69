"""Section templates to Markdown: Jinja2 with strict names, numbers only through the traced lookup.

Which files those are is told in `section_files`. A template that names something which is not there, prints a number
without a format or divides a verdict wrongly fails with its file and line. Digits typed into prose are refused.
"""

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import jinja2

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.report import (
    layout_annex,
    layout_certificate,
    layout_changes,
    layout_claims,
    layout_comparisons,
    layout_concepts,
    layout_contrasts,
    layout_diagnostics,
    layout_glossary,
    layout_lacks,
    layout_ledger,
    layout_logs,
    layout_models,
    layout_policy,
    layout_quality,
    layout_reference,
    layout_regions,
    layout_robustness,
    layout_state,
    layout_tables,
    told_certificate,
    told_changes,
    told_claims,
    told_comparisons,
    told_concepts,
    told_context,
    told_contrasts,
    told_models,
    told_policy,
    told_questions,
    told_regions,
    told_robustness,
    told_state,
    told_summary,
)
from innosurvey.report.context import localised
from innosurvey.report.document import Table
from innosurvey.report.draft import Draft, escaped
from innosurvey.report.formats import KINDS, date_in_words, kind_of_unit
from innosurvey.report.kept_templates import KeptTemplates
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number
from innosurvey.report.particles import with_particle
from innosurvey.report.reasons import reason_words
from innosurvey.report.terms import term_words
from innosurvey.report.typed_digits import syntax_error
from innosurvey.report.wording import wording_vocabulary

LIMIT_DECIMALS = 2


def render_section(name: str, templates: Mapping[str, str], draft: Draft) -> str:
    """Return the Markdown of one section; whatever goes wrong in the template is a `StudyError` with file and line."""
    return render_sections([name], templates, draft)[name]


def render_sections(names: Iterable[str], templates: Mapping[str, str], draft: Draft) -> dict[str, str]:
    """Return the Markdown of sections by name, in their order; macros that several import are read once."""
    made = environment(templates, draft)
    return {name: _rendered(name, made, templates, draft) for name in names}


def _rendered(name: str, made: jinja2.Environment, templates: Mapping[str, str], draft: Draft) -> str:
    try:
        return made.get_template(name).render()
    except jinja2.TemplateSyntaxError as error:
        raise syntax_error(error, name) from error
    except jinja2.UndefinedError as error:
        raise StudyError(f"{place_of(error, templates, name)}: {error}{remedy_for(error, draft)}") from error
    except (jinja2.TemplateError, StudyError, TypeError) as error:
        raise StudyError(f"{place_of(error, templates, name)}: {error}") from error


def place_of(error: BaseException, templates: Mapping[str, str], name: str) -> str:
    """Return `file, line n` of the innermost template line that an error came from."""
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in templates]
    return f"{lines[-1].filename}, line {lines[-1].lineno}" if lines else name


def remedy_for(error: jinja2.UndefinedError, draft: Draft) -> str:
    """Return what to do about a name that a template uses and nobody gave: the nearest name, and where all stand."""
    named = re.match(r"'(\w+)' is undefined", str(error))
    near = did_you_mean(named[1], [*vocabulary(draft), *jinja2.defaults.DEFAULT_NAMESPACE]) if named else ""
    return f".{near}\nUse a name that the template sets or imports, or one of docs/howto-new-section.md."


def environment(templates: Mapping[str, str], draft: Draft) -> jinja2.Environment:
    """Return the Jinja environment of a draft: what a section may call, and nothing else."""
    made = jinja2.Environment(  # the output is Markdown, escaped where words go in; HTML is escaped by its renderer
        loader=KeptTemplates(templates, draft.kept),
        undefined=jinja2.StrictUndefined,
        finalize=fail_if_unprintable,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.filters.update({kind: partial(number_filter, draft, kind) for kind in KINDS})
    by_unit = {"by_unit": number_by_unit, "as_difference": difference_by_unit, "as_effect": effect_by_unit}
    made.filters.update({name: partial(written, draft) for name, written in by_unit.items()})
    made.filters["josa"] = with_particle
    made.tests["available"] = lambda cell: isinstance(cell, Number) and cell.available
    made.globals.update(vocabulary(draft))
    return made


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return the names that templates use; docs/howto-new-section.md lists them."""
    lookup, context = draft.lookup, draft.context
    return {
        "value": lookup.value,
        "rows": lookup.rows,
        "has": lambda table, /, **key: bool(lookup.rows(table, **key)),
        **wording_vocabulary(draft),
        **told_comparisons.vocabulary(draft),
        **told_concepts.vocabulary(draft),
        **told_contrasts.vocabulary(draft),
        **told_regions.vocabulary(draft),
        **told_state.vocabulary(draft),
        **told_summary.vocabulary(draft),
        "label": lambda kind, name: escaped(draft.label(kind, name)),
        "group_label": lambda cohort, group: escaped(draft.group_label(cohort, group)),
        "text": lambda words: escaped(localised_text(draft, words)),
        "claim_title": lambda claim: escaped(layout_claims.claim_title(draft, claim)),
        "hypothesis_title": lambda claim, name: escaped(layout_claims.hypothesis_title(draft, claim, name)),
        "policy_title": lambda kind, name: escaped(layout_policy.policy_title(draft, kind, name)),
        "barrier_title": lambda item: escaped(layout_policy.barrier_title(draft, item)),
        "recommendation": lambda name: [*map(escaped, layout_policy.recommendation_words(draft, name))],
        **layout_robustness.vocabulary(draft),
        **told_certificate.vocabulary(draft),
        **told_changes.vocabulary(draft),
        **told_context.vocabulary(draft),
        "action_words": partial(layout_policy.action_words, draft),
        "verdict_words": partial(layout_claims.verdict_words, draft),
        "study": context,
        "language": draft.language,
        "items_of": context.items_of,
        "themes": lambda found: layout_comparisons.item_themes(draft, found),
        "pairs_of": lambda found: len({(row["group"], row["reference"]) for row in found}),
        "ranking": partial(layout_contrasts.ranking_rows, draft),
        "drawn": lambda figure: figure in draft.figures,
        "figure": draft.figure,
        "see": lambda kind, name: f"[{kind}](see:{kind}.{name})",
        "waves": list(context.waves),
        "weighted": draft.weighted,
        "by_size": layout_regions.by_size,
        "types_of": layout_regions.types_of,
        "term": lambda name: escaped(term_words(name, context, draft.language, draft.words)),
        **told_models.vocabulary(draft),
        **told_questions.vocabulary(draft),
        **told_robustness.vocabulary(draft),
        **told_claims.vocabulary(draft),
        **told_policy.vocabulary(draft),
        "reason_words": lambda said: escaped(reason_words(draft, said)),
        "cited": lambda table: escaped(layout_reference.words_of(draft).cited(table)),
        "series_title": lambda table, series: escaped(layout_reference.words_of(draft).series(table, series)),
        "place_title": lambda table, at: escaped(layout_reference.words_of(draft).at(table, at)),
        "date": lambda day: escaped(date_in_words(day, draft.words)),
        "threshold": lambda: number_filter(draft, "count", threshold_of(draft)),
        "limit": lambda: number_filter(draft, "estimate", limit_of(draft), LIMIT_DECIMALS),
        **layouts(draft),
    }


def threshold_of(draft: Draft) -> Number:
    """Return the disclosure threshold as a number with an origin, as every number in prose has one."""
    key = f"study {draft.context.study}"
    minimum = float(draft.context.minimum_n)
    return Number(raw=minimum, table="configuration", column="disclosure.minimum_n", key=key)


def limit_of(draft: Draft) -> Number:
    """Return the p-value below which a difference is called clear, as a number with an origin."""
    return Number(raw=draft.context.alpha, table="configuration", column="alpha", key=f"study {draft.context.study}")


def layouts(draft: Draft) -> dict[str, Callable[..., str]]:
    """Return the table functions of the templates: each places what its layout makes, and prints nothing when there is
    nothing."""
    single: dict[str, Callable[..., Table | None]] = {
        "describe_table": layout_tables.describe_table,
        "group_table": layout_tables.group_table,
        "state_table": layout_state.state_table,
        "waves_table": layout_state.waves_table,
        "comparison_table": layout_comparisons.comparison_table,
        **layout_claims.TABLES,
        "policy_table": layout_policy.policy_table,
        "recommendations_table": layout_policy.recommendations_table,
        "cohort_table": layout_concepts.cohort_table,
        "terms_table": layout_concepts.terms_table,
        "definitions_table": layout_concepts.definitions_table,
        "patterns_table": layout_concepts.patterns_table,
        "overlaps_table": layout_concepts.overlaps_table,
        "also_table": layout_concepts.also_table,
        "ranking_table": layout_contrasts.ranking_table,
        "decomposition_table": layout_contrasts.decomposition_table,
        "availability_table": layout_lacks.availability_table,
        "link_table": layout_annex.link_table,
        "ledger_table": layout_ledger.ledger_table,
        "weights_table": layout_annex.weights_table,
        "quality_table": layout_quality.quality_table,
        "nonresponse_table": layout_quality.nonresponse_table,
        "statements_table": layout_quality.statements_table,
        "weighting_table": layout_quality.weighting_table,
        "calibration_table": layout_quality.calibration_table,
        "screen_table": layout_quality.screen_table,
        "printed_table": layout_reference.printed_table,
        "inconsistencies_table": layout_reference.inconsistencies_table,
        "arithmetic_table": layout_reference.arithmetic_table,
        "ratios_table": layout_reference.ratios_table,
        "corrections_table": layout_reference.corrections_table,
        "regions_table": layout_regions.regions_table,
        "quotients_table": layout_regions.quotients_table,
        "concentration_table": layout_regions.concentration_table,
        "profiles_table": layout_regions.profiles_table,
        **layout_robustness.TABLES,
        **layout_changes.TABLES,
        **layout_certificate.TABLES,
        "glossary_table": layout_glossary.glossary_table,
        **layout_logs.TABLES,
        "fits_table": layout_annex.fits_table,
        "provenance_table": layout_annex.provenance_table,
        "citation_table": layout_annex.citation_table,
    }
    placed = {name: partial(place_table, draft, layout) for name, layout in single.items()}
    return {
        **placed,
        "regression_tables": lambda family: "".join(map(draft.place, layout_models.regression_tables(draft, family))),
        "diagnostic_tables": lambda family: "".join(
            map(draft.place, layout_diagnostics.diagnostic_tables(draft, family))
        ),
    }


def place_table(
    draft: Draft, layout: Callable[..., Table | None], *arguments: Any, title: str = "", **options: Any
) -> str:
    """Return the Markdown that puts a table here, under a title of the template's if it gives one; empty when the table
    has no rows."""
    table = layout(draft, *arguments, **options)
    if table is None:
        return ""
    named = f"{title}: {table.title}" if title else table.title
    return draft.place(
        Table(id=table.id, title=named, columns=table.columns, rows=table.rows, notes=table.notes, source=table.source)
    )


def number_filter(draft: Draft, kind: str, number: Any, decimals: int | None = None) -> str:
    """Return a number as a traced piece of Markdown."""
    if not isinstance(number, Number):
        raise StudyError(
            f"`| {kind}` formats a number of a table, not {type(number).__name__}.\n"
            "Take the number from value(…) or from a row."
        )
    text, trace = draft.lookup.write(number, kind, draft.style, decimals)
    return f"[{escaped(text)}](trace:{trace})"


def number_by_unit(draft: Draft, row: Row, column: str = "estimate") -> str:
    """Return a number of a row as its item's unit has it: a share, money, or a plain number with its unit."""
    unit = draft.unit_of(row["item"], row)
    kind = kind_of_unit(unit)
    if column in ("estimate_group", "estimate_reference"):
        decimals = draft.decimals_of_pair(row)
    else:
        decimals = draft.decimals(row["item"], unit, float(row[column])) if row[column].available else None
    words = draft.unit_words(unit) if kind == "estimate" else ""
    return draft.style.with_unit(number_filter(draft, kind, row[column], decimals), escaped(words))


def difference_by_unit(draft: Draft, row: Row) -> str:
    """Return the difference of a comparison with its sign and unit."""
    unit = draft.unit_of(row["item"], row)
    decimals = draft.decimals_of_pair(row)
    if kind_of_unit(unit) == "share":
        return number_filter(draft, "points", row["difference"], decimals)
    number = number_filter(draft, "signed", row["difference"], decimals)
    return draft.style.with_unit(number, escaped(draft.unit_words(unit)))


def effect_by_unit(draft: Draft, row: Row) -> str:
    """Return the effect of a hypothesis with its sign and unit; a difference among groups by its measure."""
    kind, decimals = layout_claims.effect_format(draft, row)
    number = number_filter(draft, kind, row["effect"], decimals)
    if row["kind"] == "heterogeneity":
        return f"{escaped(draft.label('size', row['unit']))} {number}"
    unit = (
        draft.unit_words(draft.context.unit_of(row["item"]))
        if row["kind"] != "coefficient" and kind == "signed"
        else ""
    )
    return draft.style.with_unit(number, escaped(unit))


def localised_text(draft: Draft, words: Any) -> str:
    """Return a text of the configuration in the draft's language."""
    return localised(words, draft.language)


def fail_if_unprintable(value: Any) -> Any:
    """Return what a template prints; nothing at all, or a bare float, is a `StudyError`."""
    if value is None or isinstance(value, float):
        raise StudyError(f"A template prints {value!r}.\nPrint words, or numbers through a format such as `| share`.")
    return value
