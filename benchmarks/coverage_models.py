"""How often do 95 percent intervals of models hold the truth? 200 samples of the synthetic Seoul firms, at the size of
that survey, and of small truths of other kinds, fitted as the models stage fits them.

Seoul's truth (`coverage_models_seoul.py`) has an equation for most estimators; for the others truths are simulated that
are of their kind (`coverage_models_simulated.py`). Answers are taken as they are: this is about estimators and their
standard errors, not about surveys. In 200 samples a right interval may fall outside of what is wanted by chance, so a
parameter that does is judged anew in 800 samples, none of which are among the first.

Run with `python benchmarks/coverage_models.py`: it writes benchmarks/coverage_models.md, in some 20 minutes on two
cores.
"""

import argparse
import os
import re
import sys
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads cost more than they save

import pandas as pd
from scipy.stats import binom, binomtest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import coverage_models_seoul as seoul  # noqa: E402
import coverage_models_simulated as simulated  # noqa: E402

from innosurvey.models.estimators import ESTIMATORS  # noqa: E402

SAMPLES, FURTHER, FIRMS, FIRST_SEED = 200, 800, 3800, 70_000
LOWEST, HIGHEST = 92.0, 98.0
KEYS = ["case", "term"]


def sample(seed: int, firms: int, names: Collection[str] | None) -> pd.DataFrame:
    """Return what the sample of this seed says of the named models of all truths, of all models if None."""
    of_simulated = [case for truth in simulated.TRUTHS.values() for case in truth.cases]
    chosen = of_simulated if names is None else [case for case in of_simulated if case in names]
    parts = [simulated.results(seed, chosen)]
    if names is None or set(names) - set(of_simulated):
        parts.insert(0, seoul.results(seed, firms, names))
    return pd.concat(parts)


def samples_of(seeds: range, firms: int, names: Collection[str] | None = None) -> pd.DataFrame:
    """Return what all samples say, one below the other."""
    with ProcessPoolExecutor() as pool:
        return pd.concat(pool.map(partial(sample, firms=firms, names=names), seeds, chunksize=2))


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """Return by case and term: estimator, truth, samples, percentage held, bias, spread of the estimates, mean standard
    error.
    """
    told = table.groupby(KEYS, sort=False).agg(
        estimator=("estimator", "first"), truth=("truth", "mean"), samples=("holds", "size"), held=("holds", "sum"),
        bias=("error", "mean"), spread=("error", "std"), se=("se", "mean"),
    )  # fmt: skip
    return told.assign(holds=100 * told["held"] / told["samples"])


def outside(told: pd.DataFrame) -> pd.Series:
    """Return which parameters are held in fewer or more samples than wanted."""
    return (told["holds"] < LOWEST) | (told["holds"] > HIGHEST)


def written(told: pd.DataFrame, anew: pd.DataFrame, samples: int, firms: int) -> str:
    """Return the page: `told` in all first samples, `anew` in the further ones of what these found outside."""
    missed = told[outside(told)]
    lines = [
        "# How often intervals of models hold the truth",
        "",
        f"`python benchmarks/coverage_models.py`: {samples} samples of {firms:,} firms a wave over four windows, drawn "
        "from the equations of the synthetic Seoul survey, and of "
        f"{simulated.FIRMS:,} firms from simulated truths of the kinds that Seoul's is not. Models are fitted as the "
        "models stage fits them, errors clustered by firm (between: robust; matching_one_wave: Abadie and Imbens). "
        f"Wanted are {LOWEST:.0f} to {HIGHEST:.0f} % of the samples.",
        "",
        *_by_estimator(told),
        "",
        *_verdict(told, missed, anew, samples),
        "",
        *_elsewhere(told),
        "",
        "## All parameters",
        "",
        f"In the first {samples} samples.",
        "",
        "| model | term | truth | held, % | bias | spread | mean standard error |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {case} | {term} | {row['truth']:.4f} | {row['holds']:.1f} | {row['bias']:+.4f} | {row['spread']:.4f} | "
            f"{row['se']:.4f} |"
            for (case, term), row in told.iterrows()
        ),
        "",
    ]
    return "\n".join(lines)


def _by_estimator(told: pd.DataFrame) -> list[str]:
    by_case = told.reset_index().groupby("case", sort=False).agg(
        estimator=("estimator", "first"), size=("holds", "size"), samples=("samples", "min"),
        least=("holds", "min"), most=("holds", "max"),
    )  # fmt: skip
    of_simulated = {case: name for name, truth in simulated.TRUTHS.items() for case in truth.cases}
    return [
        "| model | estimator | truth | estimated in | parameters | lowest, % | highest, % |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {case} | {row['estimator']} | {of_simulated.get(str(case), 'Seoul')} | {row['samples']} | "
            f"{row['size']} | {row['least']:.1f} | {row['most']:.1f} |"
            for case, row in by_case.iterrows()
        ),
    ]


def _verdict(told: pd.DataFrame, missed: pd.DataFrame, anew: pd.DataFrame, samples: int) -> list[str]:
    """Return how many parameters are held as wanted, and what further samples say of the others."""
    within = binom.cdf(samples * HIGHEST // 100, samples, 0.95) - binom.cdf(samples * LOWEST // 100 - 1, samples, 0.95)
    found = [
        f"{len(told) - len(missed)} of {len(told)} parameters lie within what is wanted in the first {samples} "
        f"samples. If each were held in exactly 95 %, {len(told) * (1 - within):.0f} would lie outside by chance (with "
        "their neighbours: several models share an equation)."
    ]
    if not len(missed):
        return found
    again = anew.loc[missed.index]
    further = int(again["samples"].max())
    remain = outside(again).sum()
    return [
        *found,
        "",
        f"The {len(missed)} others were judged anew in {further} further samples, which know nothing of the first: "
        f"{len(missed) - remain} lie within what is wanted there, {remain} outside.",
        "",
        f"| model | term | first {samples}, % | further {further}, % | 95 % interval | bias | spread | "
        "mean standard error | |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
        *(
            f"| {case} | {term} | {first:.1f} | {row['holds']:.1f} | {_interval(row['held'], row['samples'])} | "
            f"{row['bias']:+.4f} | {row['spread']:.4f} | {row['se']:.4f} | "
            f"{'outside' if row['holds'] < LOWEST or row['holds'] > HIGHEST else 'within'} |"
            for ((case, term), row), first in zip(again.iterrows(), missed["holds"], strict=True)
        ),
    ]


def _interval(held: int, samples: int) -> str:
    """Return Wilson's interval of a share, in percent."""
    found = binomtest(held, samples).proportion_ci(method="wilson")
    return f"{100 * found.low:.1f} to {100 * found.high:.1f}"


def _elsewhere(told: pd.DataFrame) -> list[str]:
    """Return what stands on other pages, and which estimators are judged on none."""
    without = [name for name in ESTIMATORS if name not in set(told["estimator"])]
    return [
        f"Judged are {len(ESTIMATORS) - len(without)} of {len(ESTIMATORS)} estimators"
        + (f", not {', '.join(without)}." if without else "."),
        "",
        "* Where Seoul's truth is not of an estimator's kind, the estimator has nothing there to be judged on: yes/no "
        "equations are probits (a logit's slopes are others), counts have a log-normal effect of the firm (right for "
        "Poisson's slopes, not for NB2's likelihood), R&D is a selection model (no Tobit, no two parts), nothing "
        "that explains productivity answers to its error (there is nothing to instrument), grants come and go (no "
        "staggered start). Such an estimator has a simulated truth.",
        "* Not judged are the intercepts of Seoul's equations, which are solved for in each draw, and the last stage "
        "of CDM on Seoul, where productivity follows from innovation itself and not from its fitted chance. That stage "
        "has its coverage on a truth of its kind in [cdm.md](cdm.md), with what a bootstrap by weights says of the "
        f"stacked standard errors: its own are {_of_the_bootstrap()} of them.",
        "* The gain from technical and non-technical innovation together is judged twice: as a slope "
        "(`technical_x_nontechnical`), and as `complementarity:` asks it, by exclusive combinations "
        "(`hypothesis:bonus`).",
        "* Survey weights, designs, HC0 to HC3 and the wild bootstrap are other covariances of the same scores; what "
        "weights and designs are worth is in [coverage.md](coverage.md).",
    ]


def _of_the_bootstrap() -> str:
    """Return the ratios that the page on CDM tells: `0.94 to 1.06`."""
    page = " ".join((ROOT / "benchmarks/cdm.md").read_text(encoding="utf-8").split())
    found = re.search(r"its standard errors are ([\d.]+ to [\d.]+) of the stacked ones", page)
    return found[1] if found else "not told"


def main() -> None:
    """Draw, fit, count; judge anew what is outside; write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--further", type=int, default=FURTHER)
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/coverage_models.md")
    asked = parser.parse_args()
    last = FIRST_SEED + asked.samples
    told = counted(samples_of(range(FIRST_SEED, last), asked.firms))
    missed = set(told[outside(told)].index.get_level_values("case"))
    anew = counted(samples_of(range(last, last + asked.further), asked.firms, missed)) if missed else told
    asked.out.write_text(written(told, anew, asked.samples, asked.firms), encoding="utf-8")


if __name__ == "__main__":
    main()
