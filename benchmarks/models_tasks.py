"""One task of benchmarks/models.py in a process of its own: `python models_tasks.py TASK ROWS`.

Prints a line of JSON: seconds of processor time, the memory (MB) that the fit adds to what the data and the libraries
take, and the coefficients. Each task first runs on a few rows, so that nothing is loaded or compiled within the time
that counts. The libraries are imported by the task that needs them, since the rivals live in an environment of their
own.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

WAVES = 5
REGRESSORS = tuple(f"x{number}" for number in range(10))
CONTROLS = REGRESSORS[1:9]
"""Of the curve: eight that are in or out, 256 regressions."""
LOOPED = tuple(range(16, 256, 32))
"""The eight regressions that stand for the 256 in a loop of pyfixest: one in 32, of two to six controls."""
FEW = 5_000
RUNS = 3
"""Of each task within its process: the quickest counts, for the first also waits for the system to hand out memory."""
Task = Callable[[pd.DataFrame], np.ndarray]


def make_panel(rows: int) -> pd.DataFrame:
    """Return a panel of `rows / 5` firms over five waves, one row in ten missing; y is linear and n a count."""
    random = np.random.default_rng(7)
    firm = np.repeat(np.arange(rows // WAVES), WAVES)
    particular = random.normal(size=rows // WAVES)
    frame = pd.DataFrame({"firm": firm, "wave": np.tile(np.arange(WAVES), rows // WAVES)})
    index = np.zeros(len(frame))
    for number, name in enumerate(REGRESSORS):
        frame[name] = random.normal(size=len(frame)) + 0.5 * particular[firm]
        index += 0.02 * (number + 1) * frame[name]
    frame["y"] = index + particular[firm] + 0.1 * frame["wave"] + random.normal(size=len(frame))
    frame["n"] = random.poisson(np.exp(index + 0.5 * particular[firm])).astype(float)
    return frame[random.random(len(frame)) < 0.9].reset_index(drop=True)


def chosen_controls(number: int) -> tuple[str, ...]:
    """Return the controls of a regression of the curve: the bits of its number."""
    return tuple(name for place, name in enumerate(CONTROLS) if number >> place & 1)


def sample_of(panel: pd.DataFrame, outcome: str, regressors: tuple[str, ...]):
    """Return what the pipeline's engines work on."""
    from innosurvey.models.covariance import Grouping
    from innosurvey.models.matrix import Block
    from innosurvey.models.sample import Sample

    firms, waves = (pd.factorize(panel[name])[0] for name in ("firm", "wave"))
    columns = panel[list(regressors)].to_numpy()
    empty = Block(names=(), terms=(), columns=np.empty((len(panel), 0)))
    return Sample(
        keys=panel[["firm", "wave"]],
        outcome=panel[outcome].to_numpy(),
        exogenous=Block(names=regressors, terms=regressors, columns=columns),
        endogenous=empty,
        instruments=empty,
        grouping=Grouping(effects=(firms, waves), clusters=(firms,)),
        effects=("firm_id", "wave"),
        periods=waves,
    )


def within_innosurvey(panel: pd.DataFrame) -> np.ndarray:
    from innosurvey.models.covariance import covariance_of
    from innosurvey.models.engines.linear import fit_fixed_effects
    from innosurvey.models.spec import CovarianceSpec

    sample = sample_of(panel, "y", REGRESSORS)
    estimates = fit_fixed_effects(sample)
    covariance = covariance_of(estimates, CovarianceSpec(type="cluster", by=("firm_id",)), sample.grouping)
    return np.concatenate([estimates.params, np.sqrt(np.diag(covariance.matrix))])


def within_linearmodels(panel: pd.DataFrame) -> np.ndarray:
    from linearmodels.panel import PanelOLS

    indexed = panel.set_index(["firm", "wave"])
    model = PanelOLS(indexed["y"], indexed[list(REGRESSORS)], entity_effects=True, time_effects=True)
    fit = model.fit(cov_type="clustered", cluster_entity=True, auto_df=False, count_effects=False)
    return np.concatenate([fit.params.to_numpy(), fit.std_errors.to_numpy()])


def within_pyfixest(panel: pd.DataFrame) -> np.ndarray:
    fit = _feols(panel, REGRESSORS)
    return np.concatenate([fit.coef().to_numpy(), fit.se().to_numpy()])


def _feols(panel: pd.DataFrame, regressors: tuple[str, ...]):
    import pyfixest

    formula = f"y ~ {' + '.join(regressors)} | firm + wave"
    return pyfixest.feols(formula, panel, vcov={"CRV1": "firm"}, lean=True, copy_data=False, store_data=False)


def poisson_innosurvey(panel: pd.DataFrame) -> np.ndarray:
    from innosurvey.models.kernels import fe_poisson
    from innosurvey.models.kernels.levels import level_sums

    firms, waves = (pd.factorize(panel[name])[0] for name in ("firm", "wave"))
    dummies = (waves[:, None] == np.arange(1, WAVES)).astype(float)
    design = np.column_stack([panel[list(REGRESSORS)].to_numpy(), dummies])
    fit = fe_poisson.fit(panel["n"].to_numpy(), design, firms)
    half = level_sums(fit.scores, firms) @ np.linalg.inv(fit.information)
    clusters = int(panel.groupby("firm")["n"].sum().gt(0).sum())  # firms without a patent tell nothing
    errors = np.sqrt(clusters / (clusters - 1) * np.einsum("ij,ij->j", half, half))
    return np.concatenate([part[: len(REGRESSORS)] for part in (fit.params, errors)])


def poisson_pyfixest(panel: pd.DataFrame) -> np.ndarray:
    import pyfixest

    formula = f"n ~ {' + '.join(REGRESSORS)} | firm + wave"
    options = {"lean": True, "copy_data": False, "store_data": False, "iwls_tol": 1e-10, "iwls_maxiter": 100}
    fit = pyfixest.fepois(formula, panel, vcov={"CRV1": "firm"}, **options)
    return np.concatenate([fit.coef().to_numpy(), fit.se().to_numpy()])


def curve_innosurvey(panel: pd.DataFrame) -> np.ndarray:
    from innosurvey.models.absorb import absorb
    from innosurvey.models.kernels.crossproducts import Subset, fit_subsets

    firms, waves = (pd.factorize(panel[name])[0] for name in ("firm", "wave"))
    names = [REGRESSORS[0], *CONTROLS, "y"]
    within = absorb(panel[names].to_numpy(), (firms, waves))
    subsets = [
        Subset(outcome=9, columns=(0, *(names.index(name) for name in chosen_controls(number))), asked=0)
        for number in range(2 ** len(CONTROLS))
    ]
    fits = fit_subsets(within, subsets, None, (firms,))
    return np.concatenate([found[list(LOOPED)] for found in (fits.params, np.sqrt(fits.cluster_squares[0]))])


def curve_pyfixest(panel: pd.DataFrame) -> np.ndarray:
    fits = [_feols(panel, (REGRESSORS[0], *chosen_controls(number))) for number in LOOPED]
    return np.array([fit.coef().iloc[0] for fit in fits] + [fit.se().iloc[0] for fit in fits])


def stage_fe_innosurvey(panel: pd.DataFrame) -> np.ndarray:
    """The whole models stage on firms as it reads them: rows counted, columns checked, sample hashed."""
    effects = {"fixed_effects": ["firm_id", "wave"], "covariance": {"type": "cluster", "by": ["firm_id"]}}
    return _stage(panel, {"estimator": "fe", "outcome": "y", "regressors": list(REGRESSORS), **effects})


def stage_heckman_innosurvey(panel: pd.DataFrame) -> np.ndarray:
    """Selection by maximum likelihood: y is seen where a latent variable, which x9 moves as well, is above zero."""
    selection = {"outcome": "selected", "regressors": [*REGRESSORS[:5], "x9"]}
    model = {"estimator": "heckman", "outcome": "seen", "regressors": list(REGRESSORS[:5]), "selection": selection}
    return _stage(panel, model)


def stage_tobit_innosurvey(panel: pd.DataFrame) -> np.ndarray:
    """An outcome that is cut off at zero."""
    return _stage(panel, {"estimator": "tobit", "outcome": "cut", "regressors": list(REGRESSORS)})


def stage_curve_innosurvey(panel: pd.DataFrame) -> np.ndarray:
    """The curve from the firms to its table, with t tests and intervals."""
    from innosurvey.models.curve import fit_curve
    from innosurvey.models.parse_curve import parse_curve

    declared = {
        "outcomes": ["y"],
        "inputs": [REGRESSORS[0]],
        "controls": {"every_subset_of": list(CONTROLS)},
        "estimators": [{"estimator": "fe", "fixed_effects": ["firm_id", "wave"]}],
        "covariances": [{"type": "cluster", "by": ["firm_id"]}],
        "draws": 0,
    }
    return fit_curve(parse_curve("curve", declared, {}), _slice_of(panel)).specifications["estimate"].to_numpy()


def _stage(panel: pd.DataFrame, declared: dict) -> np.ndarray:
    from innosurvey.models.fit import fit_all
    from innosurvey.models.parse import parse_models
    from innosurvey.models.plan import plan_fits

    plan = plan_fits(parse_models({"model": {"family": "benchmark", **declared}}), {})
    results = fit_all(plan, _slice_of(panel))
    if results.fits["status"].item() != "ok":
        sys.exit(results.fits["status"].item())
    return results.coefficients["estimate"].to_numpy()


_SLICES: dict[int, pd.DataFrame] = {}


def _slice_of(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the panel with the keys of a slice as text, and with limited outcomes; made once."""
    if len(panel) not in _SLICES:
        random = np.random.default_rng(3)
        noise = random.normal(size=(2, len(panel)))
        selected = panel["x0"] + 0.8 * panel["x9"] + noise[0] > 0
        _SLICES[len(panel)] = panel.assign(
            firm_id="F" + panel["firm"].astype(str),
            wave=(2010 + 2 * panel["wave"]).astype(str),
            group="all",
            selected=selected.astype(float),
            seen=(panel["y"] + 0.5 * noise[0] + noise[1]).where(selected),
            cut=panel["y"].clip(lower=0.0),
        )
    return _SLICES[len(panel)]


TASKS: dict[str, Task] = {
    name: task
    for name, task in globals().items()
    if name.endswith(("_innosurvey", "_linearmodels", "_pyfixest")) and not name.startswith("_")
}


def main() -> None:
    name, rows = sys.argv[1], int(sys.argv[2])
    panel = make_panel(rows)
    if name.startswith("stage_"):
        _slice_of(panel)
    TASKS[name](make_panel(FEW))
    before = _reset_peak()
    seconds, memory = [], []
    for _ in range(RUNS):
        began = time.process_time()
        found = TASKS[name](panel)
        seconds.append(time.process_time() - began)
        memory.append(_status("VmHWM") - before)
    print(json.dumps({"seconds": min(seconds), "memory": memory[0], "found": found.tolist()}))


def _reset_peak() -> float:
    """Start the peak of the memory anew, and return what is resident now (MB)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _status("VmRSS")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
