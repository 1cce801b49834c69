"""The codebook: how one raw file becomes canonical variables.

A codebook is the page that an analyst writes to bring in a survey (docs/codebook.md). The story: `spec` holds what it
says as frozen specs; `heading` and `parse` make them from YAML and refuse, with file, line and near name,
whatever could not work (`decide`: what a draft left to a person); `wave` adds what a wave says of a file that it
shares; `offer` tells which answers its questions can have.
"""

from innosurvey.codebook.decide import fail_if_undecided
from innosurvey.codebook.heading import as_period, period_of
from innosurvey.codebook.offer import offers_of
from innosurvey.codebook.parse import from_yaml
from innosurvey.codebook.spec import (
    Codebook,
    FileSpec,
    RowsOfWave,
    VariableSource,
    code_text,
    name_on_one_line,
)
from innosurvey.codebook.wave import of_wave

__all__ = [
    "Codebook", "FileSpec", "RowsOfWave", "VariableSource", "as_period", "code_text", "fail_if_undecided", "from_yaml",
    "name_on_one_line", "of_wave", "offers_of", "period_of",
]  # fmt: skip
