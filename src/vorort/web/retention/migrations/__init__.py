"""Deleting people and keeping the counts."""
