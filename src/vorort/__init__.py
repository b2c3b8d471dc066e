"""Vorort: the capacity ledger of a Kommune, people x places x time."""
