"""The codebook: how one raw file becomes canonical variables.

A codebook is the page that an analyst writes to bring in a survey (docs/codebook.md). The story: `spec` holds what it
says as frozen specs; `parse` makes them from YAML and refuses, with file, line and near name, whatever could not work.
"""

from innosurvey.codebook.parse import from_yaml
from innosurvey.codebook.spec import Codebook, FileSpec, VariableSource, code_text

__all__ = ["Codebook", "FileSpec", "VariableSource", "code_text", "from_yaml"]
