"""Groups against groups, items against items: tests, effects, adjusted differences, decompositions.

`spec` reads what is asked for, `material` holds one completed survey, and each table has its module: `groups` (a group
against its reference), `omnibus` (do the groups differ at all), `ranks` (items among the same firms), `adjusted` (at an
equal composition), `decompose` (what a gap is made of). `plan` makes them all, `families` adjusts their p-values.
"""

from innosurvey.compare.families import FAMILIES, adjust_families, benjamini_hochberg
from innosurvey.compare.groups import COLUMNS, compare_groups
from innosurvey.compare.plan import Plan, compare_all, parse_plan
from innosurvey.compare.spec import ComparisonSpec, parse_comparisons, parse_decompositions, parse_rankings

__all__ = [
    "COLUMNS",
    "FAMILIES",
    "ComparisonSpec",
    "Plan",
    "adjust_families",
    "benjamini_hochberg",
    "compare_all",
    "compare_groups",
    "parse_comparisons",
    "parse_decompositions",
    "parse_plan",
    "parse_rankings",
]
