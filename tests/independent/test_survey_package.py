"""The package against R's survey (Lumley): point estimates and standard errors to six digits.

`survey.R` is run once on the made-up samples of `samples.py`; what it writes is compared with what `describe_all` and
`compare_groups` say of the same samples. Skipped where R or its package survey is absent
(`apt-get install r-cran-survey r-cran-mass`).
"""

from pathlib import Path

import pandas as pd
import pytest

from innosurvey.compare import ComparisonSpec, compare_groups
from innosurvey.describe import describe_all
from innosurvey.design import DesignRules
from innosurvey.pooled import pool_designs
from innosurvey.sample import FullSample, full_sample
from tests.independent import samples
from tests.independent.r import has_packages, run
from tests.made_slices import MadeCohort, make_item

SCRIPT = Path(__file__).with_name("survey.R")
SIX_DIGITS = 1e-6
"""Two programs that add the same numbers in another order agree to ten; six are what is asked for."""
ITEMS = [
    make_item(id="total", statistic="total"),
    make_item(id="mean"),
    make_item(id="share", statistic="share", variable="yes"),
    make_item(id="ratio", statistic="ratio", numerator="y", denominator="x"),
    make_item(id="quantile0.25", statistic="quantile", at=0.25),
    make_item(id="quantile0.5", statistic="median"),
    make_item(id="quantile0.9", statistic="quantile", at=0.9),
]
DIFFERENCES = ComparisonSpec(
    id="d", cohort="made", reference="b", groups=("a",), items=("total", "mean", "share", "ratio"), family="f"
)
pytestmark = pytest.mark.independent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which R has written its results beside the samples."""
    if not has_packages("survey", "MASS"):
        pytest.skip("R with the packages survey and MASS is not installed")
    folder = tmp_path_factory.mktemp("survey")
    made = {
        "sample": samples.sample(),
        "lonely": samples.lonely(),
        "panel": samples.panel(),
        "full_panel": samples.full_panel(),
    }
    made |= {"totals": samples.totals(made["sample"]), "panel_totals": samples.panel_totals(made["panel"])}
    for name, table in made.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    run(SCRIPT, folder)
    return folder


def as_slice(firms: pd.DataFrame, finite: bool = True) -> pd.DataFrame:
    """Return a sample as a slice; who has not answered y has answered nothing."""
    by_wave = firms.assign(wave=firms.get("wave", "2020"))
    sizes = by_wave.groupby(["wave", "stratum"])["firm_id"].transform("nunique")
    pooled = by_wave.groupby("stratum")["firm_id"].transform("nunique")
    silent = by_wave["y"].isna()
    return by_wave.assign(
        stratum_id=by_wave["stratum"],
        pop_n_stratum=by_wave["N"].astype("Int64") if finite else pd.array([pd.NA] * len(by_wave), dtype="Int64"),
        sample_n_stratum=sizes,
        weight_final=by_wave["w"],
        pooled_stratum=by_wave["stratum"],
        pooled_stratum_n=pooled,
        x=by_wave["x"].mask(silent),
        yes=by_wave["yes"].astype(float).mask(silent),
    )


def design_of(firms: pd.DataFrame) -> pd.DataFrame:
    """Return the slice's columns that the design table has."""
    return firms[["firm_id", "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_final"]]


def estimated(
    firms: pd.DataFrame, wave: str = "2020", rules: DesignRules | None = None, sample: FullSample | None = None
) -> pd.DataFrame:
    """Return estimate and se by group and statistic, as `results.csv` has them."""
    rules = rules or DesignRules()
    described = describe_all(ITEMS, firms, MadeCohort(groups=["a", "b", "c"]), rules, sample)
    compared = compare_groups([DIFFERENCES], ITEMS, firms, rules, sample).assign(group="a-b")
    compared["estimate"] = compared["difference"]
    both = pd.concat([described, compared])
    return both[both["wave"] == wave].set_index(["group", "item"])[["estimate", "se"]]


def from_r(folder: Path, case: str) -> pd.DataFrame:
    results = pd.read_csv(folder / "results.csv")
    chosen = results[(results["case"] == case) & (results["statistic"] != "deff")]
    return chosen.rename(columns={"statistic": "item"}).set_index(["group", "item"])[["estimate", "se"]]


def agree(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Fail unless both say the same of everything that R has estimated (32 numbers, or 27 without totals)."""
    assert len(theirs) >= 27
    pd.testing.assert_frame_equal(ours.loc[theirs.index], theirs, rtol=SIX_DIGITS, check_names=False)


@pytest.mark.parametrize("finite", [True, False])
def test_strata_domains_and_item_nonresponse(folder, finite):
    ours = estimated(as_slice(samples.sample(), finite))
    agree(ours, from_r(folder, "finite" if finite else "infinite"))


def test_the_design_effect_of_a_mean(folder):
    results = pd.read_csv(folder / "results.csv").query("statistic == 'deff'")
    table = describe_all(ITEMS[1:2], as_slice(samples.sample()), MadeCohort(groups=["a", "b", "c"]))
    ours = table.query("group == 'all' and wave == '2020'")["deff"].item()
    assert ours == pytest.approx(results["estimate"].item(), rel=SIX_DIGITS)


@pytest.mark.parametrize(("rule", "in_r"), [("certainty", "certainty"), ("average", "average"), ("centre", "adjust")])
def test_strata_with_a_single_firm_under_each_rule(folder, rule, in_r):
    theirs = from_r(folder, f"lonely_{in_r}")
    if rule == "centre":  # R measures a total from zero, not from the mean of the sample (see survey.R)
        theirs = theirs.drop(index="total", level="item")
    agree(estimated(as_slice(samples.lonely()), rules=DesignRules(lonely=rule)), theirs)


def test_pooled_waves_with_the_firm_as_the_unit(folder):
    agree(
        estimated(
            as_slice(samples.panel()),
            wave="all",
        ),
        pooled_totals_per_wave(from_r(folder, "pooled")),
    )


def test_a_panel_of_the_same_firms_from_a_finite_population(folder):
    firms = samples.full_panel()
    designs = {wave: design_of(part) for wave, part in as_slice(firms).groupby("wave")}
    others = [(f"{stratum}{number}", stratum) for stratum, count in samples.POPULATION.items()
              for number in range(count - samples.TAKEN[stratum])]  # fmt: skip
    frame = pd.concat(
        [designs["2018"][["firm_id", "stratum_id"]], pd.DataFrame(others, columns=["firm_id", "stratum_id"])]
    )
    margins = {wave: part[["firm_id"]] for wave, part in designs.items()}
    sample = full_sample(designs, margins, pooled=pool_designs(designs, dict.fromkeys(designs, frame)))
    ours = estimated(as_slice(firms), wave="all", sample=sample)
    agree(ours, pooled_totals_per_wave(from_r(folder, "pooled_finite")))


@pytest.mark.parametrize("method", ["linear", "raking"])
def test_calibrated_weights_leave_the_residuals_uncertain(folder, method):
    firms = samples.sample()
    made = pd.read_csv(folder / f"calibration_{method}.csv")
    calibrated = as_slice(firms).assign(weight_final=made["weight_final"])
    table = pd.concat([made, samples.calibration_variables(firms)], axis=1)
    sample = full_sample({"2020": design_of(calibrated)}, {"2020": table})
    agree(estimated(calibrated, sample=sample), from_r(folder, f"calibrated_{method}"))


def test_calibrated_waves_pooled(folder):
    firms = samples.panel()
    made = pd.read_csv(folder / "panel_calibration.csv", dtype={"wave": "str"})
    calibrated = as_slice(firms).assign(weight_final=made["weight_final"])
    cells = pd.get_dummies(firms["size"], dtype=float).set_axis(["x_1", "x_2", "x_3"], axis=1)
    table = pd.concat([made, cells], axis=1)
    sample = full_sample(
        {wave: design_of(calibrated[calibrated["wave"] == wave]) for wave in ("2018", "2020")},
        {wave: table[table["wave"] == wave] for wave in ("2018", "2020")},
    )
    ours = estimated(calibrated, wave="all", sample=sample)
    agree(ours, pooled_totals_per_wave(from_r(folder, "pooled_calibrated")))


@pytest.mark.parametrize("case", ["jackknife", "bootstrap", "jackknife_calibrated"])
def test_replicate_weights(folder, case):
    firms = samples.sample()
    weights = pd.read_csv(folder / f"{case}.csv")
    scales = pd.read_csv(folder / f"{case}_scales.csv")["scale"]
    weights = weights.set_axis([f"r_{place + 1}" for place in range(weights.shape[1])], axis=1)
    table = pd.concat([firms["firm_id"], weights, scales.reindex(firms.index)], axis=1)
    weighted = as_slice(firms)
    if case == "jackknife_calibrated":
        made = pd.read_csv(folder / "calibration_linear.csv")
        weighted = weighted.assign(weight_final=made["weight_final"])
    sample = full_sample({"2020": design_of(weighted)}, {"2020": weighted[["firm_id"]]}, {"2020": table})
    ours = estimated(weighted, rules=DesignRules(variance="bootstrap"), sample=sample)
    agree(ours, from_r(folder, case))


def pooled_totals_per_wave(theirs: pd.DataFrame) -> pd.DataFrame:
    """Return R's estimates with totals as averages of two waves, as ours are."""
    per_wave = theirs.copy()
    per_wave.loc[per_wave.index.get_level_values("item") == "total"] /= 2
    return per_wave
