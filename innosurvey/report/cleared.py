"""The cleared tables of a report, those of the run before where they are the same.

A table is read and cleared again only where its file has changed, or one that it is cleared with.
"""

from collections.abc import Mapping
from functools import cache, partial

import pandas as pd

from innosurvey import tables
from innosurvey.fingerprint import file_fingerprint
from innosurvey.kept import Kept
from innosurvey.report.disclosure import Cleared, clear_tables, cleared_with


def read_cleared(paths: Mapping[str, str], minimum_n: int, kept: Kept) -> Cleared:
    """Return the tables of the files (name → path) as `clear_tables` does; `kept` has those of the run before."""
    read = cache(lambda name: tables.read(name, paths[name]))

    def cleared(name: str, group: tuple[str, ...]) -> pd.DataFrame:
        return clear_tables({each: read(each) for each in group}, minimum_n, kept)[name]

    found = Cleared()
    for name in paths:
        group = tuple(each for each in cleared_with(name) if each in paths)
        basis = [minimum_n, *((each, file_fingerprint(paths[each])) for each in group)]
        found[name] = kept.of(partial(cleared, name, group), name, *basis)
    return found
