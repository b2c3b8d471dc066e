"""What holds for every test."""

import gc

from hypothesis import settings

# A machine at work elsewhere is no fault of the code; speed is shown by `vorort bench`.
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

# Looking for cycles among everything that was imported took a twelfth of the time of all tests.
gc.set_threshold(100_000, 50, 100)
