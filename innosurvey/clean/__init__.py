"""Clean: answers that cannot be, corrected where the repair is evident, blanked where it is not, and all of it written
down.

The story: `spec` reads the declared edits; `edits` says which firms fail one and repairs them; `survey` drops what is
out of scope, applies ranges, edits and skips until nothing changes, and hands over the firms with a ledger of every
change. `conditions` hands the edits on to imputation, which must break none.
"""

from innosurvey.clean.spec import EditSpec, parse_edits
from innosurvey.clean.survey import Cleaned, clean_survey

__all__ = ["Cleaned", "EditSpec", "clean_survey", "parse_edits"]
