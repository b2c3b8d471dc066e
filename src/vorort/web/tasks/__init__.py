"""Stays in force and what was believed before."""
