"""Finds what belongs to one machine or one registry in the tracked files.

Prints each place and exits with 1 if there is any. The patterns are written so that this file does
not find itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(?:org|com)|(?:deb|security)\.debia[n]\.org"
    r"|crate[s]\.io|(?<![\w.~-])/(?:wor[k]|roo[t]|hom[e]/\w+|opt/py[p]i)(?![\w-])"
)


def tracked(root: Path) -> list[Path]:
    """The files git knows, or would take in; without git every file outside hidden folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        return [root / name for name in listed.stdout.split("\0") if name]
    return [f for f in root.rglob("*") if f.is_file() and ".venv" not in f.parts]


def places(text: str) -> Iterator[tuple[int, str]]:
    """Line number and finding."""
    for number, line in enumerate(text.splitlines(), start=1):
        for found in FORBIDDEN.finditer(line):
            yield number, found.group()


def findings(root: Path) -> list[str]:
    """``file:line: finding`` for the whole tree."""
    return [
        f"{path.relative_to(root)}:{number}: {found}"
        for path in tracked(root)
        if path.is_file()
        for number, found in places(path.read_text(encoding="utf-8", errors="replace"))
    ]


if __name__ == "__main__":
    everything = findings(ROOT)
    print("\n".join(everything) or "no address of one machine or registry")
    sys.exit(bool(everything))
