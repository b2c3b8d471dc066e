"""The outlook on the register of today."""
