"""What a study's configuration is told when its shape is wrong."""

import pytest

from innosurvey import shape
from innosurvey.errors import StudyError


def test_each_missing_key_is_named_once() -> None:
    with pytest.raises(StudyError) as caught:
        shape.fail_if_shape_is_wrong({}, "config.yaml")
    lines = [line for line in str(caught.value).splitlines() if line.endswith("is missing")]
    assert len(lines) == len(set(lines)) > 1
