"""Vorort: the capacity ledger of a Kommune, people x places x time."""

__version__ = "0.1.0"
