"""How often do 95 percent intervals hold the truth? 200 samples of one synthetic population, weighted and estimated.

Each sample is drawn anew (permanent random numbers, rotation), answers anew, is weighted by the stage `weight` as the
default study is, and described wave by wave and pooled. What the firms answer is what is true of them: this is about
sampling, response, weighting and variances, not about errors in answers. Employees are left out: the weights are
calibrated on them, so that there is no error to estimate. Run with `make coverage`: it writes
benchmarks/coverage.md.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads cost more than they save

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innosurvey import yamlfile  # noqa: E402
from innosurvey.describe import describe_all  # noqa: E402
from innosurvey.items import DescribeItem  # noqa: E402
from innosurvey.pooled import pool_designs  # noqa: E402
from innosurvey.sample import full_sample  # noqa: E402
from innosurvey.synthetic import DEFAULT_FIRMS, world  # noqa: E402
from innosurvey.synthetic.population import Population  # noqa: E402
from innosurvey.synthetic.sampling import make_frame  # noqa: E402
from innosurvey.synthetic.truth import Streams, Truth, load_truth  # noqa: E402
from innosurvey.weight import parse_weights, weight_sample  # noqa: E402

SHARES = (
    "product", "process", "organisational", "marketing", "innovator", "performs", "cooperation", "support", "venture",
    "innobiz", "abandoned",
)  # fmt: skip
MEANS = ("sales", "patents", "tertiary", "new_share")
ANSWERED = ("complete", "partial")
POPULATION_SEED, SAMPLES = 20221231, 200
LOWEST, HIGHEST = 92.0, 98.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The cohort that is described: certified firms and the others."""

    id: str = "certified"
    kind: str = "partition"
    groups: tuple[str, ...] = ("certified", "others")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    samples = parser.parse_args().samples
    truth = load_truth("claimed")
    population, panel = make_panel(truth)
    expected = true_values(panel)
    hits = pd.concat(
        [covered(estimates_of_sample(truth, population, panel, seed), expected) for seed in range(samples)]
    )
    text = "\n".join(report(hits, samples))
    if samples == SAMPLES:
        (ROOT / "benchmarks/coverage.md").write_text(text, encoding="utf-8")
    print(text)


def make_panel(truth: Truth) -> tuple[Population, pd.DataFrame]:
    """Return the firms of the default study's size, and what is true of each in each wave."""
    streams = Streams(seed=POPULATION_SEED)
    firms = round(DEFAULT_FIRMS * truth["population"]["frame_per_response"])
    population = world.make_population(truth, streams, firms)
    innovation = world.innovate(population, truth, streams)
    panel = world.yield_outputs(
        world.connect(world.conduct(innovation.panel, truth, streams), truth, streams), truth, streams
    )
    waves = dict(enumerate(truth.waves, start=1))
    named = panel.assign(
        wave=panel["window"].map(waves),
        group=np.where(panel["certified"], "certified", "others"),
        firm_id=panel["firm"].map("f{:06d}".format),
    )
    return population, named


def items() -> list[DescribeItem]:
    """Return the items: shares, means, a ratio and two quantiles."""
    title = {"en": "An item"}
    shares = [DescribeItem(id=name, title=title, statistic="share", unit="percent", variable=name) for name in SHARES]
    means = [DescribeItem(id=name, title=title, statistic="mean", unit="", variable=name) for name in MEANS]
    ratio = DescribeItem(
        id="rnd / sales", title=title, statistic="ratio", unit="percent", numerator="rnd", denominator="sales"
    )
    median = DescribeItem(id="sales, median", title=title, statistic="median", unit="", variable="sales")
    third = DescribeItem(
        id="sales, upper quartile", title=title, statistic="quantile", at=0.75, unit="", variable="sales"
    )
    return [*shares, *means, ratio, median, third]


def true_values(panel: pd.DataFrame) -> pd.Series:
    """Return what a census would have found, by group, wave (and all of them) and item."""
    census = panel[panel["window"] > 0].assign(
        stratum_id="all", pop_n_stratum=pd.NA, weight_final=1.0, pooled_stratum="all"
    )
    sizes = census.groupby("wave")["firm_id"].transform("size")
    census = census.assign(sample_n_stratum=sizes, pooled_stratum_n=census["firm_id"].nunique())
    return keyed(describe_all(items(), census, Groups()))["estimate"]


def estimates_of_sample(truth: Truth, population: Population, panel: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the estimates of one sample, drawn, answered and weighted."""
    frame = make_frame(panel, population.firms, truth, Streams(seed=seed), DEFAULT_FIRMS)
    weighted = {str(wave): weighted_wave(part) for wave, part in frame.groupby("wave", sort=True)}
    design = {wave: tables.design for wave, tables in weighted.items()}
    pooled = pool_designs(design, {wave: tables.listed for wave, tables in weighted.items()})
    answers = frame[frame["response_status"].isin(ANSWERED)].drop(columns="stratum_id")
    firms = answers.merge(pd.concat(design.values()).drop(columns="_source_row"), on=["firm_id", "wave"])
    firms = firms.merge(pooled, on="firm_id").sort_values(["group", "wave", "firm_id"], kind="stable")
    calibrated = {wave: tables.calibrated for wave, tables in weighted.items()}
    sample = full_sample(design, calibrated, pooled=pooled)
    return describe_all(items(), firms.reset_index(drop=True), Groups(), sample=sample)


def weighted_wave(frame: pd.DataFrame):
    """Return the weights of one wave's answers, by the default study's rules."""
    listed = frame.assign(_source_row=np.arange(2, len(frame) + 2))
    answers = listed.loc[listed["response_status"].isin(ANSWERED), ["_source_row", "firm_id", "wave"]]
    return weight_sample(answers.reset_index(drop=True), listed, parse_weights(weights_of_the_default_study()))


def weights_of_the_default_study() -> Mapping[str, object]:
    """Return the default study's rules."""
    study = yamlfile.read(ROOT / "config.yaml").data
    return study["studies"][study["study"]]["weights"]


def keyed(described: pd.DataFrame) -> pd.DataFrame:
    return described.set_index(["group", "wave", "item"])


def covered(described: pd.DataFrame, expected: pd.Series) -> pd.DataFrame:
    """Return whether each interval holds the true value, and how long it is; where nobody or everybody says yes there
    is nothing to estimate.
    """
    table = keyed(described[described["status"] == "ok"]).join(expected.rename("true"))
    table = table[~((table["statistic"] == "share") & table["true"].isin([0, 100]))]
    hit = (table["lower"] <= table["true"]) & (table["true"] <= table["upper"])
    error = table["estimate"] - table["true"]
    return table[["statistic", "se"]].assign(hit=100.0 * hit, error=error).reset_index()


def report(hits: pd.DataFrame, samples: int) -> Iterator[str]:
    """Yield the lines of the page: coverage by item, of single waves and pooled, of all firms and of groups."""
    pooled, everyone = hits["wave"] == "all", hits["group"] == "all"
    places = {
        "single waves, all firms": ~pooled & everyone,
        "single waves, groups": ~pooled & ~everyone,
        "pooled, all firms": pooled & everyone,
        "pooled, groups": pooled & ~everyone,
    }
    grouped = {place: hits[chosen].groupby("item", sort=False)["hit"].mean() for place, chosen in places.items()}
    by_item = pd.DataFrame(grouped).reindex(hits["item"].unique())
    by_item["se / spread"] = se_to_spread(hits[~pooled & everyone])
    by_item["pooled"] = se_to_spread(hits[pooled & everyone])
    statistic = hits.drop_duplicates("item").set_index("item")["statistic"]
    shares = by_item[statistic == "share"]
    yield "# Do the intervals cover?\n"
    chance = 100 * (0.95 * 0.05 / samples) ** 0.5
    yield f"`make coverage`: {samples} samples of the synthetic population (seeds 0-{samples - 1}), weighted as the"
    yield "default study is. Percentage of the 95 % intervals that hold the truth."
    yield "`se / spread`: mean standard error over the standard deviation of the estimates, in single waves and pooled."
    yield f"By chance alone a coverage of 95 % varies by {chance:.1f} points in the column of pooled waves and all"
    yield f"firms, by about {chance / 3**0.5:.1f} in that of single waves."
    yield "Employees are left out, since the weights are calibrated on them; so are groups that have the item by"
    yield "definition (firms that are not certified have no certificate).\n"
    yield f"| item | statistic | {' | '.join(by_item.columns)} |"
    yield f"| --- | --- |{' ---: |' * by_item.shape[1]}"
    for item, row in by_item.iterrows():
        yield f"| {item} | {statistic[item]} | {numbers(row)} |"
    yield f"| **shares, mean** | | {numbers(shares.mean())} |"
    yield ""
    for kind, lines in (("share", shares), ("mean, ratio or quantile", by_item.drop(index=shares.index))):
        for waves in ("single waves", "pooled"):
            yield verdict(kind, lines[[name for name in places if name.startswith(waves)]], waves)
    yield ""


def se_to_spread(hits: pd.DataFrame) -> pd.Series:
    """Return by item the mean standard error over the standard deviation of the estimates, the mean of the waves."""
    error = hits.groupby(["item", "wave"], sort=False).agg({"error": "std", "se": "mean"})
    return (error["se"] / error["error"]).groupby("item", sort=False).mean()


def verdict(kind: str, lines: pd.DataFrame, waves: str) -> str:
    """Return a sentence: whether each line is within the bounds, or which are not."""
    outside = [item for item, row in lines.iterrows() if not row.between(LOWEST, HIGHEST).all()]
    said = f"not so: {', '.join(outside)}" if outside else "so is every one"
    return f"Between {LOWEST:.0f} and {HIGHEST:.0f} % for each {kind}, {waves}: {said}."


def numbers(row: pd.Series) -> str:
    """Return a row's coverages and, last, its two quotients of errors."""
    return " | ".join([*(f"{value:.1f}" for value in row.iloc[:-2]), *(f"{value:.2f}" for value in row.iloc[-2:])])


if __name__ == "__main__":
    main()
