"""What only shows when the files of `place` are read beside the rest: targets, codes, pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from vorort.files.placing_tables import (
    EXCLUSIONS,
    LOCKS,
    NEEDS,
    OPEN_NEEDS,
    REACH,
    REQUESTS,
    WISHES,
)
from vorort.files.reading import Complaints, Row
from vorort.problems import near_miss
from vorort.vocabulary import Text

# Codes of needs.csv that are known also where no unit offers them; `own_bath` asks for the feature
# `bath`. A register's form offers all of them: that nobody has a quiet place is told, not refused.
CODES = (
    "own_unit", "protected", "screening_open", "interpreter", "step_free", "own_bath",
    "ground_floor", "women_only", "near_hospital", "quiet", "lockable", "pets",
)  # fmt: skip
DOMAINS = ("accommodation", "childcare", "school", "language", "counselling", "mentoring")


class PlacingCheck:
    """Complaints about rows that each by itself could be read."""

    def __init__(
        self,
        rows: Mapping[str, Sequence[Row]],
        known: Mapping[str, Iterable[str] | None],
        complaints: Complaints,
    ) -> None:
        self._rows, self._complaints = rows, complaints
        self._known = {name: None if ids is None else set(ids) for name, ids in known.items()}

    def run(self) -> None:
        """Everything."""
        self._codes()
        self._wishes()
        self._exclusions()
        self._members()
        self._locks()
        self._reach()
        self._requests()

    def _say(self, file: str, row: Row, column: str, reason: Text, remedy: Text) -> None:
        self._complaints.add(file, reason, remedy, row.number, column)

    def _unknown(self, file: str, row: Row, column: str, known: Iterable[str]) -> None:
        word, near = str(row[column]), near_miss(str(row[column])[:60], known)
        listed = ", ".join(sorted(known)[:20])
        self._say(
            file, row, column,
            Text(f"{word[:60]!r} gibt es nicht.", f"{word[:60]!r} does not exist."),
            Text(
                f"Gemeint: {near}?" if near else f"Möglich: {listed}.",
                f"Did you mean {near}?" if near else f"Possible: {listed}.",
            ),
        )  # fmt: skip

    def _codes(self) -> None:
        """A code is a word of ours or a feature some unit has: anything else helps nobody."""
        features = {f for row in self._rows.get("units.csv", ()) for f in row["features"] or ()}
        known = features | set(CODES)
        for row in self._rows.get(NEEDS.file, ()):
            if row["code"] not in known:
                self._unknown(NEEDS.file, row, "code", known)
            if row["language"] is not None and row["code"] != "interpreter":
                self._say(
                    NEEDS.file, row, "language",
                    Text("Eine Sprache gehört nur zu interpreter.",
                         "A language goes with interpreter only."),
                    Text("Zelle leeren.", "Clear the cell."),
                )  # fmt: skip

    def _wishes(self) -> None:
        ids = {
            "district": self._known.get("district"),
            "facility": self._known.get("facility"),
            "near": self._known.get("household"),
        }
        for row in self._rows.get(WISHES.file, ()):
            known = ids[row["kind"]]
            if known is not None and row["target"] not in known:
                self._unknown(WISHES.file, row, "target", known)

    def _exclusions(self) -> None:
        buildings: defaultdict[str, set[str]] = defaultdict(set)
        for unit in self._rows.get("units.csv", ()):
            buildings[unit["facility"]].add(unit["building"] or "")
        for row in self._rows.get(EXCLUSIONS.file, ()):
            if (row["other"] is None) == (row["facility"] is None):
                self._say(
                    EXCLUSIONS.file, row, "other",
                    Text("Genau eines gehört dazu: other oder facility.",
                         "Exactly one belongs here: other or facility."),
                    Text("Das andere leer lassen.", "Leave the other one blank."),
                )  # fmt: skip
            known = buildings.get(row["facility"] or "", set())
            if row["building"] is not None and row["building"] not in known:
                self._unknown(EXCLUSIONS.file, row, "building", known)
            if row["other"] is not None and row["other"] == row["household"]:
                self._say(
                    EXCLUSIONS.file, row, "other",
                    Text("Zweimal derselbe Haushalt.", "The same household twice."),
                    Text("Den anderen Haushalt eintragen.", "Enter the other household."),
                )  # fmt: skip

    def _members(self) -> None:
        """A named person belongs to the named household; only domains that can be placed."""
        belongs: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._rows.get("persons.csv", ()):
            belongs[row["household"]].add(row["id"])
        for file in (OPEN_NEEDS.file, NEEDS.file):
            for row in self._rows.get(file, ()):
                if row["person"] is not None and row["person"] not in belongs[row["household"]]:
                    self._say(
                        file, row, "person",
                        Text(f"{row['person']} gehört nicht zu {row['household']}.",
                             f"{row['person']} does not belong to {row['household']}."),
                        Text("Haushalt oder Person berichtigen.",
                             "Correct the household or the person."),
                    )  # fmt: skip
        for row in self._rows.get(OPEN_NEEDS.file, ()):
            if row["domain"] not in DOMAINS:
                self._unknown(OPEN_NEEDS.file, row, "domain", DOMAINS)
            if row["domain"] == "accommodation" and row["person"] is not None:
                self._say(
                    OPEN_NEEDS.file, row, "person",
                    Text("Ein Haushalt wird nicht geteilt: eine Unterkunft gilt für alle.",
                         "A household is not split: a home is for all of it."),
                    Text("Zelle leeren oder den Haushalt zuerst trennen.",
                         "Clear the cell, or separate the household first."),
                )  # fmt: skip

    def _locks(self) -> None:
        """Two locks of one household name adjoining units: it cannot live in two places."""
        near = {row["id"]: set(row["adjoins"] or ()) for row in self._rows.get("units.csv", ())}
        fixed: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._rows.get(LOCKS.file, ()):
            if row["kind"] == "lock":
                fixed[row["household"]].append(row)
        for rows in fixed.values():
            for row in rows[1:]:
                first = rows[0]["unit"]
                if row["unit"] not in near.get(first, set()):
                    self._say(
                        LOCKS.file, row, "unit",
                        Text(f"Schon in {first} festgelegt, und beide sind nicht verbunden.",
                             f"Already locked to {first}, and the two do not adjoin."),
                        Text("Eine der Zeilen löschen.", "Delete one of the rows."),
                    )  # fmt: skip

    def _reach(self) -> None:
        seen: dict[tuple[str, str], Row] = {}
        for row in self._rows.get(REACH.file, ()):
            back = seen.get((row["other"], row["district"]))
            if back is not None and back["minutes"] != row["minutes"]:
                self._say(
                    REACH.file, row, "minutes",
                    Text(f"Zeile {back.number} sagt {back['minutes']} für denselben Weg.",
                         f"Row {back.number} says {back['minutes']} for the same way."),
                    Text("Eine der Zeilen löschen.", "Delete one of the rows."),
                )  # fmt: skip
            seen[row["district"], row["other"]] = row

    def _requests(self) -> None:
        """A place is of the domain asked for. Its site may have another owner by now: no fault."""
        units = {row["id"]: row for row in self._rows.get("units.csv", ())}
        for row in self._rows.get(REQUESTS.file, ()):
            for column in ("unit", "offer_unit"):
                unit = units.get(row[column] or "")
                if unit is not None and unit["domain"] != row["domain"]:
                    self._say(
                        REQUESTS.file, row, column,
                        Text(f"{unit['id']} ist kein Platz für {row['domain']}.",
                             f"{unit['id']} is no place of {row['domain']}."),
                        Text("Einheit oder Handlungsfeld berichtigen.",
                             "Correct the unit or the domain."),
                    )  # fmt: skip
            self._offer(row)

    def _offer(self, row: Row) -> None:
        """Unit and day of an offer: both there once something was offered, none before."""
        for column in ("offer_unit", "offer_from"):
            is_there, is_due = row[column] is not None, row["status"] != "open"
            if is_there == is_due:
                continue
            self._say(
                REQUESTS.file, row, column,
                Text(f"Fehlt bei {row['status']}.", f"Is missing with {row['status']}.")
                if is_due
                else Text("Noch ist nichts angeboten.", "Nothing has been offered yet."),
                Text("Eintragen, was angeboten oder zugesagt ist.",
                     "Enter what was offered or given.")
                if is_due
                else Text("Zelle leeren, oder status: countered.",
                          "Clear the cell, or status: countered."),
            )  # fmt: skip
