"""The synthetic world in its causal order: firms, innovation, conduct, network, outputs, sample, answers, errors, registers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.dictionary import Dictionary
from innosurvey.synthetic.answers import Respondents, true_answers
from innosurvey.synthetic.conduct import conduct
from innosurvey.synthetic.errors_injected import Injected, inject
from innosurvey.synthetic.innovation import Innovation, innovate
from innosurvey.synthetic.network import connect
from innosurvey.synthetic.nonresponse import Answers, with_item_nonresponse
from innosurvey.synthetic.outputs import yield_outputs
from innosurvey.synthetic.population import Population, make_population
from innosurvey.synthetic.registers import covered_firms, falsify_keys, make_registers
from innosurvey.synthetic.sampling import make_frame
from innosurvey.synthetic.truth import Streams, Truth

REGISTERS_WITH_WRONG_KEYS = ("certificates", "programmes", "patents")
IN_THE_FILE = ("complete", "partial", "ineligible")
"""Response status of firms that have a row in the raw file; ineligible ones are for the pipeline to drop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that was made, before it is written as raw files.

    `frame` is the panel with sample and response; `true` holds the right answers, `answers` what stands in the file, `injected` the errors, each by wave.
    """

    truth: Truth
    seed: int
    population: Population
    innovation: Innovation
    frame: pd.DataFrame
    true: Mapping[str, pd.DataFrame]
    answers: Mapping[str, Answers]
    injected: Mapping[str, list[Injected]]
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
    true, answers, injected = {}, {}, {}
    for wave in truth.waves:
        respondents = _respondents(wave, frame, population, innovation, streams)
        true[wave] = _in_order(true_answers(respondents), dictionary)
        nonresponse = with_item_nonresponse(wave, true[wave], truth["nonresponse"], streams(f"item non-response {wave}"))
        known = np.isin(respondents["firm"], covered)
        answers[wave], injected[wave] = inject(nonresponse, truth["errors"], known, int(wave), streams(f"errors {wave}"))
    registers = make_registers(frame, population, innovation, truth, streams)
    registers, wrong_keys = falsify_keys(registers, REGISTERS_WITH_WRONG_KEYS, truth["errors"]["wrong_check_digit"], streams)
    return World(
        truth=truth, seed=seed, population=population, innovation=innovation, frame=frame,
        true=true, answers=answers, injected=injected, registers=registers, wrong_keys=wrong_keys,
    )  # fmt: skip


def _respondents(wave: str, frame: pd.DataFrame, population: Population, innovation: Innovation, streams: Streams) -> Respondents:
    """Return the wave's rows of the raw file, shuffled, with the amounts of the wave's year and the two years before."""
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


def _in_order(answers: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    return answers[[name for name in dictionary if name in answers.columns]]
