"""Asks to the office that owns a place, and its answers."""
