"""Words of runs."""

WORDS = {
    "queued": ("wartet", "waits"),
    "running": ("rechnet", "running"),
    "done": ("fertig", "done"),
    "failed": ("gescheitert", "failed"),
}
