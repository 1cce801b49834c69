"""The known truth: parameters of the synthetic survey, and what a scenario makes of them.

`parameters.yaml` holds every magnitude. A scenario multiplies the effects that the study's claims are about (1 as
claimed, 0 null, -1 reversed) and leaves the shares of who innovates, cooperates or gets support as they are:
intercepts are solved for again, not chosen.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from innosurvey import yamlfile
from innosurvey.errors import StudyError, did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """A linear index: coefficient by column; `targets` are shares that solve the intercepts of a yes/no outcome."""

    coefficients: Mapping[str, float]
    targets: Mapping[str, float]

    def index(self, columns: pd.DataFrame) -> np.ndarray:
        """Return the index of each row, without intercept."""
        total = np.zeros(len(columns))
        for name, coefficient in self.coefficients.items():
            total = total + coefficient * columns[name].to_numpy(dtype=float)
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All parameters under one scenario. `effects` and `adoption` are the scenario's factors."""

    scenario: str
    effects: float
    adoption: float
    parameters: Mapping[str, Any]

    def __getitem__(self, section: str) -> Any:
        return self.parameters[section]

    def equation(self, name: str) -> Equation:
        """Return one of `equations`, with the scenario's factors applied."""
        entry = self.parameters["equations"][name]
        adoption = 1.0 if name == "productivity" else self.adoption
        coefficients = {column: value * adoption for column, value in entry.get("controls", {}).items()}
        coefficients |= entry.get("instruments", {})
        coefficients |= self.scaled(entry.get("effects", {}))
        if entry.get("size"):
            coefficients["log_employees"] = self.parameters["size_on_innovation"][self.scenario]
        return Equation(coefficients=coefficients, targets=entry.get("targets", {}))

    def scaled(self, effects: Mapping[str, float]) -> dict[str, float]:
        """Return effects times the scenario's factor."""
        return {name: value * self.effects for name, value in effects.items()}

    @property
    def waves(self) -> dict[str, tuple[str, str]]:
        """Wave → first and last day of its reference period."""
        return {wave: (first, last) for wave, (first, last) in self.parameters["waves"].items()}


def load_truth(scenario: str) -> Truth:
    """Return the packaged parameters under `scenario`; a StudyError names the scenarios that there are."""
    text = resources.files("innosurvey.synthetic").joinpath("parameters.yaml").read_text(encoding="utf-8")
    parameters = yamlfile.parse(text, "parameters.yaml").data
    scenarios = parameters["scenarios"]
    if scenario not in scenarios:
        raise StudyError(
            f"no scenario `{scenario}`.{did_you_mean(scenario, scenarios)}\nScenarios: {', '.join(scenarios)}."
        )
    return Truth(
        scenario=scenario, parameters=parameters, **{key: float(factor) for key, factor in scenarios[scenario].items()}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Random numbers by name: what one part draws never shifts what another draws."""

    seed: int

    def __call__(self, name: str) -> np.random.Generator:
        """Return a fresh generator that depends on the seed and the name only."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])
