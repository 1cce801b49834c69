"""The synthetic world in its causal order: firms, innovation, conduct, network, outputs, sample, answers, registers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.dictionary import Dictionary
from innosurvey.synthetic.answers import true_answers
from innosurvey.synthetic.conduct import conduct
from innosurvey.synthetic.errors_injected import Injected, inject
from innosurvey.synthetic.innovation import Innovation, innovate
from innosurvey.synthetic.network import connect
from innosurvey.synthetic.nonresponse import Answers, with_item_nonresponse
from innosurvey.synthetic.outputs import yield_outputs
from innosurvey.synthetic.population import Population, make_population
from innosurvey.synthetic.registers import covered_firms, falsify_keys, make_registers
from innosurvey.synthetic.respondents import Respondents
from innosurvey.synthetic.sampling import make_frame
from innosurvey.synthetic.truth import Streams, Truth

REGISTERS_WITH_WRONG_KEYS = ("certificates", "programmes", "patents")
IN_THE_FILE = ("complete", "partial", "ineligible")
"""Response status of firms that have a row in the raw file; ineligible ones are for the pipeline to drop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveAnswers:
    """One wave: the right answers (`true`), what stands in the file (`given`), and the errors between them."""

    true: pd.DataFrame
    given: Answers
    injected: list[Injected]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that was made, before it is written as raw files. `frame` is the panel with sample and response."""

    truth: Truth
    seed: int
    population: Population
    innovation: Innovation
    frame: pd.DataFrame
    waves: Mapping[str, WaveAnswers]
    registers: Mapping[str, pd.DataFrame]
    wrong_keys: Mapping[str, list[int]]


def make_world(firms: int, truth: Truth, seed: int, dictionary: Dictionary) -> World:
    """Return the world whose survey has about `firms` responding firms a wave."""
    streams = Streams(seed=seed)
    population = make_population(truth, streams, round(firms * truth["population"]["frame_per_response"]))
    innovation = innovate(population, truth, streams)
    panel = yield_outputs(connect(conduct(innovation.panel, truth, streams), truth, streams), truth, streams)
    frame = make_frame(panel, population.firms, truth, streams, firms)
    innovation = Innovation(panel=panel, sales=innovation.sales, intercepts=innovation.intercepts)
    answering = np.unique(frame["firm"][frame["response_status"].isin(["complete", "partial"])])
    covered = covered_firms(answering, truth, streams("statements"))
    waves = {}
    for wave in truth.waves:
        respondents = _respondents(wave, frame, population, innovation, streams)
        waves[wave] = _questioned(respondents, covered, truth, streams, dictionary)
    registers = make_registers(frame, population, innovation, truth, streams)
    share = truth["errors"]["wrong_check_digit"]
    registers, wrong_keys = falsify_keys(registers, REGISTERS_WITH_WRONG_KEYS, share, streams)
    return World(
        truth=truth,
        seed=seed,
        population=population,
        innovation=innovation,
        frame=frame,
        waves=waves,
        registers=registers,
        wrong_keys=wrong_keys,
    )


def _questioned(
    respondents: Respondents, covered: np.ndarray, truth: Truth, streams: Streams, dictionary: Dictionary
) -> WaveAnswers:
    """Return what the respondents would answer and what they do answer: with gaps and errors."""
    wave = respondents.wave
    answers = true_answers(respondents)
    true = answers[[name for name in dictionary if name in answers.columns]]
    gaps = with_item_nonresponse(wave, true, truth["nonresponse"], streams(f"item non-response {wave}"))
    known = np.isin(respondents["firm"], covered)
    given, injected = inject(gaps, truth["errors"], known, int(wave), streams(f"errors {wave}"))
    return WaveAnswers(true=true, given=given, injected=injected)


def _respondents(
    wave: str, frame: pd.DataFrame, population: Population, innovation: Innovation, streams: Streams
) -> Respondents:
    """Return the wave's rows of the raw file, shuffled, with the amounts of the wave's year and the two years
    before.
    """
    year = int(wave)
    rng = streams(f"questionnaire {wave}")
    rows = frame[(frame["year"] == year) & frame["response_status"].isin(IN_THE_FILE)]
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    static = population.firms.loc[rows["firm"], ["firm_id", "founding_year", "group_type"]].reset_index(drop=True)
    years = [year, year - 1, year - 2]
    return Respondents(
        wave=wave,
        rows=pd.concat([rows, static], axis=1),
        sales=innovation.sales.loc[rows["firm"], years],
        employees=population.employees.loc[rows["firm"], years],
        rng=rng,
    )
