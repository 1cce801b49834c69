"""The little language of rules, derived variables and skips.

A rule such as `any(rnd_inhouse != 'none', rnd_contracted) and employees_t >= 10` is text in a configuration, so it is
read with Python's own parser and then held against a closed list: a few operators, a few functions, names and
constants, nothing that could run. `syntax` knows the form, `offers` what a questionnaire cannot tell; `values`,
`operators`, `functions` and `evaluator` know what the words mean on a table of firms. These are imported only on
`evaluate`: the workflow asks for names at every start and should not pay for pandas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from innosurvey.expressions.offers import Offers
from innosurvey.expressions.syntax import FUNCTIONS, fail_if_unknown_names, missing_names, names_in, parse

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FUNCTIONS", "Offers", "evaluate", "fail_if_unknown_names", "missing_names", "names_in", "parse"]


def evaluate(
    text: str,
    firms: pd.DataFrame,
    where: str = "expression",
    levels: Mapping[str, Sequence[str]] | None = None,
    offers: Offers | None = None,
) -> pd.Series:
    """Return one value per firm, on the firms' index: `boolean`, `float64`, `str` or `datetime64[s]`.

    `levels` gives the levels of variables whose column cannot show them (a multi variable is joined text), so that
    `includes` can refuse a level that does not exist. `offers` gives the answers that a survey's questions can have: a
    test that none of them passes is left out where a missing variable would be. StudyError when a needed variable is
    not among the columns (ask `missing_names` first) or the types do not fit.
    """
    from innosurvey.expressions.evaluator import evaluate_tree  # here, so that asking for names stays light

    return evaluate_tree(parse(text, where), firms, levels or {}, offers or {})
