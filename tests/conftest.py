"""What holds for every test."""

from hypothesis import settings

# A machine at work elsewhere is no fault of the code; speed is shown by `vorort bench`.
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")
