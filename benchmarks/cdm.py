"""Are the CDM model's standard errors right, and what do they cost?

Coverage: 1,000 samples of 2,000 made-up firms (tests/made_innovators.py), R&D → innovation → productivity, with one
innovation and with two; the share of the 95 % intervals that hold the truth, by stage and parameter, and what it would
be if productivity's errors ignored that its regressors were fitted. Speed: the stacked covariance, the bootstrap by
weights that checks it, and a plain bootstrap that draws firms and fits all stages again, in one run. Run with
`python benchmarks/cdm.py`: it writes benchmarks/cdm.md.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads cost more than they save

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.machine import described  # noqa: E402
from innosurvey.models.arrays import Array  # noqa: E402
from innosurvey.models.covariance import sandwich  # noqa: E402
from innosurvey.models.engines.cdm import fit_cdm, stages_of  # noqa: E402
from innosurvey.models.engines.selection import fit_heckman  # noqa: E402
from innosurvey.models.engines.tobit import fit_tobit  # noqa: E402
from innosurvey.models.estimates import Estimates  # noqa: E402
from innosurvey.models.kernels import cdm, cdm_check  # noqa: E402
from innosurvey.models.matrix import Block  # noqa: E402
from innosurvey.models.parse import parse_models  # noqa: E402
from innosurvey.models.rows import select_rows  # noqa: E402
from innosurvey.models.sample import Sample, build_sample  # noqa: E402
from tests.made_innovators import CHAIN, SECOND, make_chain, make_survey  # noqa: E402

SAMPLES, FIRST, FIRMS = 1000, 200, 2000
SPEED_FIRMS, REPLICATIONS, CHECKED, LARGE = 5000, 500, 200, 100_000
LOWEST, HIGHEST = 92.0, 98.0
TRUTH = {
    "const": 1, "predicted(product)": 0.5, "size": 0.1, "capital": 0.4,
    "knowledge/const": -0.8, "knowledge/predicted(rd)": 0.8, "knowledge/size": 0.2, "knowledge/knowhow": 0.6,
    "intensity/const": 1, "intensity/size": 0.4, "intensity/competition": -0.3,
    "selection/const": 0.2, "selection/size": 0.5, "selection/competition": 0.3, "selection/market": 0.5,
    "intensity/sigma": 1, "intensity/rho": 0.5,
}  # fmt: skip
SECOND_TRUTH = TRUTH | {
    "predicted(process)": 0.3, "second_knowledge/const": -0.6, "second_knowledge/predicted(rd)": 0.5,
    "second_knowledge/size": 0.1, "second_knowledge/knowhow": -0.6, "knowledge/rho": 0.4,
}  # fmt: skip
KINDS: dict[str, tuple[dict[str, Any], Mapping[str, float]]] = {
    "one innovation (probit)": ({}, TRUTH),
    "two innovations (bivariate probit)": (SECOND, SECOND_TRUTH),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Seconds of the parts of inference on one chain."""

    fit: float
    stacked: float
    check: float
    batched: float
    plain: float
    ratios: Array


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    samples = parser.parse_args().samples
    parts = [_coverage_text(name, covered(declared, truth, samples)) for name, (declared, truth) in KINDS.items()]
    text = "\n\n".join([_head(samples), *parts, _speed_text(timed({})), _large_text()])
    (ROOT / "benchmarks" / "cdm.md").write_text(text + "\n", encoding="utf-8")
    print(text)


def sample_of(firms: pd.DataFrame, declared: Mapping[str, Any]) -> Sample:
    """Return the sample of a model on firms."""
    spec = parse_models({"model": {"family": "benchmark", **declared}})[0]
    return build_sample(spec, select_rows(spec, firms))


def covered(declared: Mapping[str, Any], truth: Mapping[str, float], samples: int) -> pd.DataFrame:
    """Return, for each parameter, the truth, the mean and spread of the estimates, the mean standard error, the
    coverage in percent, and coverage and error of the stage by itself.
    """
    rows = []
    for seed in range(samples):
        found = fit_cdm(sample_of(make_chain(n=FIRMS, seed=seed), CHAIN | declared))
        stacked, alone = errors(found), errors_of_the_stage_alone(found)
        for place, term in enumerate(found.terms):
            off = abs(found.params[place] - truth[term])
            rows.append(
                {
                    "term": term, "estimate": found.params[place], "se": stacked[place], "alone_se": alone[place],
                    "covered": off < 1.96 * stacked[place], "alone": off < 1.96 * alone[place],
                    "first": off < 1.96 * stacked[place] if seed < FIRST else np.nan,
                }
            )  # fmt: skip
    table = pd.DataFrame(rows).groupby("term", sort=False)
    means = table.mean()
    shares = {name: 100 * means[name] for name in ("covered", "first", "alone")}
    return means.assign(truth=pd.Series(truth), spread=table["estimate"].std(), **shares)


def errors(found: Estimates) -> Array:
    """Return the robust standard errors of the stacked moments."""
    return np.asarray(np.sqrt(np.diag(sandwich(np.linalg.inv(found.information), found.scores))))


def errors_of_the_stage_alone(found: Estimates) -> Array:
    """Return the robust standard errors that each stage would have if what it takes from others were given."""
    stages = np.array([_stage(term) for term in found.terms])
    alone = np.empty(len(stages))
    for stage in np.unique(stages):
        own = stages == stage
        alone[own] = np.sqrt(
            np.diag(sandwich(np.linalg.inv(found.information[np.ix_(own, own)]), found.scores[:, own]))
        )
    return alone


def _stage(term: str) -> str:
    equation = term.partition("/")[0] if "/" in term else "productivity"
    return {"selection": "research", "intensity": "research", "second_knowledge": "knowledge"}.get(equation, equation)


def timed(declared: Mapping[str, Any]) -> Timed:
    """Return what inference on SPEED_FIRMS firms takes, part by part, and the bootstrap's errors over the stacked."""
    firms = make_chain(n=SPEED_FIRMS)
    sample = sample_of(firms, CHAIN | declared)
    parts = stages_of(sample)
    found = cdm.stacked(parts.chain, parts.research, parts.innovation)

    def stack() -> Array:
        again = cdm.stacked(parts.chain, parts.research, parts.innovation)
        return np.sqrt(np.diag(sandwich(np.linalg.inv(again.jacobian), again.scores)))

    def drawn(draws: int) -> Array:
        return cdm_check.bootstrap(parts.chain, found, np.arange(SPEED_FIRMS), draws, np.random.default_rng(1))

    def plain() -> Array:
        random = np.random.default_rng(1)
        draws = [random.integers(0, SPEED_FIRMS, SPEED_FIRMS) for _ in range(REPLICATIONS)]
        return np.array([_refitted(sample, rows) for rows in draws])

    return Timed(
        fit=seconds(lambda: fit_cdm(sample), 5),
        stacked=seconds(stack, 11),
        check=seconds(lambda: drawn(CHECKED), 3),
        batched=seconds(lambda: drawn(REPLICATIONS), 1),
        plain=seconds(plain, 1),
        ratios=cdm_check.ratios(drawn(REPLICATIONS), stack()),
    )


def _refitted(sample: Sample, rows: Array) -> Array:
    """Return the parameters of all stages on the drawn rows, fitted from the start as those of the sample are."""
    parts = stages_of(resampled(sample, rows))
    return cdm.stacked(parts.chain, parts.research, parts.innovation).params


def resampled(sample: Sample, rows: Array) -> Sample:
    """Return the sample with the drawn rows."""

    def taken(block: Block) -> Block:
        return replace(block, columns=block.columns[rows])

    equations = {
        name: replace(part, outcome=part.outcome[rows], exogenous=taken(part.exogenous), observed=part.observed[rows])
        for name, part in sample.equations.items()
    }
    return replace(sample, outcome=sample.outcome[rows], exogenous=taken(sample.exogenous), equations=equations)


def seconds(work: Callable[[], Any], times: int) -> float:
    """Return the median time of several runs."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken)


def _head(samples: int) -> str:
    chance, first = (100 * (0.95 * 0.05 / count) ** 0.5 for count in (samples, FIRST))
    return f"""# The CDM model: are its errors right, and what do they cost?

`python benchmarks/cdm.py`: {samples} samples of {FIRMS} made-up firms (`tests/made_innovators.py`).
`covered`: percentage of the 95 % intervals (robust, normal) that hold the truth, in all samples
and in the first {FIRST}; by chance alone it varies by {chance:.1f} and {first:.1f} points around 95.
`se / spread`: mean standard error over the standard deviation of the estimates.
`stage alone`: the same if what a stage takes from those before it were known, not estimated."""


def _coverage_text(name: str, table: pd.DataFrame) -> str:
    lines = [
        f"| `{term}` | {row.truth:g} | {row.estimate:.3f} | {row.spread:.4f} | {row.se / row.spread:.2f} | "
        f"{row.covered:.1f} | {row.first:.1f} | {row.alone_se / row.spread:.2f} | {row.alone:.1f} |"
        for term, row in zip(table.index, table.itertuples(), strict=True)
    ]
    verdicts = []
    for column, named in (("covered", "In all samples"), ("first", f"In the first {FIRST}")):
        outside = [f"`{term}` ({share:.1f})" for term, share in table[column].items() if not LOWEST <= share <= HIGHEST]
        verdict = f"outside are {', '.join(outside)}" if outside else "so is every one"
        verdicts.append(f"{named} between {LOWEST:g} and {HIGHEST:g} % for each parameter: {verdict}.")
    return "\n".join(
        [
            f"## Coverage: {name}\n",
            f"| parameter | truth | mean | spread | se / spread | covered | first {FIRST} "
            "| stage alone: se / spread | covered |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "",
            *verdicts,
            f"Mean {table['covered'].mean():.1f} %.",
        ]
    )


def _speed_text(found: Timed) -> str:
    whole = found.fit + found.stacked
    low, high = found.ratios.min(), found.ratios.max()
    return f"""## Speed

{SPEED_FIRMS} firms, one innovation, one thread; {described()}.

| what | seconds |
| --- | ---: |
| all stages and the stacked scores, from the sample | {found.fit:.4f} |
| of this: Jacobian, scores and covariance, given the first two stages | {found.stacked:.4f} |
| the check: {CHECKED} draws of a bootstrap by weights, batched | {found.check:.2f} |
| {REPLICATIONS} such draws | {found.batched:.2f} |
| {REPLICATIONS} plain replications: draw firms, fit all stages again, one by one | {found.plain:.2f} |

Estimates with stacked inference take {found.plain / whole:.0f} times less than the plain bootstrap of the same fits,
and the covariance by itself {found.plain / found.stacked:.0f} times less. The batched bootstrap takes
{found.plain / found.batched:.1f} times less; its standard errors are {low:.2f} to {high:.2f} of the stacked ones
(median {np.median(found.ratios):.2f}, {REPLICATIONS} draws)."""


def _large_text() -> str:
    firms = make_survey(n=LARGE)
    selection = {"outcome": "performs", "regressors": ["size", "market"]}
    heckman = {"estimator": "heckman", "outcome": "intensity", "regressors": ["size", "cooperation"]}
    tobit = {"estimator": "tobit", "outcome": "spending", "regressors": ["size", "cooperation"]}
    selected, limited = sample_of(firms, heckman | {"selection": selection}), sample_of(firms, tobit)
    taken = seconds(lambda: fit_heckman(selected), 3), seconds(lambda: fit_tobit(limited), 3)
    return f"Heckman's model by maximum likelihood takes {taken[0]:.2f} s on {LARGE:,} firms, a Tobit {taken[1]:.2f} s."


if __name__ == "__main__":
    main()
