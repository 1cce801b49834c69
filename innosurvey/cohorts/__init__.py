"""Cohorts: who is compared with whom.

The story: `spec` reads the named, versioned rules of the configuration; `assign` derives the study's variables wave by
wave, pools the waves, applies the rules and proves that a partition is one; `slices` cuts out, for each cohort, the
rows and columns that the estimates use, so that what they do not use cannot touch them.
"""

from innosurvey.cohorts.assign import Cohorts, assign_cohorts, groups_of
from innosurvey.cohorts.slices import make_slice
from innosurvey.cohorts.spec import CohortSpec, GroupSpec, parse_cohorts

__all__ = ["CohortSpec", "Cohorts", "GroupSpec", "assign_cohorts", "groups_of", "make_slice", "parse_cohorts"]
