"""The terms of models in words, and which of them a reader is shown.

The models stage names a term as the configuration writes it: a variable, `log(x)`, `log1p(x)`, a level `x[level]`, a
product `a:b`, `const`, and `ame:` before an average marginal effect. Levels of control variables (industries, waves)
are many and say little: they are named in a note, not listed.
"""

import re
from collections.abc import Mapping, Sequence

from innosurvey.report.context import ReportContext, in_words

MARGINAL = "ame:"
CONSTANT = "const"
LEVEL = re.compile(r"(\w+)\[(.+)\]")
CALL = re.compile(r"(log1p|log)\((\w+)\)")


def term_words(term: str, context: ReportContext, language: str, words: Mapping[str, str]) -> str:
    """Return a term in words: `log(x)` as the logarithm of its variable's title, a level behind it, a product with its
    sign.
    """
    bare = term.removeprefix(MARGINAL)
    if bare in context.terms:
        return context.label("term", bare, language)
    if bare == CONSTANT:
        return words["constant"]
    if ":" in bare:
        return " × ".join(term_words(part, context, language, words) for part in bare.split(":"))
    if call := CALL.fullmatch(bare):
        return words["term_log"].format(variable=context.label("variable", call[2], language))
    if level := LEVEL.fullmatch(bare):
        return f"{context.label('variable', level[1], language)}: {in_words(level[2])}"
    return context.label("variable", bare, language)


def is_shown(term: str, model: str, context: ReportContext) -> bool:
    """True for a term that tables list: all but the levels of a category that the model only controls for."""
    levels = [level[1] for part in term.removeprefix(MARGINAL).split(":") if (level := LEVEL.fullmatch(part))]
    return all(f"C({variable})" in own_regressors(model, context) for variable in levels)


def is_of_interest(term: str, model: str, context: ReportContext) -> bool:
    """True for a term that the model was made for: a regressor of its own, not a control, not the constant."""
    bare, own = term.removeprefix(MARGINAL), own_regressors(model, context)
    if bare == CONSTANT or not is_shown(term, model, context):
        return False
    return not own or bare in own or any(LEVEL.fullmatch(part) for part in bare.split(":"))


def own_regressors(model: str, context: ReportContext) -> tuple[str, ...]:
    """Return the regressors of a model's specification (endogenous ones too), without its controls; none if it isn't
    known.
    """
    about = context.models.get(model, {})
    return (*about.get("regressors", ()), *about.get("endogenous", ()))


def hidden_variables(terms: Sequence[str], model: str, context: ReportContext) -> list[str]:
    """Return the variables whose levels are in a model but not listed."""
    hidden = [term.removeprefix(MARGINAL) for term in terms if not is_shown(term, model, context)]
    return list(
        dict.fromkeys(level[1] for term in hidden for part in term.split(":") if (level := LEVEL.fullmatch(part)))
    )
