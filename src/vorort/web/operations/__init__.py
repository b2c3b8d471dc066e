"""Backup, restore, upgrade, health."""
