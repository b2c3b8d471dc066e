"""What holds for every test."""

import gc

import pytest
from hypothesis import settings

# A machine at work elsewhere is no fault of the code; speed is shown by `vorort bench`.
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

# Looking for cycles among everything that was imported took a twelfth of the time of all tests.
gc.set_threshold(100_000, 50, 100)

LONG = (
    "test_web_browser.py", "test_web_load.py", "test_web_walk.py", "test_demo.py", "test_bench.py",
    "test_web_stateful.py", "test_web_totals.py", "test_web_operations.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes a minute comes first: else one process has it left while the other has nothing."""
    items.sort(key=lambda found: found.path.name not in LONG)
