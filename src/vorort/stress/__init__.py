"""Draws, domains, overload: the stress test. German: Belastungsprobe"""
