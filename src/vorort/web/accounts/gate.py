"""Who writes next: first come, first served. German: Warteschlange

SQLite lets one write at a time, and who waits tries again and again: under load somebody may be
passed over until the wait is given up, and an error is shown. So acts queue at a lock on a file
beside the database before they begin. PostgreSQL queues by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

try:
    import fcntl
except ImportError:  # Windows: SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]


@contextmanager
def gate() -> Iterator[None]:
    """Held from before a transaction of an act begins until it has ended."""
    name = str(connection.settings_dict["NAME"])
    if fcntl is None or connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    handle = os.open(name + ".gate", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # gives the lock back, also when the process is killed
