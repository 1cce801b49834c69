"""The terms of a model: the closed vocabulary in which regressors are written.

A term is a variable (`cooperation`), a transform of one (`log(x)`, `log1p(x)`, `C(x)` for the levels of a category), or
the product of two of these (`a:b`). Nothing else is understood, so that a term can be checked before any data are read,
and its coefficient has one name wherever it is printed.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from innosurvey.errors import StudyError, did_you_mean

Transform = Literal["none", "log", "log1p", "C"]
TRANSFORMS: tuple[str, ...] = tuple(name for name in get_args(Transform) if name != "none")

_NAME = re.compile(r"[^\W\d]\w*")
_CALL = re.compile(r"([^\W\d]\w*)\(\s*([^\W\d]\w*)\s*\)")
_LONGEST_PRODUCT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One variable, as it is or transformed."""

    variable: str
    transform: Transform = "none"

    @property
    def name(self) -> str:
        """The factor as a person writes it; the levels of a category are named after its variable alone."""
        if self.transform in ("none", "C"):
            return self.variable
        return f"{self.transform}({self.variable})"

    @property
    def text(self) -> str:
        """The factor as it stands in the configuration."""
        return f"C({self.variable})" if self.transform == "C" else self.name


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


def parse_term(text: object, where: str) -> Term:
    """Return the term that `text` writes; StudyError at `where` if it is outside the vocabulary."""
    if not isinstance(text, str) or not text.strip():
        raise StudyError(f"{where}: a term must be text like `log(sales_t)`, not {text!r}.")
    parts = [part.strip() for part in text.split(":")]
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
            f"A term is a variable, one of {', '.join(f'{name}(x)' for name in TRANSFORMS)}, or a product a:b. "
            "Anything else belongs in `derived:`, as a variable with a name of its own."
        )
    transform, variable = call.groups()
    if transform not in TRANSFORMS:
        raise StudyError(
            f"{where}: `{text}` uses the unknown transform {transform}.{did_you_mean(transform, TRANSFORMS)}\n"
            f"Known transforms: {', '.join(TRANSFORMS)}. Anything else belongs in `derived:`."
        )
    return Factor(variable=variable, transform=transform)  # type: ignore[arg-type]  # just compared with the vocabulary
