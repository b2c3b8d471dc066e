"""Facts about the machine that a figure depends on; nothing that names it."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

Fact = str | int | float | None


def machine() -> dict[str, Fact]:
    """Cores, versions, load of the last minute: so that a busy machine can be seen."""
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    versions = {name: installed(name) for name in ("numpy", "numba", "mesa", "highspy")}
    facts: dict[str, Fact] = {
        "cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine(),
        "python": platform.python_version(), **versions, "load": load,
    }  # fmt: skip
    return facts


def installed(package: str) -> str | None:
    """Version of a package, None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def peak_megabytes() -> float | None:
    """Largest memory that this process has held; None where the system does not say (Windows).

    Linux hands `ru_maxrss` on from the process that started this one, so it is asked elsewhere.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (2**20 if sys.platform == "darwin" else 1024)
