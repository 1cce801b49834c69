"""The terms of a model: the closed vocabulary in which regressors are written.

A term is a variable (`cooperation`), a transform of one (`log(x)`, `log1p(x)`, `winsor(x, 0.01)`, `lag(x)`, `C(x)` for
the levels of a category), also one inside the other (`lag(log(x), 2)`), or the product of two of these (`a:b`). Nothing
else is understood, so that a term can be checked before any data are read, and its coefficient has one name wherever it
is printed: `log(lag(x))` is `lag(log(x))`.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.lags import lag_name
from innosurvey.outside import split_outside

TRANSFORMS = ("log", "log1p", "winsor", "lag", "C")

_NAME = re.compile(r"[^\W\d]\w*")
_CALL = re.compile(r"([^\W\d]\w*)\((.*)\)")
_LONGEST_PRODUCT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One variable: some periods before, then through the steps from the inside out, then as levels."""

    variable: str
    lag: int = 0
    steps: tuple[tuple[str, float | None], ...] = ()
    levels: bool = False

    @property
    def column(self) -> str:
        """The column of the slice that holds the variable, as it was that many periods before."""
        return lag_name(self.variable, self.lag)

    @property
    def name(self) -> str:
        """The factor as a person writes it; the levels of a category are named after its variable alone."""
        text = self.variable
        for step, argument in self.steps:
            text = f"{step}({text})" if argument is None else f"{step}({text}, {argument:g})"
        if self.lag:
            text = f"lag({text})" if self.lag == 1 else f"lag({text}, {self.lag})"
        return text

    @property
    def text(self) -> str:
        """The factor as it stands in the configuration."""
        return f"C({self.name})" if self.levels else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One factor, or the product of two."""

    factors: tuple[Factor, ...]

    @property
    def text(self) -> str:
        """The term as it stands in the configuration."""
        return ":".join(factor.text for factor in self.factors)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that the term needs."""
        return tuple(factor.variable for factor in self.factors)

    @property
    def pairs_categories(self) -> bool:
        """Whether it is the product of two categories."""
        return len(self.factors) == _LONGEST_PRODUCT and all(factor.levels for factor in self.factors)

    def has_cells(self, alone: Collection[Factor]) -> bool:
        """Whether it gives each cell of two categories a level, since neither category stands alone beside it."""
        return self.pairs_categories and not set(self.factors) & set(alone)


def categories_alone(terms: Iterable[Term], effects: Iterable[str] = ()) -> frozenset[Factor]:
    """Return the categories that are terms of their own, or fixed effects."""
    own = {term.factors[0] for term in terms if len(term.factors) == 1 and term.factors[0].levels}
    return frozenset(own | {Factor(variable=name, levels=True) for name in effects})


def fail_if_half_a_pair_stands_alone(terms: Sequence[Term], effects: Sequence[str], where: str) -> None:
    """StudyError for a product of two categories beside one of them: the first level of the other would have no
    coefficient, and nobody would be told.
    """
    alone = categories_alone(terms, effects)
    for term in terms:
        lacking = [factor.text for factor in term.factors if factor not in alone]
        if term.pairs_categories and len(lacking) == 1:
            raise StudyError(
                f"{where}: `{term.text}` stands beside one of its categories, without {lacking[0]}.\n"
                f"Add {lacking[0]}, for how the levels differ from each other; or take both out: `{term.text}` by "
                "itself has a level for each cell."
            )


def parse_term(text: object, where: str) -> Term:
    """Return the term that `text` writes; StudyError at `where` if it is outside the vocabulary."""
    if not isinstance(text, str) or not text.strip():
        raise StudyError(f"{where}: a term must be text like `log(sales_t)`, not {text!r}.")
    parts = split_outside(text, ":")
    if len(parts) > _LONGEST_PRODUCT:
        raise StudyError(f"{where}: `{text}` multiplies {len(parts)} factors; a product has two, as in `a:b`.")
    return Term(factors=tuple(_parse_factor(part, text, where) for part in parts))


def _parse_factor(part: str, text: str, where: str) -> Factor:
    if _NAME.fullmatch(part):
        return Factor(variable=part)
    call = _CALL.fullmatch(part)
    if call is None:
        raise StudyError(
            f"{where}: `{text}` is not a term.\n"
            "A term is a variable, log(x), log1p(x), winsor(x, 0.01), lag(x), lag(x, 2) or C(x) of one, or a product "
            "a:b. Anything else belongs in `derived:`, as a variable with a name of its own."
        )
    transform, inside = call.groups()
    if transform not in TRANSFORMS:
        raise StudyError(
            f"{where}: `{text}` uses the unknown transform {transform}.{did_you_mean(transform, TRANSFORMS)}\n"
            f"Known transforms: {', '.join(TRANSFORMS)}. Anything else belongs in `derived:`."
        )
    inner, *arguments = split_outside(inside, ",")
    factor = _parse_factor(inner, text, where)
    if factor.levels:
        raise StudyError(f"{where}: `{text}` transforms the levels of a category.\nWrite C() on the outside.")
    return _applied(factor, transform, arguments, f"{where}: `{text}`")


def _applied(factor: Factor, transform: str, arguments: Sequence[str], at: str) -> Factor:
    """Return the factor with one more transform; StudyError for an argument that it does not take."""
    if transform == "lag":
        return replace(factor, lag=factor.lag + _periods(arguments, at))
    if transform == "winsor":
        return replace(factor, steps=(*factor.steps, ("winsor", _share(arguments, at))))
    if arguments:
        raise StudyError(f"{at}: {transform}() takes no second argument, but has {', '.join(arguments)}.")
    if transform == "C":
        if factor.steps:
            raise StudyError(f"{at}: C() is for the levels of a category, not for amounts such as {factor.name}.")
        return replace(factor, levels=True)
    return replace(factor, steps=(*factor.steps, (transform, None)))


def _periods(arguments: Sequence[str], at: str) -> int:
    text = ", ".join(arguments) or "1"
    if not text.isdecimal() or int(text) < 1:
        raise StudyError(f"{at}: lag() counts periods back, as in lag(x) or lag(x, 2), not {text}.")
    return int(text)


def _share(arguments: Sequence[str], at: str) -> float:
    text = ", ".join(arguments)
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share < 0.5:
        raise StudyError(f"{at}: winsor() needs the share of a tail, as in winsor(x, 0.01), not {text or 'nothing'}.")
    return share
