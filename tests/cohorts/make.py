"""Small waves for the tests of the cohorts."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from innosurvey.cohorts.assign import Cohorts, assign_cohorts
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.derive import parse_derived
from innosurvey.dictionary import Dictionary, Variable

DICTIONARY = Dictionary(
    [
        Variable(variable="employees_t", type="int"),
        Variable(variable="cert_venture", type="bool"),
        Variable(variable="cert_innobiz", type="bool"),
        Variable(variable="stage", type="enum", levels=("young", "old")),
        Variable(variable="gu", type="string"),
    ]
)


def make_wave(wave: str, stratum: str = "s", **answers: Sequence[Any]) -> pd.DataFrame:
    count = len(next(iter(answers.values())))
    columns: dict[str, Any] = {
        "_source_row": range(2, count + 2),
        "wave": wave,
        "firm_id": [f"f{number}" for number in range(count)],
    }
    for name, values in answers.items():
        kind = {"int": "Int64", "bool": "boolean", "string": "str", "enum": "str"}[DICTIONARY[name].type]
        columns[name] = pd.array(list(values), dtype=kind)
        columns[f"{name}_flag"] = ["observed" if value is not None else "missing" for value in values]
    firms = pd.DataFrame(columns)
    if "stage" in firms:
        firms["stage"] = firms["stage"].astype(pd.CategoricalDtype(["young", "old"]))
    design = {"stratum_id": stratum, "pop_n_stratum": 10, "sample_n_stratum": count, "weight_design": 2.0}
    pooled = {"pooled_stratum": stratum, "pooled_stratum_n": count}
    return firms.assign(**design, weight_final=2.0, certainty=False, **pooled).astype({"firm_id": "str", "wave": "str"})


def assign(
    waves: Mapping[str, pd.DataFrame], cohorts: Mapping[str, Any], derived: Mapping[str, Any] | None = None
) -> Cohorts:
    return assign_cohorts(waves, parse_cohorts(cohorts), parse_derived(derived or {}), DICTIONARY, {"gu": GU})


GU = pd.DataFrame({"code": ["11110", "11680"], "en": ["Jongno-gu", "Gangnam-gu"], "ko": ["종로구", "강남구"]})
