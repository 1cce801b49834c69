"""What the weights have become, as tables."""

import pandas as pd

from innosurvey.weight import parse_weights, weight_sample


def test_a_survey_with_weights_of_its_own_and_no_strata_has_the_row_of_the_wave_alone():
    firms = pd.DataFrame({"_source_row": [2, 3], "wave": "2020", "firm_id": ["a", "b"], "weight_design": [1.5, 2.5]})
    table = weight_sample(firms, None, parse_weights({"method": "given"})).weights
    assert table["stratum_id"].tolist() == ["all"]
    assert table["responded"].tolist() == [2]
