"""The real Colombian firms, made once for all comparisons with R."""

from pathlib import Path

import pandas as pd
import pytest

from tests.independent.colombia import colombian_firms


@pytest.fixture(scope="session")
def colombian(root: Path, shared: Path) -> pd.DataFrame:
    """The Colombian firms of the four waves; the test is skipped where their files are absent."""
    return colombian_firms(root, shared / "data/colombia_edits")
