"""The full input of a run, kept so that it can be repeated; what is about people hangs on them.

A problem is taken apart: a frame without anybody (units, seats, rules, ways) and a row for each
household, member, wish, exclusion, lock and each one who lives somewhere. Put together again it is
the same problem, as long as no row is gone. German: Momentaufnahme
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from vorort.placement import (
    HeldSeat,
    LeftOut,
    Lodging,
    Member,
    Party,
    Problem,
    SeatNeed,
    There,
)
from vorort.placement.packing import canonical, digest, packed, unpacked
from vorort.placement.snapshot import input_hash
from vorort.vocabulary import Exclusion, Lock, Wish
from vorort.web.intake.models import Household, Person
from vorort.web.proposals.models import Run, RunInput
from vorort.web.town.models import Announcement

FRAMED = ("parties", "exclusions", "locks", "left_out", "lodgings")
OF_PERSON = "person:"  # somebody placed without a household


def keep(run: Run, problem: Problem) -> None:
    """Write frame and rows; how many there are, and the hashes, into the run."""
    frame = packed(problem, *FRAMED)
    frame["lodgings"] = [packed(x, "there") for x in problem.lodgings]
    rows = [RunInput(run=run, **row) for row in Ids().rows(problem)]
    RunInput.objects.bulk_create(rows, batch_size=500)
    run.frame, run.inputs = canonical(frame), len(rows)
    run.content = input_hash(problem)
    run.rules = digest(canonical(packed(problem.rulebook)))
    run.save()


class Ids:
    """Ids of the rows of the register by the key a problem knows."""

    def __init__(self) -> None:
        self.households = dict(Household.objects.values_list("key", "id"))
        self.people = dict(Person.objects.values_list("key", "id"))
        self.announced = dict(Announcement.objects.values_list("key", "id"))

    def whom(self, key: str, other: str | None = None) -> dict[str, Any]:
        """The columns that make a row die with whom it is about."""
        return {
            "household_id": self.households.get(key),
            "other_id": self.households.get(other or ""),
            "announced_id": self.announced.get(key),
            "person_id": self.people.get(key.removeprefix(OF_PERSON)),
        }

    def rows(self, problem: Problem) -> Iterator[dict[str, Any]]:
        """Every row that is about somebody."""
        for party in problem.parties:
            yield from self._party(party)
        for one in problem.exclusions:
            yield self._row("exclusion", one, one.household, one.other)
        for lock in problem.locks:
            yield self._row("lock", lock, lock.household)
        for out in problem.left_out:
            yield self._row("left_out", out, out.party)
        for lodging in problem.lodgings:
            for there in lodging.there:
                yield self._row("there", there, there.party, unit=lodging.id)

    def _row(
        self, kind: str, noun: Any, key: str, other: str | None = None, **more: Any
    ) -> dict[str, Any]:
        text = canonical({"noun": packed(noun), **more})
        return {"kind": kind, "text": text, **self.whom(key, other)}

    def _party(self, party: Party) -> Iterator[dict[str, Any]]:
        text = {"noun": packed(party, "members", "seats", "held", "wishes")}
        yield {"kind": "party", "text": canonical(text), **self.whom(party.id)}
        for part in (*party.members, *party.seats, *party.held):
            person = part.id if isinstance(part, Member) else part.person  # type: ignore[attr-defined]
            found = self._row(type(part).__name__, part, party.id, party=party.id)
            yield {**found, "person_id": self.people.get(person)}
        for wish in party.wishes:
            near = wish.target if wish.kind == "near" else None
            yield self._row("Wish", wish, party.id, near, party=party.id)


def problem_of(run: Run) -> Problem:
    """The problem of a run, of what is left of it."""
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind, text in run.rows.order_by("id").values_list("kind", "text"):
        rows[kind].append(json.loads(text))
    frame = json.loads(run.frame)
    lodgings = frame.pop("lodgings")
    there: defaultdict[str, list[There]] = defaultdict(list)
    for row in rows["there"]:
        there[row["unit"]].append(unpacked(There, row["noun"]))
    return unpacked(
        Problem, frame, parties=_parties(rows),
        lodgings=tuple(unpacked(Lodging, x, there=tuple(there[x["unit"]["id"]]))
                       for x in lodgings),
        exclusions=_all(Exclusion, rows["exclusion"]), locks=_all(Lock, rows["lock"]),
        left_out=_all(LeftOut, rows["left_out"]),
    )  # type: ignore[no-any-return]  # fmt: skip


def _all(noun: type[Any], rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(unpacked(noun, row["noun"]) for row in rows)


def _parties(rows: dict[str, list[dict[str, Any]]]) -> tuple[Party, ...]:
    parts: dict[str, defaultdict[str, list[Any]]] = {}
    for noun in (Member, SeatNeed, HeldSeat, Wish):
        found = parts[noun.__name__] = defaultdict(list)
        for row in rows[noun.__name__]:
            found[row["party"]].append(unpacked(noun, row["noun"]))
    return tuple(
        unpacked(
            Party, noun, members=tuple(parts["Member"][noun["id"]]),
            seats=tuple(parts["SeatNeed"][noun["id"]]), held=tuple(parts["HeldSeat"][noun["id"]]),
            wishes=tuple(parts["Wish"][noun["id"]]),
        )
        for noun in (row["noun"] for row in rows["party"])
    )  # fmt: skip


def is_repeatable(run: Run) -> bool:
    """Is every row of the input still there?"""
    return bool(run.frame) and run.rows.count() == run.inputs
