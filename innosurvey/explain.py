"""`innosurvey explain MODEL`: one model from its declaration to the places where its numbers are printed.

What is declared comes from the specification, what was found from the tables of the last build, where it is shown from
the report's document and the figures' data. Nothing is estimated here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from innosurvey.models.plan import PlanItem
from innosurvey.models.spec import Equation, ModelSpec

BUILT = ("fits", "coefficients", "waterfall", "diagnostics", "balance")
_CONSTANT = "const"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What the last build left: the tables by name, the documents and the figures' data by their files, and the
    hypotheses of claims.
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    claims: Sequence[tuple[str, Mapping[str, str]]] = ()


def explain(spec: ModelSpec, items: Iterable[PlanItem], built: Built, chosen: tuple[str, str] | None = None) -> str:
    """Return the explanation of a model; `chosen` is the cohort and group whose sample and numbers are shown, the first
    that was estimated when left out.
    """
    planned = [item for item in items if item.spec.id == spec.id]
    tables = {name: _own(built.tables[name], spec.id) for name in BUILT if name in built.tables}
    fits = tables.get("fits", pd.DataFrame())
    parts = [_declared(spec, planned)]
    if fits.empty:
        parts.append(["Not built yet: `make report` estimates it."])
    else:
        parts += [_overview(fits), *_one_fit(tables, chosen or _first(fits))]
    parts.append(_appearances(spec.id, built))
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _own(table: pd.DataFrame, model: str) -> pd.DataFrame:
    return table[table["model"].astype(str) == model]


def _declared(spec: ModelSpec, planned: Sequence[PlanItem]) -> list[str]:
    """Return the specification, with what was left to defaults."""
    texts = [text for language, text in (*spec.question, *spec.title) if language == "en"]
    entries = [
        ("equation", _equation(spec)),
        *((f"  {equation.name}", _further(equation)) for equation in spec.equations),
        ("estimator", f"{spec.estimator} ({spec.kind.engine})"),
        ("settings", ", ".join(f"{name} {_plain(value)}" for name, value in spec.settings.items())),
        ("fixed effects", ", ".join(spec.fixed_effects)),
        ("endogenous", ", ".join(term.text for term in spec.endogenous)),
        ("instruments", ", ".join(term.text for term in spec.instruments)),
        ("offset", "" if spec.offset is None else spec.offset.text),
        ("hypotheses", "; ".join(f"{one.name}: {one.written}" for one in spec.hypotheses)),
        ("sample", spec.sample or "all firms of the group"),
        ("weights", "none" if spec.weights is None else f"{spec.weights.column} ({spec.weights.kind})"),
        ("covariance", f"{spec.covariance.label}, small-sample rule {spec.covariance.small_sample}"),
        ("groups", ", ".join(dict.fromkeys(f"{item.cohort}.{item.group}" for item in planned))),
        ("jobs", ", ".join(dict.fromkeys(item.batch for item in planned))),
    ]
    named = [f"  {name:<14} {text}" for name, text in entries if text]
    return [f"{spec.id}: {texts[0]}" if texts else spec.id, *named]


def _equation(spec: ModelSpec) -> str:
    inside = [term.text for term in (*spec.regressors, *spec.endogenous, *spec.controls)]
    constant = [] if spec.fixed_effects else [_CONSTANT]
    effects = [f"effect of {name}" for name in spec.fixed_effects]
    return f"{spec.outcome.text} ~ {' + '.join([*constant, *inside, *effects])}"


def _further(equation: Equation) -> str:
    outcome = "" if equation.outcome is None else f"{equation.outcome.text} "
    terms = [term.text for term in (*equation.regressors, *equation.controls)]
    return f"{outcome}~ {' + '.join([_CONSTANT, *terms])}"


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _overview(fits: pd.DataFrame) -> list[str]:
    """Return a line for each fit: whether it was estimated, on how many firms, how it converged, and its flags."""
    lines = ["Fits"]
    for fit in fits.to_dict("records"):
        place = f"{fit['cohort']}.{fit['group']}"
        if fit["status"] != "ok":
            lines.append(f"  {place:<28} {fit['status']}")
            continue
        converged = "converged" if fit["converged"] else "did not converge"
        lines.append(
            f"  {place:<28} {fit['n']} rows, {fit['n_firms']} firms; {converged}, gradient {fit['gradient_norm']:.1e}, "
            f"condition {fit['condition_number']:.3g}"
        )
        lines += [f"  {'':<28} flag: {flag}" for flag in _flags(fit["warnings"])]
    return lines


def _flags(warnings: Any) -> list[str]:
    return [] if pd.isna(warnings) else [flag for flag in str(warnings).split("; ") if flag]


def _first(fits: pd.DataFrame) -> tuple[str, str]:
    estimated = fits[fits["status"] == "ok"]
    row = (fits if estimated.empty else estimated).iloc[0]
    return str(row["cohort"]), str(row["group"])


def _one_fit(tables: Mapping[str, pd.DataFrame], chosen: tuple[str, str]) -> list[list[str]]:
    """Return sample, coefficients, tests and balance of one fit, a block each."""
    place = ".".join(chosen)
    own = {
        name: table[(table["cohort"] == chosen[0]) & (table["group"] == chosen[1])].to_dict("records")
        for name, table in tables.items()
    }
    sample = _waterfall(own.get("waterfall", []))
    coefficients = [
        f"  {row['term']:<44} {row['estimate']:>12.5g} ({row['se']:.4g})  [{row['lower']:.4g}; {row['upper']:.4g}]"
        for row in own.get("coefficients", [])
    ]
    tests = [f"  {row['name']:<44} {row['statistic']:>12.5g}{_tail(row)}" for row in own.get("diagnostics", [])]
    balance = [
        f"  {row['covariate']:<44} {row['difference']:>12.3g} → {row['difference_weighted']:.3g}"
        for row in own.get("balance", [])
    ]
    blocks = [
        (f"Sample of {place}", sample),
        (f"Coefficients of {place} (standard error) [interval]", coefficients),
        (f"Tests of {place}", tests),
        (f"Balance of {place}: standardised differences", balance),
    ]
    return [[head, *lines] for head, lines in blocks if lines]


def _waterfall(steps: Sequence[Mapping[Any, Any]]) -> list[str]:
    """Return a line for each step by which rows left, from all rows of the group on."""
    lines, left, idle = [], None, 0
    for step in steps:
        if step["rows"] == left:
            idle += 1
            continue
        left = step["rows"]
        lines.append(f"  {left:>8} rows {step['firms']:>7} firms   {step['reason']}")
    return [*lines, f"  {idle} further conditions took no row out"] if idle else lines


def _tail(row: Mapping[Any, Any]) -> str:
    """Return the distribution, p and note of a test, as far as it has them."""
    parts = [] if pd.isna(row["p"]) else [f"p {row['p']:.4f}"]
    parts += [] if pd.isna(row["df"]) else [f"df {row['df']:g}"]
    parts += [] if pd.isna(row["note"]) or not row["note"] else [str(row["note"])]
    return "".join(f"  {part}" for part in parts)


def _appearances(model: str, built: Built) -> list[str]:
    """Return where the model's numbers are printed: chapters, tables, figures, claims."""
    found = [f"  {file}: {place}" for file, document in built.documents.items() for place in places_in(document, model)]
    found += [
        f"  {file}"
        for file, data in built.figures.items()
        if "model" in data and model in set(data["model"].astype(str))
    ]
    found += [
        f"  claim {claim}, by {', '.join(key.values())}" for claim, key in built.claims if key.get("model") == model
    ]
    return ["Where its numbers appear", *(found or ["  nowhere in the last build"])]


def places_in(document: Mapping[str, Any], model: str) -> list[str]:
    """Return the tables and the chapters' prose whose traced numbers are the model's, in the order of the document."""
    rows = {row["id"] for row in document["trace"] if row["key"].split(",")[0] == f"model {model}"}
    places: list[str] = []
    for section in document["sections"]:
        for block in section["blocks"]:
            if rows & set(_traces(block)):
                chapter = f"chapter {section['number']} {section['title']}".replace("  ", " ")
                is_table = block["is"] == "Table"
                places.append(f"table {block['number']} {block['title']}".replace("  ", " ") if is_table else chapter)
    return list(dict.fromkeys(places))


def _traces(block: Any) -> Iterable[str]:
    if isinstance(block, Mapping):
        if block.get("trace"):
            yield str(block["trace"])
        for part in block.values():
            yield from _traces(part)
    elif isinstance(block, Sequence) and not isinstance(block, str):
        for part in block:
            yield from _traces(part)
