"""Totals by site and day, kept as sums; see `keeping`. German: Fortschreibung"""
