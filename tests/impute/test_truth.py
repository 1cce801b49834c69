"""Imputation on the synthetic survey: known answers are taken out at random and imputed by the study's own steps.

The answers that went are known, so that the error of the imputation is.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey import codebook, files, study, tables, yamlfile
from innosurvey.clean import clean_survey, parse_edits
from innosurvey.clean.conditions import conditions_of
from innosurvey.derive import parse_derived
from innosurvey.impute.answers import Imputed, Surroundings, impute_answers
from innosurvey.impute.levels import Derivation
from innosurvey.impute.spec import parse_imputation
from innosurvey.ingest import ingest_survey

ROOT = Path(__file__).resolve().parents[2]
WAVE = "2020"
SHARE_GONE = 0.2
AMOUNTS = ("exports_t", "emp_rnd", "exp_rnd_in", "total_assets_t")
YES_NO = ("inno_prd_goods", "inno_pcs_production", "inna_ongoing", "ip_bought")


@pytest.fixture(scope="module")
def surveyed() -> tuple[pd.DataFrame, pd.DataFrame, Imputed, tuple]:
    """The clean wave, the wave with answers taken out, what imputation makes of it, and the conditions."""
    seoul = study.read(*study.BASE)
    dictionary = files.read_dictionary(ROOT / "resources/dictionary/variables.csv", seoul.variables)
    source = seoul.waves[WAVE]
    book = codebook.from_yaml(yamlfile.read(ROOT / source.codebook), dictionary)
    edits = parse_edits(seoul.programme["edits"])
    wave = ingest_survey(ROOT / seoul.raw_file(source), book, WAVE).table
    firms = clean_survey(wave, edits, dictionary, book.asked_if).firms
    derivation = Derivation(
        parse_derived(seoul.programme["derived"]),
        dictionary,
        tables.read_codelists(sorted(map(str, (ROOT / "resources/codelists").glob("*.csv")))),
    )
    conditions = conditions_of(edits, dictionary)
    around = Surroundings(conditions=conditions, asked_if=book.asked_if, derivation=derivation)
    gaps = with_gaps(firms)
    done = impute_answers(gaps, parse_imputation(seoul.programme["imputation"]), around)
    return firms, gaps, done, conditions


def with_gaps(firms: pd.DataFrame) -> pd.DataFrame:
    """Return the wave without a fifth of the answers to some questions, each firm's by chance."""
    rng = np.random.default_rng(20)
    columns = {}
    for name in (*AMOUNTS, *YES_NO):
        gone = (rng.random(len(firms)) < SHARE_GONE) & (firms[f"{name}_flag"] == "observed").to_numpy()
        columns[name] = firms[name].mask(gone)
        columns[f"{name}_flag"] = firms[f"{name}_flag"].mask(gone, "missing")
    return firms.assign(**columns)


def both(surveyed, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the true and the imputed answers of the cells that went and were imputed."""
    firms, gaps, done, _ = surveyed
    gone = (firms[f"{name}_flag"] == "observed") & (gaps[f"{name}_flag"] == "missing")
    came = (gone & (done.firms[f"{name}_flag"] == "imputed")).to_numpy()
    return firms.loc[came, name].to_numpy(dtype=float), done.firms.loc[came, name].to_numpy(dtype=float)


def test_nearly_every_gap_is_filled_and_no_answer_changed(surveyed):
    firms, gaps, done, _ = surveyed
    for name in (*AMOUNTS, *YES_NO):
        kept = gaps[f"{name}_flag"].isin(["observed", "corrected"])
        assert done.firms.loc[kept, name].equals(firms.loc[kept, name])
        assert (done.firms[f"{name}_flag"] == "missing").mean() < 0.02


def test_no_hard_edit_fails_afterwards(surveyed):
    done, conditions = surveyed[2].firms, surveyed[3]
    failing = [each.id for each in conditions if each.applies(done.columns) and each.fails(done).any()]
    assert failing == []


@pytest.mark.parametrize("name", AMOUNTS)
def test_the_mean_of_the_imputed_amounts_is_that_of_the_true_ones(surveyed, name):
    true, imputed = both(surveyed, name)
    # On the log scale, where three firms do not decide; three standard errors of the difference of two such means.
    logs = np.log1p(true), np.log1p(imputed)
    error = np.sqrt((logs[0].var() + logs[1].var()) / true.size)
    assert abs(logs[0].mean() - logs[1].mean()) < 3 * error


@pytest.mark.parametrize("name", YES_NO)
def test_as_many_firms_say_yes_as_truly_did(surveyed, name):
    true, imputed = both(surveyed, name)
    error = np.sqrt((true.var() + imputed.var()) / true.size)
    assert abs(true.mean() - imputed.mean()) < 3 * error


@pytest.mark.parametrize("name", ["exports_t", "emp_rnd", "exp_rnd_in"])
def test_donors_keep_the_distribution(surveyed, name):
    true, imputed = both(surveyed, name)
    steps = np.unique(np.concatenate([true, imputed]))
    curves = [np.searchsorted(np.sort(answers), steps, side="right") / answers.size for answers in (true, imputed)]
    # The 0.1 % point of the two-sample Kolmogorov-Smirnov distance.
    assert np.abs(curves[0] - curves[1]).max() < 1.95 * np.sqrt(2 / true.size)


def test_an_imputed_amount_is_nearer_to_the_truth_than_a_random_one(surveyed):
    true, imputed = (np.log1p(answers) for answers in both(surveyed, "total_assets_t"))
    assert np.corrcoef(true, imputed)[0, 1] > 0.5
