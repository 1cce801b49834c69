"""Certificates of innovative SMEs: chains of documents with dates, several per firm.

A venture certificate can come early, Inno-Biz and Main-Biz after three years in business. A document runs for two
years (three since 2021) and is followed by the next without a gap, until it lapses. What a firm holds at a date
follows from the dates alone.
"""

import numpy as np
import pandas as pd

TRAITS = {"v": "venture", "i": "innobiz", "m": "mainbiz"}
FIRST_ON_RECORD = 2012
LAST_YEAR = 2022
REFORM = np.datetime64("2021-02-12")
VENTURE_TYPES = {
    False: {"guarantee_loan": 0.72, "rnd": 0.20, "investment": 0.06, "preliminary": 0.02},
    True: {"innovation_growth": 0.56, "rnd": 0.25, "investment": 0.15, "preliminary": 0.04},
}


def issue_certificates(firms: pd.DataFrame, lapse: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per document: firm, certificate, venture_type, valid_from, valid_to (days), sorted by firm,
    certificate, date.
    """
    chains = _first_documents(firms, rng)
    end = np.datetime64(f"{LAST_YEAR}-12-31")
    parts = []
    while len(chains):
        chains["valid_to"] = _last_days(chains["valid_from"])
        parts.append(chains.copy())
        renewed = (rng.random(len(chains)) >= lapse) & (chains["valid_to"].to_numpy() < end)
        chains = chains[renewed].copy()
        chains["valid_from"] = chains["valid_to"] + pd.Timedelta(days=1)
    documents = pd.concat(parts, ignore_index=True)
    documents = documents.sort_values(["firm", "certificate", "valid_from"], kind="stable", ignore_index=True)
    documents["venture_type"] = _venture_types(documents, rng)
    return documents


def _last_days(starts: pd.Series) -> pd.Series:
    """Return the last day of documents by their first."""
    two, three = (starts + pd.DateOffset(years=years) - pd.Timedelta(days=1) for years in (2, 3))
    return three.where(starts >= REFORM, two)


def held_at(certificates: pd.DataFrame, certificate: str, day: str, firms: pd.Index) -> np.ndarray:
    """Return for each firm whether it holds the certificate on that day."""
    date = pd.Timestamp(day)
    valid = certificates[
        (certificates["certificate"] == certificate)
        & (certificates["valid_from"] <= date)
        & (certificates["valid_to"] >= date)
    ]
    return np.isin(firms.to_numpy(), valid["firm"].to_numpy())


def _first_documents(firms: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the first document on record of each chain; chains older than the record start in its first two years."""
    parts = []
    for letter, certificate in TRAITS.items():
        holders = firms.index[firms["traits"].str.contains(letter)]
        founded = firms["founding_year"].loc[holders].to_numpy()
        earliest, latest = (0.1, 1.2) if letter == "v" else (3.0, 4.5)
        granted = founded + earliest + (latest - earliest) * rng.random(len(holders))
        start = np.where(granted < FIRST_ON_RECORD, FIRST_ON_RECORD + 2 * rng.random(len(holders)), granted)
        days = np.floor((start - 1970) * 365.25).astype("int64")
        dates = (np.datetime64("1970-01-01") + days).astype("datetime64[s]")
        parts.append(pd.DataFrame({"firm": holders, "certificate": certificate, "valid_from": dates}))
    chains = pd.concat(parts, ignore_index=True)
    return chains[chains["valid_from"] < pd.Timestamp(f"{LAST_YEAR}-12-31")].copy()


def _venture_types(documents: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return the type of each venture document, by the rules of its day; empty for other certificates."""
    reformed = documents["valid_from"].to_numpy() >= REFORM
    types = np.full(len(documents), "", dtype=object)
    for after, shares in VENTURE_TYPES.items():
        drawn = rng.choice(list(shares), size=len(documents), p=list(shares.values()))
        types = np.where(reformed == after, drawn, types)
    return np.where(documents["certificate"] == "venture", types, "")
