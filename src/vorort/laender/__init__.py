"""The sixteen Länder: what each sets, and "unknown" where nothing was found. German: Länder

One folder a Land with its ``values.yaml``. A rule that is more than a number (Bavaria's Bezirke)
stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vorort.parameters.plain import read_plain
from vorort.problems import Problem, Refused, near_miss
from vorort.vocabulary import LAENDER

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Quotas:
    """Shares of the Bezirke in a Land's arrivals, in percent. German: Bezirksquoten"""

    valid_from: date | None  # None: an earlier state without its first day
    percent: dict[str, float]
    cite: str


def folders() -> tuple[Path, ...]:
    """The folders of all Länder, by abbreviation, to be handed to ``parameters.load``."""
    return tuple(HERE / land for land in sorted(LAENDER))


def values_of(land: str) -> Path:
    """The file in which a Land sets its values; ``Refused`` for an unknown abbreviation."""
    if land not in LAENDER:
        near = near_miss(land.lower(), LAENDER)
        listed = ", ".join(sorted(LAENDER))
        raise Refused([
            Problem(
                "", f"Das Land „{land}“ gibt es nicht.", f"There is no Land “{land}”.",
                f"Gemeint ist wohl „{near}“." if near else f"Eines von: {listed}.",
                f"Probably “{near}” is meant." if near else f"One of: {listed}.",
                column="land",
            )
        ])  # fmt: skip
    return HERE / land / "values.yaml"


def bavarian_quotas(on: date) -> Quotas:
    """Bezirk quotas of Bavaria in force on a day (§ 3 DVAsyl). German: Bezirksquote

    Before the first dated order the previous wording is given with ``valid_from`` None: from
    when it held is not known.
    """
    content = read_plain(HERE / "by" / "quotas.yaml", "by/quotas.yaml")
    if content.problems:
        raise Refused(content.problems)
    held = Quotas(None, {}, "")
    for row in content.tree["bezirke"]:
        since = row["from"] if isinstance(row["from"], date) else None
        if since is None or since <= on:
            held = Quotas(since, {k: float(v) for k, v in row["percent"].items()}, row["cite"])
    return held
