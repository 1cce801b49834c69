"""Clean: answers that cannot be, corrected where the repair is evident, blanked where it is not, and all of it written
down.

The story: `spec` reads the declared edits and `units` the factors between units; `edits` says which firms fail one and
carries out its own repair. `normal` puts rules into `clauses`, `system` holds those of a wave together, `eliminate`
frees fields from them; so `contradictions` holds the edits against each other and `localise` finds the wrong fields of
failing records (`records`), as `doubt` weighs them. `trial` tries the edits before there are data. `survey` drops what
is out of scope, has `rounds` apply ranges, edits and skips until nothing changes, and hands over the firms with a
ledger of every change. `conditions` hands the edits on to imputation, which must break none.
"""

from innosurvey.clean.contradictions import fail_if_edits_contradict, redundant_edits
from innosurvey.clean.doubt import parse_localisation
from innosurvey.clean.localise import Localisation
from innosurvey.clean.spec import EditSpec, fail_if_edits_unknown, parse_edits
from innosurvey.clean.survey import Cleaned, clean_survey
from innosurvey.clean.system import read_system
from innosurvey.clean.trial import fail_if_edits_do_not_fit

__all__ = [
    "Cleaned",
    "EditSpec",
    "Localisation",
    "clean_survey",
    "fail_if_edits_contradict",
    "fail_if_edits_do_not_fit",
    "fail_if_edits_unknown",
    "parse_edits",
    "parse_localisation",
    "read_system",
    "redundant_edits",
]
