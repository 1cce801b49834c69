"""Made-up samples that R and the package both estimate from: strata, domains across them, silence, single firms."""

import numpy as np
import pandas as pd

POPULATION = {"s1": 400, "s2": 150, "s3": 60, "s4": 12, "s5": 900}
TAKEN = {"s1": 40, "s2": 30, "s3": 25, "s4": 12, "s5": 60}  # s4 is taken whole


def stratified(seed: int, taken: dict[str, int] = TAKEN) -> pd.DataFrame:
    """Return a stratified sample: y skewed and partly silent, x beside it, yes/no, groups across the strata, and the
    variables to calibrate on (size, branch, known).
    """
    rng = np.random.default_rng(seed)
    stratum = np.repeat(list(taken), list(taken.values()))
    count = len(stratum)
    level = pd.Series(stratum).map({name: rank for rank, name in enumerate(POPULATION)}).to_numpy()
    known = rng.lognormal(0.4 * level, 0.6)
    y = 3 * known * rng.lognormal(0, 0.5, count) + 2
    return pd.DataFrame(
        {
            "firm_id": [f"f{row:04d}" for row in range(count)],
            "stratum": stratum,
            "N": [POPULATION[name] for name in stratum],
            "w": [POPULATION[name] / taken[name] for name in stratum],
            "group": rng.choice(["a", "b", "c"], count, p=[0.3, 0.5, 0.2]),
            "size": rng.choice(["big", "mid", "small"], count),
            "branch": rng.choice(["p", "q"], count),
            "known": known,
            "x": known * rng.lognormal(0, 0.3, count),
            "yes": (rng.random(count) < 0.2 + 0.05 * level).astype(int),
            "y": y,
        }
    )


def sample() -> pd.DataFrame:
    """Return the sample of one wave; every twelfth firm has not answered y, x and yes."""
    firms = stratified(1)
    return firms.assign(y=firms["y"].mask(firms.index % 12 == 5))


def lonely() -> pd.DataFrame:
    """Return a sample with strata of a single firm, one of which is its whole stratum."""
    firms = stratified(2, {"s1": 40, "s2": 1, "s3": 25, "s4": 12, "s5": 1})
    whole = stratified(3, {"s2": 1}).assign(firm_id="f9999", stratum="s6", N=1, w=1.0)
    return pd.concat([firms, whole], ignore_index=True)


def panel() -> pd.DataFrame:
    """Return two waves; half of the firms are in both, and may change their group."""
    first, second = stratified(4), stratified(5)
    second = second.assign(firm_id=np.where(second.index % 2 == 0, second["firm_id"], "n" + second["firm_id"].str[1:]))
    return pd.concat([first.assign(wave="2018"), second.assign(wave="2020")], ignore_index=True)


def full_panel() -> pd.DataFrame:
    """Return two waves of the same firms: there a finite population is that of a sample of clusters."""
    first, second = stratified(4), stratified(5)
    return pd.concat([first.assign(wave="2018"), second.assign(wave="2020")], ignore_index=True)


def totals(firms: pd.DataFrame) -> pd.DataFrame:
    """Return totals to calibrate on, a few percent off those of the sample, under the names that R gives them."""
    weight, count = firms["w"], firms["w"].sum() * 1.02
    named = {"(Intercept)": count}
    for size, factor in (("mid", 1.06), ("small", 0.97)):
        named[f"factor(size){size}"] = factor * weight[firms["size"] == size].sum()
    named["factor(branch)q"] = 1.04 * weight[firms["branch"] == "q"].sum()
    named["known"] = 1.03 * (weight * firms["known"]).sum()
    return pd.DataFrame({"name": list(named), "total": list(named.values())})


def panel_totals(firms: pd.DataFrame) -> pd.DataFrame:
    """Return totals by wave and size under the names that R gives them."""
    named = {}
    for wave in ("2018", "2020"):
        named[f"factor(wave){wave}"] = 1.03 * firms.loc[firms["wave"] == wave, "w"].sum()
    for size, factor in (("mid", 1.05), ("small", 1.01)):
        for wave in ("2018", "2020"):
            chosen = (firms["wave"] == wave) & (firms["size"] == size)
            named[f"factor(wave){wave}:factor(size){size}"] = factor * firms.loc[chosen, "w"].sum()
    return pd.DataFrame({"name": list(named), "total": list(named.values())})


def calibration_variables(firms: pd.DataFrame) -> pd.DataFrame:
    """Return what the sample is calibrated on as the weight stage writes it: every cell of every margin, although the
    cells of two margins add up to the same number of firms.
    """
    cells = pd.get_dummies(firms[["size", "branch"]], dtype=float)
    x = pd.concat([cells, firms["known"]], axis=1)
    return x.set_axis([f"x_{place}" for place in range(1, x.shape[1] + 1)], axis=1)
