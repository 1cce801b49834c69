"""How often does a claim come out supported where it is false (scenario null), and where it is true (claimed)?

Each draw is a synthetic world of its own with the default study's size: firms, innovation, sample and response are
drawn anew, the answers are weighted as the default study is, derived, grouped, compared, modelled, and the claims of
config.yaml are judged. Errors in answers and blanks are left out: this is about the rule of the verdicts. Run with
`make claims`: it writes benchmarks/claims.md.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one draw a core

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innosurvey import coverage, study, tables  # noqa: E402
from innosurvey.claims.ledger import judge_claims  # noqa: E402
from innosurvey.claims.spec import ClaimSpec, parse_claims  # noqa: E402
from innosurvey.cohorts.assign import assign_cohorts  # noqa: E402
from innosurvey.cohorts.pool import with_design  # noqa: E402
from innosurvey.cohorts.slices import make_slice  # noqa: E402
from innosurvey.cohorts.spec import parse_cohorts  # noqa: E402
from innosurvey.derive import parse_derived  # noqa: E402
from innosurvey.dictionary import Dictionary, Variable  # noqa: E402
from innosurvey.models import plan  # noqa: E402
from innosurvey.models.fit import fit_all  # noqa: E402
from innosurvey.pooled import pool_designs  # noqa: E402
from innosurvey.sample import full_sample  # noqa: E402
from innosurvey.synthetic.truth import load_truth  # noqa: E402
from innosurvey.synthetic.world import World, make_world  # noqa: E402
from innosurvey.weight import parse_weights, weight_sample  # noqa: E402

DRAWS = 200
SCENARIOS = ("null", "claimed", "reversed")
ANSWERED = ("complete", "partial")
CERTIFICATES = {"cert_venture": "venture", "cert_innobiz": "innobiz", "cert_mainbiz": "mainbiz"}
DTYPES = {"bool": "boolean", "int": "Int64", "float": "float64", "string": "str", "multi": "str"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The default study's programme, as far as the claims ask for it."""

    study: study.Study
    dictionary: Dictionary
    codelists: Mapping[str, pd.DataFrame]
    claims: tuple[ClaimSpec, ...]
    covered: coverage.Coverage


@cache
def programme() -> Programme:
    """Return the programme, read once a process."""
    seoul = study.read(*study.BASE)
    return Programme(
        study=seoul,
        dictionary=tables.read_dictionary(ROOT / "resources/dictionary/variables.csv", seoul.variables),
        codelists=tables.read_codelists(sorted(map(str, (ROOT / "resources/codelists").glob("*.csv")))),
        claims=parse_claims(seoul.programme["claims"]),
        covered=coverage.cover(seoul, ROOT),
    )


def verdicts_of_draw(draw: tuple[str, int], firms: int) -> pd.DataFrame:
    """Return the ledger of claims of one draw: `scenario`, `seed`, and the columns of claims.csv."""
    scenario, seed = draw
    asked = programme()
    world = make_world(firms, load_truth(scenario), seed, asked.dictionary)
    answers = {wave: typed_answers(world, wave, asked.dictionary) for wave in world.truth.waves}
    ledger, _ = judge_claims(asked.claims, estimates(answers, world, asked), asked.covered.unfed, 0.95)
    return ledger.assign(scenario=scenario, seed=seed)


def typed_answers(world: World, wave: str, dictionary: Dictionary) -> pd.DataFrame:
    """Return what the firms of a wave would answer, as the stages have it, with what the registers add."""
    given = world.waves[wave].true
    given = given[given["response_status"].isin(ANSWERED)].reset_index(drop=True)
    columns: dict[str, object] = {"_source_row": np.arange(2, len(given) + 2), "wave": wave}
    for name in given:
        columns[name] = typed(given[name], dictionary[name])
        columns[f"{name}_flag"] = np.where(given[name].notna(), "observed", "not_asked")
    first, last = world.truth["waves"][wave]
    columns |= {"obs_start": pd.Timestamp(str(first)), "obs_end": pd.Timestamp(str(last))}
    ids = world.population.firms["firm_id"]
    frame = world.frame[world.frame["year"] == int(wave)]
    listed = frame.set_index(ids.loc[frame["firm"]].to_numpy()).loc[given["firm_id"]]
    columns |= {name: listed[column].astype("boolean").to_numpy() for name, column in CERTIFICATES.items()}
    columns |= {f"{name}_flag": "observed" for name in CERTIFICATES}
    return pd.DataFrame(columns)


def typed(values: pd.Series, variable: Variable) -> pd.Series:
    """Return a column of answers in the dictionary's type."""
    if variable.type == "enum":
        return values.astype(pd.CategoricalDtype(list(variable.levels)))
    return (
        values.astype("str").mask(values.isna())
        if variable.type in ("string", "multi")
        else values.astype(DTYPES[variable.type])
    )


def estimates(answers: Mapping[str, pd.DataFrame], world: World, asked: Programme) -> dict[str, pd.DataFrame]:
    """Return the gathered tables that claims read."""
    weighted = {wave: weighted_wave(table, world, asked) for wave, table in answers.items()}
    designs = {wave: one.design for wave, one in weighted.items()}
    pooled = pool_designs(designs, {wave: one.listed for wave, one in weighted.items()})
    cohorts = assign_cohorts(
        with_design(answers, designs, pooled),
        {
            name: spec
            for name, spec in parse_cohorts(asked.study.programme["cohorts"]).items()
            if name in cohorts_of(asked)
        },
        parse_derived(asked.study.programme["derived"]),
        asked.dictionary,
        asked.codelists,
    )
    sample = full_sample(designs, {wave: one.calibrated for wave, one in weighted.items()}, pooled=pooled)
    cut = partial(make_slice, cohorts.firms, cohorts.memberships)
    fitted = [fit_all(fits, cut(fits[0].cohort, plan.columns_needed(fits))) for fits in fits_of(asked)]
    return {
        **compared(asked, cut, sample),
        "coefficients": pd.concat([one.coefficients for one in fitted], ignore_index=True),
        "fits": pd.concat([one.fits for one in fitted], ignore_index=True),
    }


def weighted_wave(answers: pd.DataFrame, world: World, asked: Programme):
    """Return the weights of one wave's answers, by the default study's rules."""
    wave = answers["wave"].iloc[0]
    frame = world.frame[world.frame["year"] == int(wave)]
    ids = world.population.firms["firm_id"]
    listed = frame.assign(
        firm_id=ids.loc[frame["firm"]].to_numpy(), wave=wave, _source_row=np.arange(2, len(frame) + 2)
    )
    return weight_sample(answers[["_source_row", "firm_id", "wave"]], listed, parse_weights(asked.study.weights))
