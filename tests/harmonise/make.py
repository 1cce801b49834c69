"""Small studies for the tests: a crosswalk with a split, and firms in two revisions."""

import pandas as pd

from innosurvey.harmonise.spec import HarmoniseSpec, parse_harmonise

WALK = "walk.csv"
LINKS = "source,target,weight\n69,76,1\n95,34,0.25\n95,95,0.75\n26,26,1\n"


def crosswalk(text: str = LINKS) -> pd.DataFrame:
    """Return the table of a crosswalk as it is read: all text."""
    head, *rows = [line.split(",") for line in text.strip().split("\n")]
    return pd.DataFrame(rows, columns=head, dtype="str")


def spec(waves: list[str] | None = None, prices: dict | None = None, **changes) -> HarmoniseSpec:
    """Return a study's specs: one classification, revision 9 to 10, with `changes`."""
    industry = {
        "variable": "ksic",
        "revision": "ksic_rev",
        "target": "10",
        "into": "ksic_harmonised",
        "crosswalks": {"9->10": WALK},
        "digits": 2,
        **changes,
    }
    section = {"classifications": {"industry": industry}, **({"prices": prices} if prices else {})}
    return parse_harmonise(section, waves or ["2018", "2020"])


def wave(revision: str, **codes: str | None) -> pd.DataFrame:
    """Return a wave's firms, `id=code`, all in one revision."""
    return pd.DataFrame(
        {
            "firm_id": pd.Series(list(codes), dtype="str"),
            "ksic": pd.Series(list(codes.values()), dtype="str"),
            "ksic_rev": pd.Categorical([revision] * len(codes), categories=["9", "10", "11"]),
        }
    )
