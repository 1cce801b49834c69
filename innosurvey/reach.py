"""What of the programme a study can feed, wave by wave, and which questions it lacks for the rest.

`coverage` says what can be had anywhere; this adds in which waves, and follows each lack down to the variables of the
questionnaire that are at its root, so that an analyst sees which three questions would bring thirty results. Answered
from codebooks and configuration alone; `innosurvey check` shows it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from innosurvey.claims.spec import parse_claims
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.coverage import Coverage
from innosurvey.derive import DerivedSpec, parse_derived
from innosurvey.dictionary import MADE_BY_THE_PIPELINE, Dictionary
from innosurvey.models.parse import parse_models
from innosurvey.models.parse_curve import parse_curves
from innosurvey.models.plan import missing_variables
from innosurvey.policy.spec import SUCCESS, WHOLE, parse_policy
from innosurvey.regions.feed import ALL
from innosurvey.regions.spec import parse_regions
from innosurvey.study import Study

TITLES = {
    "variable": "canonical variables",
    "derived": "derived variables",
    "cohort": "cohorts",
    "item": "items described",
    "comparison": "comparisons",
    "ranking": "rankings",
    "decomposition": "decompositions",
    "curve": "curves",
    "region": "measures of regions",
    "model": "models",
    "robustness": "robustness questions",
    "claim": "claims",
    "policy": "parts of the policy frame",
}
KINDS = tuple(TITLES)
MOST_WANTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One thing of the programme: the waves that can feed it (none: it cannot be had), the questions it lacks, and why
    it cannot be had where no question is to blame.
    """

    kind: str
    id: str
    waves: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    reason: str = "not asked"


def reach(study: Study, dictionary: Dictionary, covered: Coverage) -> list[Reached]:
    """Return all variables, derived variables, cohorts, items, comparisons, models, robustness questions, claims and
    parts of the policy frame, with the waves that feed each.
    """
    derived = parse_derived(study.programme.get("derived"))
    asked = [name for name in dictionary if name not in MADE_BY_THE_PIPELINE]
    anywhere: frozenset[str] = frozenset().union(*covered.variables.values())
    found = [Reached(kind="variable", id=name, waves=_waves_with([name], covered)) for name in asked]
    found += [_reached("derived", name, [name], _waves_with([name], covered), derived, anywhere) for name in derived]
    cohorts = parse_cohorts(study.programme["cohorts"])
    for name, cohort in cohorts.items():
        waves = tuple(wave for wave, had in covered.variables.items() if not cohort.missing(had))
        found.append(_reached("cohort", name, cohort.missing(anywhere), waves, derived, anywhere))
    found += [*_items(study, covered, derived, anywhere), *_comparisons(study, covered, found, derived, anywhere)]
    found += _regions(study, covered, found, derived, anywhere)
    for model in parse_models(study.programme.get("models"), study.programme.get("model_sets")):
        absent = missing_variables(model, anywhere)
        waves = tuple(wave for wave, had in covered.variables.items() if not missing_variables(model, had))
        possible = any(model.id == spec.id for spec in covered.models)
        waves = waves or tuple(covered.variables) if possible else ()
        found.append(_reached("model", model.id, absent, waves, derived, anywhere))
    found += _questions(study, covered, derived, anywhere)
    return [*found, *_claims(study, covered, found), *_policy(study, covered, found)]


def _questions(
    study: Study, covered: Coverage, derived: Mapping[str, DerivedSpec], anywhere: Collection[str]
) -> Iterable[Reached]:
    """Yield the robustness questions: one that can be asked pools all waves."""
    had = {curve.id: curve for curve in covered.robustness}
    for declared in parse_curves(study.programme.get("robustness"), study.programme.get("model_sets")):
        terms = (*declared.outcomes, *declared.inputs)
        needs = [name for term in terms for name in term.variables]
        waves = tuple(covered.variables) if declared.id in had else ()
        yield _reached("robustness", declared.id, needs, waves, derived, anywhere)


def _items(
    study: Study, covered: Coverage, derived: Mapping[str, DerivedSpec], anywhere: Collection[str]
) -> Iterable[Reached]:
    for name, entry in study.programme["describe"].items():
        used = [str(entry[key]) for key in ("variable", "numerator", "denominator") if key in entry]
        waves = _waves_with(used, covered) if name in covered.items else ()
        yield _reached("item", name, used, waves, derived, anywhere)


def _comparisons(
    study: Study,
    covered: Coverage,
    found: Sequence[Reached],
    derived: Mapping[str, DerivedSpec],
    anywhere: Collection[str],
) -> Iterable[Reached]:
    """Yield comparisons, rankings, decompositions and curves: one has the waves of its cohort, and lacks what its
    cohort, its items or its terms lack.
    """
    known = {(one.kind, one.id): one for one in found}
    items = {one.id: one for one in _items(study, covered, {}, ())}
    for kind, section, had in (
        ("comparison", "compare", covered.comparisons),
        ("ranking", "rank", covered.rankings),
        ("decomposition", "decompose", covered.decompositions),
        ("curve", "curves", covered.curves),
    ):
        for name, entry in (study.programme.get(section) or {}).items():
            cohort = known.get(("cohort", str(entry.get("cohort"))))
            waves = cohort.waves if cohort and name in had else ()
            lacks = cohort.lacks if cohort and not cohort.waves else ()
            if cohort and cohort.waves and not waves:
                single = [entry["item"]] if "item" in entry else []
                wanted = [*entry.get("items", []), *entry.get("outcomes", []), *single]
                along = [entry["by"]] if "by" in entry else []
                of_terms = _roots([*entry.get("terms", []), *along], derived, anywhere)
                lacks = (*dict.fromkeys(lack for item in wanted for lack in items[item].lacks), *of_terms)
            yield Reached(kind=kind, id=name, waves=waves, lacks=tuple(dict.fromkeys(lacks)))


def _regions(
    study: Study,
    covered: Coverage,
    found: Sequence[Reached],
    derived: Mapping[str, DerivedSpec],
    anywhere: Collection[str],
) -> Iterable[Reached]:
    """Yield the measures of regions, and their types: one has the waves that have the regions and what it counts by."""
    spec = parse_regions(study.programme.get("regions"))
    if spec is None:
        return
    cohort = next((one for one in found if (one.kind, one.id) == ("cohort", spec.cohort)), None)
    places = cohort.waves if cohort else ()
    asked = {measure.id: [measure.variable] if measure.variable else [] for measure in spec.measures}
    if spec.types:
        asked["types"] = [name for link in spec.types.links for name in link.variables]
    reasons = {lack.id: lack.reason for lack in covered.lacks if lack.kind == "region"}
    for name, needs in asked.items():
        had = () if name in reasons or not covered.regions else _waves_with(needs, covered) or places
        waves = tuple(wave for wave in had if wave in places)
        one = _reached("region", name, needs, waves, derived, anywhere)
        lacks = (*(cohort.lacks if cohort and not waves else ()), *one.lacks)
        yield replace(one, lacks=lacks, reason=reasons.get(name) or reasons.get(ALL) or one.reason)


def _claims(study: Study, covered: Coverage, found: Sequence[Reached]) -> Iterable[Reached]:
    """Yield the claims: one has the waves that all its parts have, and lacks what they lack."""
    known = {(one.kind, one.id): one for one in found}
    for claim in parse_claims(study.programme.get("claims")):
        parts = [
            known[kind, name]
            for hypothesis in claim.hypotheses
            for kind, name in hypothesis.estimand.key.items()
            if (kind, name) in known
        ]
        possible = claim.id in covered.claims
        waves = tuple(wave for wave in covered.variables if all(wave in part.waves for part in parts if part.waves))
        lacks = tuple(dict.fromkeys(lack for part in parts if not part.waves for lack in part.lacks))
        reason = next((why for key, why in covered.unfed.items() if key.startswith(f"{claim.id}.")), "")
        yield Reached(
            kind="claim",
            id=claim.id,
            waves=waves if possible else (),
            lacks=() if possible else lacks,
            reason=reason,
        )


def _policy(study: Study, covered: Coverage, found: Sequence[Reached]) -> Iterable[Reached]:
    """Yield the parts of the policy frame: one has the waves of its stages and its item, and lacks what they lack."""
    spec = parse_policy(study.programme.get("policy"))
    if spec is None:
        return
    known = {(one.kind, one.id): one for one in found}
    compared = covered.unframed.get(SUCCESS, "")
    for part, item in (*spec.parts(), *spec.associations()):
        needed = [known[key] for key in (("cohort", spec.stage), ("item", item)) if key in known]
        reason = covered.unframed.get(WHOLE) or covered.unframed.get(part, "")
        reason = reason or (compared if (part, item) in spec.associations() else "")
        lacks = tuple(dict.fromkeys(lack for one in needed if not one.waves for lack in one.lacks))
        waves = tuple(wave for wave in covered.variables if all(wave in one.waves for one in needed))
        yield Reached(kind="policy", id=part, waves=() if reason else waves, lacks=lacks, reason=reason)


def _reached(
    kind: str,
    name: str,
    needs: Iterable[str],
    waves: tuple[str, ...],
    derived: Mapping[str, DerivedSpec],
    anywhere: Collection[str],
) -> Reached:
    return Reached(kind=kind, id=name, waves=waves, lacks=() if waves else _roots(needs, derived, anywhere))


def _roots(needs: Iterable[str], derived: Mapping[str, DerivedSpec], anywhere: Collection[str]) -> tuple[str, ...]:
    """Return the questions that are lacking: a derived variable stands for those that it is built from."""
    roots: dict[str, None] = {}
    for name in needs:
        if name in anywhere:
            continue
        below = derived[name].missing(anywhere) if name in derived else []
        roots |= dict.fromkeys(_roots(below, derived, anywhere) if below else [name])
    return tuple(roots)


def _said(name: str) -> str:
    """Return a lack as it is said: what the pipeline makes is no question, but a section of the study file."""
    return f"{name} (harmonise:)" if name in MADE_BY_THE_PIPELINE else name


def _waves_with(names: Iterable[str], covered: Coverage) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(wave for wave, had in covered.variables.items() if wanted <= had)


def summary(found: Sequence[Reached], waves: Sequence[str]) -> list[str]:
    """Return what the study can feed in short: counts by kind and wave, and the questions that are missed most."""
    width = max(len(wave) for wave in waves)
    heads = "".join(f"{wave:>{max(width, 6)}}" if len(waves) <= MOST_WANTED else "" for wave in waves)
    lines = [f"{'What the study can feed':<26}{'':>13}{heads}"]
    for kind in KINDS:
        of_kind = [one for one in found if one.kind == kind]
        if not of_kind:
            continue
        had = sum(bool(one.waves) for one in of_kind)
        by_wave = "".join(f"{sum(wave in one.waves for one in of_kind):>{max(width, 6)}}" for wave in waves)
        lines.append(f"  {TITLES[kind]:<24}{had:>4} of {len(of_kind):<4}  {by_wave if heads else ''}".rstrip())
    return [*lines, *_wanted(found)]


def _wanted(found: Sequence[Reached]) -> list[str]:
    """Return the questions that most things wait for."""
    lacking = [one for one in found if one.kind != "variable" and not one.waves]
    if not lacking:
        return []
    counts = Counter(lack for one in lacking for lack in one.lacks)
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_WANTED]
    lines = ["What most of the rest waits for:"] if most else []
    for name, count in most:
        waiting = Counter(one.kind for one in lacking if name in one.lacks)
        kinds = ", ".join(f"{waiting[kind]} {_plural(kind, waiting[kind])}" for kind in KINDS if waiting[kind])
        lines.append(f"  {_said(name):<29}{count:>4}  {kinds}")
    if len(counts) > MOST_WANTED:
        lines.append(f"  and {len(counts) - MOST_WANTED} more: innosurvey check --coverage")
    return lines


def _plural(kind: str, count: int) -> str:
    if kind == "policy":
        return "of the policy frame"
    return kind if kind == "derived" else f"{kind}s" if count != 1 else kind


def details(found: Sequence[Reached], waves: Sequence[str]) -> list[str]:
    """Return a line for each thing: the waves that feed it, or what it lacks."""
    lines = []
    for one in found:
        if not one.waves:
            said = f"no: needs {', '.join(map(_said, one.lacks))}" if one.lacks else f"no: {one.reason}"
        else:
            said = "all waves" if len(one.waves) == len(waves) else f"only {', '.join(one.waves)}"
        lines.append(f"{one.kind:<11} {one.id:<34} {said}")
    return lines
