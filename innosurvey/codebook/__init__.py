"""The codebook: how one raw file becomes canonical variables.

A codebook is the page that an analyst writes to bring in a survey (docs/codebook.md). The story: `spec` holds what it
says as frozen specs; `heading` and `parse` make them from YAML and refuse, with file, line and near name,
whatever could not work.
"""

from innosurvey.codebook.heading import period_of
from innosurvey.codebook.parse import from_yaml
from innosurvey.codebook.spec import Codebook, FileSpec, VariableSource, code_text, name_on_one_line

__all__ = ["Codebook", "FileSpec", "VariableSource", "code_text", "from_yaml", "name_on_one_line", "period_of"]
