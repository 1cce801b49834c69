"""The registers that are linked to the survey: certificates, financial statements, support programmes, patents, and
the frame.

Programmes and applications are dated so that each falls into the reference period of one wave only (the periods share
their first and last years). Financial statements repeat the truth with a small noise and cover most firms. Each
register but the frame is an extract: the firms that answered at least once, since the first surveyed window;
statements cover the three years of each wave that a firm answered.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from innosurvey.synthetic.errors_injected import wrong_check_digits
from innosurvey.synthetic.innovation import Innovation
from innosurvey.synthetic.population import Population
from innosurvey.synthetic.truth import Streams, Truth

OWN_YEARS = {1: (2016, 2017), 2: (2019, 2019), 3: (2021, 2022)}
"""First and last year of each window that no other window holds."""
FIELDS = {
    "rnd_grant": "technology",
    "loan_guarantee": "financing",
    "equity": "financing",
    "procurement": "marketing",
    "export": "marketing",
    "consulting_mot": "management",
    "manpower": "human_resources",
    "training": "human_resources",
}
PROGRAMMES = {
    "rnd_grant": "기술혁신개발사업",
    "loan_guarantee": "정책자금 융자·보증",
    "equity": "모태펀드 연계투자",
    "procurement": "공공구매 지원사업",
    "export": "수출바우처사업",
    "consulting_mot": "기술경영 컨설팅",
    "manpower": "연구인력 지원사업",
    "training": "재직자 교육훈련",
    "incubation": "창업보육센터 입주지원",
}
RIGHTS = {"patents": "patent", "utility": "utility_model"}
EXTRACT_SINCE = pd.Timestamp("2018-12-31")
"""Certificates that ended before are not in the extract."""


def make_registers(
    frame: pd.DataFrame, population: Population, innovation: Innovation, truth: Truth, streams: Streams
) -> dict[str, pd.DataFrame]:
    """Return the registers by name, in canonical values; `firm_id` is the ten digits."""
    answers = frame[frame["response_status"].isin(["complete", "partial"])]
    extracted = frame[frame["firm"].isin(answers["firm"])]
    ids = population.firms["firm_id"]
    documents = population.certificates
    documents = documents[documents["firm"].isin(answers["firm"]) & (documents["valid_to"] >= EXTRACT_SINCE)]
    registers = {
        "certificates": documents[["firm", "certificate", "venture_type", "valid_from", "valid_to"]],
        "financials": _statements(answers, population, innovation, truth, streams("statements")),
        "programmes": _programmes(extracted, streams("programmes")),
        "patents": _rights(extracted, streams("dates of rights")),
        "frame": frame[
            ["firm", "year", "ksic", "size_class", "employees", "gu", "stratum_id", "sampled", "response_status"]
        ],
    }
    return {name: _keyed(table, ids) for name, table in registers.items()}


def covered_firms(firms: np.ndarray, truth: Truth, rng: np.random.Generator) -> np.ndarray:
    """Return the firms whose statements the financial register holds."""
    return firms[rng.random(int(firms.max()) + 1)[firms] < truth["outputs"]["registers"]["financial_coverage"]]


def _keyed(table: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    keyed = table.drop(columns="firm").replace({"": None})
    keyed.insert(0, "firm_id", ids.loc[table["firm"]].to_numpy())
    return keyed.reset_index(drop=True)


def _statements(
    answers: pd.DataFrame, population: Population, innovation: Innovation, truth: Truth, rng: np.random.Generator
) -> pd.DataFrame:
    """Return firm × year statements in million KRW; the accounts of a year without a window are those of the next,
    scaled by sales.
    """
    firms = covered_firms(np.unique(answers["firm"]), truth, rng)
    wanted = {
        (firm, year - back) for firm, year in zip(answers["firm"], answers["year"], strict=True) for back in range(3)
    }
    panel = innovation.panel.set_index(["firm", "year"])
    parts = []
    for year in innovation.sales.columns:
        window_year = year + year % 2
        ratios = panel.xs(window_year, level="year").reindex(firms)
        sales = innovation.sales[year].loc[firms].to_numpy()
        noise = np.exp(truth["outputs"]["registers"]["sales_noise"] * rng.standard_normal(len(firms)))
        part = pd.DataFrame({"firm": firms, "fiscal_year": year, "sales": sales * noise})
        for name in ("total_assets", "operating_profit", "tangible_assets", "value_added"):
            scale = 1.0 if name == "tangible_assets" else sales / ratios["sales"].to_numpy()
            part[name] = ratios[name].to_numpy() * scale
        part["employees"] = population.employees[year].loc[firms].to_numpy()
        asked_for = [(firm, year) in wanted for firm in firms]
        parts.append(part[asked_for & part[["sales", "total_assets"]].notna().all(axis=1).to_numpy()])
    return pd.concat(parts, ignore_index=True).sort_values(["firm", "fiscal_year"], kind="stable", ignore_index=True)


def _programmes(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per support that a firm used: the programme, its field and level, when and how much (million
    KRW).
    """
    parts = []
    for form, field in FIELDS.items():
        for level in ("central", "local"):
            parts.append(_granted(frame[frame[f"support_{form}"].isin([level, "both"])], form, field, level, rng))
    nursed = frame[(frame["age"] <= 3) & (rng.random(len(frame)) < 0.25)]
    parts.append(_granted(nursed, "incubation", "incubation", "local", rng))
    events = pd.concat(parts, ignore_index=True)
    grants = events["programme"] == PROGRAMMES["rnd_grant"]
    whole = events["grant"] / events.groupby(["firm", "window", "programme"])["firm"].transform("size")
    events["amount"] = np.where(grants, whole, events["amount"]).round().clip(min=1)
    events = events.sort_values(["firm", "start_date", "programme"], kind="stable", ignore_index=True)
    return events.drop(columns=["window", "grant"])


def _granted(rows: pd.DataFrame, form: str, field: str, level: str, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "firm": rows["firm"].to_numpy(),
            "window": rows["window"].to_numpy(),
            "grant": rows["support_amount"].to_numpy(),
            "programme": PROGRAMMES[form],
            "field": field,
            "level": level,
            "start_date": _days(rows["window"].to_numpy(), rng),
            "amount": 40.0 * np.exp(0.7 * rng.standard_normal(len(rows))),
        }
    )


def _rights(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per application."""
    parts = []
    for column, kind in RIGHTS.items():
        rows = frame.loc[np.repeat(frame.index.to_numpy(), frame[column].to_numpy())]
        dates = _days(rows["window"].to_numpy(), rng)
        parts.append(pd.DataFrame({"firm": rows["firm"].to_numpy(), "application_date": dates, "kind": kind}))
    rights = pd.concat(parts, ignore_index=True)
    return rights.sort_values(["firm", "application_date", "kind"], kind="stable", ignore_index=True)


def _days(windows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a day for each window, in the years that only this window holds."""
    first = {window: np.datetime64(f"{years[0]}-01-01") for window, years in OWN_YEARS.items()}
    length = {
        window: int((np.datetime64(f"{years[1] + 1}-01-01") - first[window]).astype(int))
        for window, years in OWN_YEARS.items()
    }
    start = np.array([first[window] for window in windows], dtype="datetime64[D]")
    offset = np.floor(rng.random(len(windows)) * np.array([length[window] for window in windows], dtype=float)).astype(
        "int64"
    )
    return (start + offset).astype("datetime64[s]")


def falsify_keys(
    registers: Mapping[str, pd.DataFrame], names: tuple[str, ...], share: float, streams: Streams
) -> tuple[dict[str, pd.DataFrame], dict[str, list[int]]]:
    """Return the registers with some wrong check digits, and the rows (0, 1, …) that hold one, by register."""
    falsified, rows = dict(registers), {}
    for name in names:
        keys, rows[name] = wrong_check_digits(registers[name]["firm_id"], share, streams(f"check digits of {name}"))
        falsified[name] = registers[name].assign(firm_id=keys)
    return falsified, rows
