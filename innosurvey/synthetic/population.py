"""The firms: who they are, where, how old and how large, before anything is said about innovation.

A stock of firms stands at the first surveyed wave; at each later wave a tenth is new and as many have closed. `firms`
holds what stays (one row per firm), `panel` what moves (one row per firm and window). Registration numbers begin with
0, which no tax office of a real firm does.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.keys import check_digit
from innosurvey.synthetic.calibration import graded
from innosurvey.synthetic.certificates import held_at, issue_certificates
from innosurvey.synthetic.declared import levels
from innosurvey.synthetic.truth import Streams, Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Firms (index: firm number), the firm × window panel, employees by calendar year (firms × years) and
    certificates.
    """

    firms: pd.DataFrame
    panel: pd.DataFrame
    employees: pd.DataFrame
    certificates: pd.DataFrame


def make_population(truth: Truth, streams: Streams, size: int) -> Population:
    """Return a population whose frame has about `size` firms in every wave."""
    firms = _founded(truth, streams("founding"), size)
    firms = _placed(firms, truth, streams("place"))
    employees = _employees(firms, truth, streams("employees"))
    certificates = issue_certificates(firms, truth["population"]["lapse"], streams("certificates"))
    panel = _panel(firms, employees, certificates, truth)
    panel["lifecycle"] = _lifecycle(panel, truth, streams("lifecycle"))
    panel["early"] = panel["lifecycle"].isin(levels("lifecycle_self")[:2])
    return Population(firms=firms, panel=panel, employees=employees, certificates=certificates)


def registration_numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return different registration numbers as ten digits, the last of them the check digit."""
    serials = rng.choice(100 * 8 * 10_000, size=count, replace=False)
    nines = [f"{serial // 80_000:03d}{81 + serial // 10_000 % 8:02d}{serial % 10_000:04d}" for serial in serials]
    return np.array([nine + str(check_digit(nine)) for nine in nines])


def _founded(truth: Truth, rng: np.random.Generator, size: int) -> pd.DataFrame:
    """Return firms with founding year, last window in business and the certificates that they hold at some time."""
    windows = truth["windows"]
    entry = round(size * truth["population"]["entry"])
    stock = windows[1] - _ages(truth["population"]["ages"], size, rng)
    founded = [stock] + [rng.integers(year - 1, year + 1, entry) for year in windows[2:]]
    firms = pd.DataFrame({"founding_year": np.concatenate(founded)})
    firms["last_window"] = len(windows) - 1
    for window in range(1, len(windows) - 1):
        trading = firms.index[(firms["last_window"] >= window) & (firms["founding_year"] <= windows[window])]
        firms.loc[rng.choice(trading, size=entry, replace=False), "last_window"] = window
    traits = truth["population"]["certificates"]
    certified = rng.random(len(firms)) < truth["population"]["certified"]
    drawn = rng.choice(list(traits), size=len(firms), p=np.array(list(traits.values())) / sum(traits.values()))
    firms["traits"] = np.where(certified, drawn, "")
    firms["firm_id"] = registration_numbers(len(firms), rng)
    return firms


def _ages(shares: dict[str, float], size: int, rng: np.random.Generator) -> np.ndarray:
    """Return ages from classes such as `4-10`; the oldest class thins out with age."""
    bounds = [tuple(int(year) for year in text.split("-")) for text in shares]
    drawn = rng.choice(len(bounds), size=size, p=np.array(list(shares.values())) / sum(shares.values()))
    low, high = (np.array(side)[drawn] for side in zip(*bounds, strict=True))
    skew = np.where(drawn == len(bounds) - 1, 3.0, 1.2)
    return low + np.floor((high - low + 1) * rng.random(size) ** skew).astype(int)


def _placed(firms: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> pd.DataFrame:
    """Return the firms with industry, district, group, education of staff and capital."""
    industries = pd.DataFrame.from_dict(truth["industries"], orient="index")
    districts = pd.DataFrame.from_dict(truth["districts"], orient="index")
    certified = firms["traits"].to_numpy() != ""
    drawn = {
        name: rng.choice(industries.index, size=len(firms), p=industries[name] / industries[name].sum())
        for name in ("certified", "other")
    }
    firms["ksic"] = np.where(certified, drawn["certified"], drawn["other"])
    firms["industry_group"] = industries["group"].loc[firms["ksic"]].to_numpy()
    firms["high_tech"] = industries["high_tech"].loc[firms["ksic"]].to_numpy(dtype=bool)
    place = rng.choice(len(districts), size=len(firms), p=districts["weight"] / districts["weight"].sum())
    firms["gu"], firms["zone"] = districts["code"].to_numpy()[place], districts["zone"].to_numpy()[place]
    group = truth["population"]["group"]
    firms["group_type"] = rng.choice(
        list(levels("group_type")),
        size=len(firms),
        p=[1 - sum(group.values()), *(group[level] for level in levels("group_type")[1:])],
    )
    tertiary = truth["population"]["tertiary"]
    firms["tertiary"] = np.clip(tertiary["mean"] + tertiary["spread"] * rng.standard_normal(len(firms)), 0, 100).round()
    firms["log_capital"] = np.log(45.0) + 0.9 * rng.standard_normal(len(firms))
    return firms


def _employees(firms: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> pd.DataFrame:
    """Return employees by firm and calendar year (one at least); missing before the firm was founded."""
    size = truth["population"]["employees"]
    years = np.arange(truth["windows"][0], truth["windows"][-1] + 1)
    ages = years[None, :] - firms["founding_year"].to_numpy()[:, None]
    growth = size["by_log_age"] * np.log1p(np.clip(ages, 0, None))
    median = np.where(firms["traits"] != "", size["median"], size["other_median"])
    level = np.log(median) - size["by_log_age"] * np.log1p(8.0) + size["spread"] * rng.standard_normal(len(firms))
    wander = np.cumsum(size["yearly_noise"] * rng.standard_normal(ages.shape), axis=1)
    staff = np.clip(np.exp(level[:, None] + growth + wander).round(), 1, 900)
    return pd.DataFrame(np.where(ages >= 0, staff, np.nan), index=firms.index, columns=years)


def _panel(firms: pd.DataFrame, employees: pd.DataFrame, certificates: pd.DataFrame, truth: Truth) -> pd.DataFrame:
    """Return one row per firm and window in which it trades, with the regressors of the equations."""
    parts = []
    for window, year in enumerate(truth["windows"]):
        trading = firms.index[(firms["founding_year"] <= year) & (firms["last_window"] >= window)]
        part = pd.DataFrame({"firm": trading, "window": window, "year": year})
        part["age"] = year - firms["founding_year"].loc[trading].to_numpy()
        part["employees"] = employees.loc[trading, year].to_numpy()
        for certificate in ("venture", "innobiz", "mainbiz"):
            part[certificate] = held_at(certificates, certificate, f"{year}-12-31", trading)
        parts.append(part)
    panel = pd.concat(parts, ignore_index=True)
    for name in ("ksic", "industry_group", "high_tech", "gu", "zone", "tertiary"):
        panel[name] = firms[name].loc[panel["firm"]].to_numpy()
    panel["certified"] = panel["venture"] | panel["innobiz"]
    panel["young"] = panel["age"] <= 7
    panel["log_employees"] = np.log(panel["employees"])
    groups = ("hightech_manufacturing", "other_manufacturing", "professional", "trade_services")
    for group in groups:
        panel[group] = panel["industry_group"] == group
    panel["manufacturing"] = panel["hightech_manufacturing"] | panel["other_manufacturing"]
    return panel


def _lifecycle(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> np.ndarray:
    """Return the stage that the firm reports: by age, loosely; decline is drawn among what would else be mature."""
    shares = truth["population"]["lifecycle"]
    noise = truth["population"]["lifecycle_noise"] * rng.standard_normal(len(panel))
    late = shares["mature"] + shares["decline"]
    stage = graded(
        np.log1p(panel["age"].to_numpy()) + noise,
        [*(shares[level] for level in levels("lifecycle_self")[:3]), late],
    )
    declines = (stage == 3) & (rng.random(len(panel)) < shares["decline"] / late)
    return np.array(levels("lifecycle_self"))[np.where(declines, 4, stage)]
