"""Offices, sites, units, demand."""
