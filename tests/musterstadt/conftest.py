"""The folder of Musterstadt, read once."""

from __future__ import annotations

import pytest
from musterstadt_rows import Town


@pytest.fixture(scope="session")
def town() -> Town:
    """All rows of the folder."""
    return Town()
