"""The terms of models in words, and which of them a reader is shown.

The models stage names a coefficient as the configuration writes its term: a variable, `log(x)`, `lag(log(x), 2)`, a
level `x[level]`, a product `a:b`, `const`; with the equation before it where there are several (`selection/x`), and
`ame:` or `ame[prediction]:` before an average marginal effect. Levels of control variables (industries, waves) are many
and say little: they are named in a note, not listed.
"""

import re
from collections.abc import Mapping, Sequence

from innosurvey.outside import split_outside
from innosurvey.report.context import ReportContext, in_words, lower_first

MARGINAL = "ame:"
HYPOTHESIS = "hypothesis:"
CONSTANT = "const"
LEVEL = re.compile(r"(\w+)\[(.+)\]")
ANY_LEVEL = re.compile(r"(\w+)\[[^\[\]]+\]")
CALL = re.compile(r"(log1p|log|lag|winsor|mean|predicted)\((.+?)(?:, ([\d.]+))?\)")
PREFIX = re.compile(r"(?:ame(?:\[(?P<prediction>[^\]]+)\])?:)?(?:(?P<equation>\w+)/)?(?P<term>.+)")
EVENT = re.compile(r"att\[t([+-]\d+)\]")
CUT = re.compile(r"cut\[(.+)\|(.+)\]")
ANCILLARY = ("sigma", "rho", "alpha", "lambda", "att", "ate", "mean_untreated")
PRESAMPLE = {"log(presample_mean)": "term_presample", "presample_zero": "term_presample_zero"}


def is_marginal(term: str) -> bool:
    """True for an average marginal effect."""
    return term.startswith((MARGINAL, "ame["))


def parts_of(term: str) -> tuple[str, str, str]:
    """Return the prediction that a marginal effect is of, the equation, and the term without both; empty for none."""
    found = PREFIX.fullmatch(term)
    return (found["prediction"] or "", found["equation"] or "", found["term"]) if found else ("", "", term)


def bare(term: str) -> str:
    """Return a term without equation and without the mark of a marginal effect."""
    return parts_of(term)[2]


def term_words(term: str, context: ReportContext, language: str, words: Mapping[str, str]) -> str:
    """Return a term in words: `log(x)` as the logarithm of its variable's title, a level behind it, a product with its
    sign; the equation is left to the table that it stands in.
    """
    name = bare(term)
    if name in context.terms:
        return context.label("term", name, language)
    if fixed := _fixed_words(name, words):
        return fixed
    factors = split_outside(name, ":")
    if len(factors) > 1:
        return " × ".join(term_words(part, context, language, words) for part in factors)
    if call := CALL.fullmatch(name):
        return _call_words(call, term_words(call[2], context, language, words), words)
    if level := LEVEL.fullmatch(name):
        title = _level_title(level[1], level[2], context, language, words)
        return f"{context.label('variable', level[1], language)}: {title}"
    return _practices(name, context, language, words) or context.label("variable", name, language)


def _fixed_words(name: str, words: Mapping[str, str]) -> str:
    """Return the words of what is no variable: the constant, ancillary parameters, effects, cut points, hypotheses."""
    if name == CONSTANT:
        return words["constant"]
    if name in ANCILLARY:
        return words[f"term_{name}"]
    if name in PRESAMPLE:
        return words[PRESAMPLE[name]]
    if name.startswith(HYPOTHESIS):
        return words["term_hypothesis"].format(name=in_words(name.removeprefix(HYPOTHESIS)).lower())
    if event := EVENT.fullmatch(name):
        return words["term_att_at"].format(when=event[1])
    if cut := CUT.fullmatch(name):
        return words["term_cut"].format(low=in_words(cut[1]), high=in_words(cut[2]))
    return ""


def _level_title(variable: str, level: str, context: ReportContext, language: str, words: Mapping[str, str]) -> str:
    """Return a level as the cohort of the variable's name calls it, else by the fixed words, else its name in words."""
    if level in (context.cohorts.get(variable, {}).get("groups") or {}):
        return context.group_label(variable, level, language)
    return in_words(words.get(f"level_{level}", level))


def _call_words(call: re.Match[str], inside: str, words: Mapping[str, str]) -> str:
    kind = {"log1p": "log"}.get(call[1], call[1])
    said = words["term_lags" if kind == "lag" and call[3] else f"term_{kind}"]
    return said.format(variable=inside if said.startswith("{variable}") else lower_first(inside), periods=call[3])


def _practices(name: str, context: ReportContext, language: str, words: Mapping[str, str]) -> str:
    """Return the words of an exclusive combination of practices (`a_only`, `a_and_b`); empty for what is none."""
    if name in context.variables:
        return ""
    alone = name.removesuffix("_only")
    if alone != name and alone in context.variables:
        return words["term_only"].format(practice=lower_first(context.label("variable", alone, language)))
    practices = name.split("_and_")
    if len(practices) > 1 and all(practice in context.variables for practice in practices):
        first, *others = (context.label("variable", practice, language) for practice in practices)
        return words["term_and"].join([first, *map(lower_first, others)])
    return ""


def equation_words(equation: str, words: Mapping[str, str]) -> str:
    """Return an equation's name in words; a quantile as its per cent."""
    if re.fullmatch(r"q[\d.]+", equation):
        return words["equation_quantile"].format(percent=equation[1:])
    return words.get(f"equation_{equation}", in_words(equation))


def prediction_words(prediction: str, words: Mapping[str, str]) -> str:
    """Return the head of the marginal effects on one prediction."""
    if not prediction:
        return words["marginal_effects"]
    said = words.get(f"prediction_{prediction}", in_words(prediction))
    return words["marginal_of"].format(prediction=said)


def is_shown(term: str, model: str, context: ReportContext) -> bool:
    """True for a term that tables list: all but the levels of a category that the model only controls for."""
    return all(f"C({variable})" in own_regressors(model, context) for variable in level_variables(term))


def on_told_scale(terms: Sequence[str]) -> list[str]:
    """Return of a model's terms those on the scale on which a reader is told them: marginal effects on the first
    prediction where there are any, else those of the model's own equation.
    """
    effects = [term for term in terms if is_marginal(term)]
    first = [term for term in effects if parts_of(term)[0] == parts_of(effects[0])[0]]
    return first or [term for term in terms if not is_marginal(term) and not parts_of(term)[1]]


def level_variables(term: str) -> list[str]:
    """Return the variables whose levels a term names; brackets of effects over time and of cut points are none."""
    name = bare(term)
    return [] if EVENT.fullmatch(name) or CUT.fullmatch(name) else ANY_LEVEL.findall(name)


def is_of_interest(term: str, model: str, context: ReportContext) -> bool:
    """True for a term that the model was made for: a regressor of its own equation or its mean in the firm, a
    combination of practices, an effect of support, a hypothesis; not a control, not the constant, not a parameter
    beside the slopes.
    """
    name, own = bare(term), own_regressors(model, context)
    if name.startswith((HYPOTHESIS, "predicted(")) or name in ("att", "ate"):
        return True
    if name == CONSTANT or name in ANCILLARY or EVENT.fullmatch(name) or not is_shown(term, model, context):
        return False
    practices = tuple(context.models.get(model, {}).get("complementarity") or ())
    if practices:
        return any(practice in name for practice in practices) and name not in context.variables
    if (call := CALL.fullmatch(name)) and call[1] == "mean":  # of a regressor, between firms
        return call[2] in own
    return name in own or (not own and not parts_of(term)[1]) or bool(level_variables(term))


def own_regressors(model: str, context: ReportContext) -> tuple[str, ...]:
    """Return the regressors of a model's specification (endogenous ones too), without its controls; none if it isn't
    known.
    """
    about = context.models.get(model, {})
    return (*about.get("regressors", ()), *about.get("endogenous", ()))


def hidden_controls(terms: Sequence[str], model: str, context: ReportContext) -> list[tuple[str, ...]]:
    """Return the variables whose levels are in a model but not listed; two that are one control by their cells stand
    together.
    """
    hidden = [term for term in terms if not is_shown(term, model, context)]
    return list(dict.fromkeys(tuple(level_variables(term)) for term in hidden))
