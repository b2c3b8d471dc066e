"""Which folders declare the parameters of the outlook. Light: no arrays, no compiled code."""

from __future__ import annotations

from pathlib import Path

from vorort import laender
from vorort.parameters import Catalogue, load

PACKAGES = Path(__file__).parents[1]
DECLARES = "parameters.yaml"


def folders() -> tuple[Path, ...]:
    """Every folder that declares or sets parameters: domains, the run itself, the Länder."""
    domains = sorted(p.parent for p in (PACKAGES / "domains").glob(f"*/{DECLARES}"))
    core = (PACKAGES / name for name in ("arrivals", "lifecourse", "stress"))
    return (*domains, *core, *laender.folders())


def catalogue() -> Catalogue:
    """All declared parameters with federal and Land values."""
    return load(folders())
