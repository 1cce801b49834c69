"""Published terms against the model's declaration, before anything is read or fitted.

Which levels a category has only the data say; but a variable that stands in no part of the model is misspelt, and that
can be known at once.
"""

import re
from collections.abc import Iterator, Sequence

from innosurvey.certificate.cases import EFFECT, HYPOTHESIS, TEST, CaseColumn
from innosurvey.errors import StudyError, bullets, did_you_mean

_PARAMETERS = (
    "const", "sigma", "rho", "lambda", "alpha", "smearing", "cut", "att", "ate", "mean_untreated", "presample_mean",
    "presample_zero", "mean", "log", "log1p", "winsor", "lag", "C", "predicted", "both", "first", "only", "second",
    "neither",
)  # fmt: skip
"""Words that stand in terms beside variables: parameters of the estimators, steps, combinations."""
_BRACKETED = re.compile(r"\[.*?\]")
_NAME = re.compile(r"[^\W\d]\w*")


def fail_if_terms_are_misspelt(column: CaseColumn, variables: Sequence[str], hypotheses: Sequence[str]) -> None:
    """Raise a StudyError with every published term that names a variable, or a hypothesis, which the model lacks."""
    terms = dict.fromkeys(one.term for one in column.published if one.term and not one.quantity.startswith(TEST))
    lines = [line for term in terms for line in _misspelt(term, variables, hypotheses)]
    if lines:
        raise StudyError(
            f"{column.where}.published: terms that its model does not have:\n{bullets(lines)}\n"
            f"The model's variables: {', '.join(variables)}. Correct the one that is misspelt. "
            "Write terms as the model's table has them: log(x), size[small] of C(size), a:b, ame:x."
        )


def _misspelt(term: str, variables: Sequence[str], hypotheses: Sequence[str]) -> Iterator[str]:
    """Yield a line for each name of the term that is in no part of the model."""
    if term.startswith(HYPOTHESIS):
        known, names = hypotheses, [term.removeprefix(HYPOTHESIS)]
    else:
        known = variables
        plain = _BRACKETED.sub("", term).rpartition("/")[-1].removeprefix(EFFECT)
        names = [name for name in _NAME.findall(plain) if name not in _PARAMETERS]
    for name in names:
        if name not in known:
            yield f"{term}: no {name}.{did_you_mean(name, known)}"
