"""Words of runs."""

WORDS = {
    "queued": ("wartet", "waits"),
    "running": ("rechnet", "running"),
    "done": ("fertig", "done"),
    "cancelled": ("abgebrochen", "cancelled"),
    "failed": ("gescheitert", "failed"),
}
