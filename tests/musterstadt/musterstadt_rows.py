"""The folder as plain rows: what is counted here is counted without any code of the ledger."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "musterstadt"
TODAY = "2026-11-23"
Rows = list[dict[str, str]]


class Town:
    """All files of the folder and the simplest questions about them."""

    def __init__(self) -> None:
        self.files: dict[str, Rows] = {}
        for path in FOLDER.glob("*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                self.files[path.stem] = list(csv.DictReader(file, delimiter=";"))
        self.ranges: dict[str, Any] = yaml.safe_load((FOLDER / "ranges.yaml").read_text("utf-8"))
        self.yaml: dict[str, Any] = yaml.safe_load((FOLDER / "town.yaml").read_text("utf-8"))
        replaced = {r["replaces"] for r in self["placements"]}
        self.placements = [r for r in self["placements"] if r["id"] not in replaced]
        self.unit = {u["id"]: u for u in self["units"]}
        self.site = {f["id"]: f for f in self["facilities"]}
        self.household = {h["id"]: h for h in self["households"]}
        # one row a person: the membership in force today
        self.person = {
            p["id"]: p
            for p in self["persons"]
            if not p["member_until"] or p["member_until"] > TODAY
        }
        self.here = {i: p for i, p in self.person.items() if not p["left_on"]}

    def __getitem__(self, file: str) -> Rows:
        return self.files[file]

    def beds(self) -> Rows:
        """Units of accommodation in operation today."""
        return [
            u for u in self["units"]
            if u["domain"] == "accommodation" and self.is_open(self.site[u["facility"]])
        ]  # fmt: skip

    def is_open(self, site: dict[str, str]) -> bool:
        """Opened, lease running, and not only an option to open."""
        opening = {e["target"] for e in self["capacity_events"] if e["kind"] == "open"}
        return site["id"] not in opening and (
            not site["lease_until"] or site["lease_until"] > TODAY
        )

    def blocked(self, unit: str) -> int:
        """Places blocked today by a decided event on the unit."""
        whole = int(self.unit[unit]["places"])
        return sum(
            int(e["places"] or whole) for e in self["capacity_events"]
            if e["target"] == unit and e["kind"] in ("block", "reserve")
            and e["status"] == "decided"
            and e["date"] <= TODAY and (not e["until"] or e["until"] > TODAY)
        )  # fmt: skip

    def using(self, unit: str) -> Rows:
        """Placements that use a bed of the unit tonight."""
        return [
            r for r in self.placements
            if r["unit"] == unit and r["from"] and r["from"] <= TODAY
            and (not r["until"] or r["until"] > TODAY)
            and r["status"] in ("moved_in", "confirmed", "absent", "held")
            and not (r["status"] == "held" and r["kept_until"] and r["kept_until"] <= TODAY)
        ]  # fmt: skip

    def age(self, person: dict[str, str]) -> int | None:
        """Full years; None unless the year is known; a part counts as late as it can be."""
        if not person["born"]:
            return None
        parts = [int(x) for x in person["born"].split("-")]
        year, month, day = (*parts, *(12, 28)[len(parts) - 1 :])
        today = date.fromisoformat(TODAY)
        return today.year - year - ((today.month, today.day) < (month, day))
