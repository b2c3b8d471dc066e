"""Households and people."""
