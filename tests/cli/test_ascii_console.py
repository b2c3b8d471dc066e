"""A console that knows only ASCII gets question marks, not a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOWN = Path(__file__).parents[2] / "examples" / "musterstadt"
MAIN = "from vorort.cli import main; main()"


def test_a_summary_with_umlauts_reaches_an_ascii_console() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    words = [sys.executable, "-c", MAIN, "stress", str(TOWN), "--draws", "2"]
    done = subprocess.run(words, env=env, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode("ascii", "replace")[-800:]
    assert b"Ausl?nderbeh?rde" in done.stdout
    assert b"Traceback" not in done.stderr
