"""The ordinary life of a placement: hold, confirm, move in, be absent, transfer, end.

Every act is a pure function from a ledger to a ledger; it raises `Refused` with every reason at
once and then has changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from vorort.ledger.acts import checks
from vorort.ledger.acts.entry import (
    Entry,
    beside,
    fresh_id,
    in_force,
    refusal,
    refuse_if,
    saved,
    version,
)
from vorort.ledger.book import Ledger
from vorort.ledger.occupancy import is_expired
from vorort.problems import Problem
from vorort.vocabulary import Placement, Text

ENDINGS = ("moved", "own_flat", "left", "died", "unknown", "other")


def checked(
    before: Ledger,
    rows: Sequence[Placement],
    entry: Entry,
    *,
    despite: str = "",
    over: bool = False,
) -> Ledger:
    """The ledger with these rows, if no rule speaks against it; ``over`` skips the places test."""
    after = saved(before, rows)
    rows = after.placements[len(before.placements) :]
    problems: list[Problem] = [*checks.minors(after, rows), *checks.days_in_order(rows)]
    problems += checks.gone(after, rows)
    problems += checks.sleeps_twice(after, rows, entry)
    problems += checks.one_party(after, rows, entry)
    problems += checks.sex_rule(after, rows, entry, despite)
    if not over:
        problems += checks.too_full(before, after, rows, entry)
    refuse_if(problems)
    return after


def request(
    ledger: Ledger,
    people: Iterable[str],
    domain: str,
    on: date,
    entry: Entry,
    unit: str | None = None,
) -> Ledger:
    """Ask for places: waiting, or asking the office that owns ``unit``. German: Anfrage"""
    rows: list[Placement] = []
    for person in people:
        refuse_if(checks.known_beds(ledger, [(person, unit)] if unit else []))
        name = fresh_id(ledger, f"{person}-{domain}", [r.id for r in rows])
        rows.append(Placement(name, person, domain, "requested", unit, on, recorded_at=entry.at))
    return saved(ledger, rows)


def hold(
    ledger: Ledger,
    beds: Mapping[str, str],
    from_: date,
    entry: Entry,
    *,
    expires: date,
    until: date | None = None,
    despite: str = "",
) -> Ledger:
    """Hold a unit for each person until ``expires``, the first day it no longer counts.

    ``beds``: unit by person, a household over adjoining units too. German: Vormerkung
    """
    refuse_if(checks.known_beds(ledger, beds.items()))
    refuse_if([_run_out()] if expires <= entry.today else [])
    rows = _rows(ledger, beds, from_, until, entry)
    rows = [replace(row, status="held", kept_until=expires) for row in rows]
    return checked(ledger, rows, entry, despite=despite)


def extend(ledger: Ledger, ids: Sequence[str], expires: date, entry: Entry) -> Ledger:
    """A hold counts until another day; one that has run out only if the place is still free.

    German: Vormerkung verlängern
    """
    found = in_force(ledger, ids, entry, "held")
    refuse_if([_run_out()] if expires <= entry.today else [])
    return checked(ledger, [version(ledger, r, entry, kept_until=expires) for r in found], entry)


def _run_out() -> Problem:
    return refusal(
        Text("Die Vormerkung wäre schon abgelaufen.", "The hold would have expired already."),
        Text("Ein späteres Ende wählen.", "Choose a later end."),
    )


def _rows(
    ledger: Ledger, beds: Mapping[str, str], from_: date, until: date | None, entry: Entry
) -> list[Placement]:
    rows = []
    for person, unit in beds.items():
        name = fresh_id(ledger, f"{person}-{unit}")
        domain = ledger.unit[unit].domain
        rows.append(
            Placement(
                name, person, domain, "confirmed", unit, None, from_, until, recorded_at=entry.at
            )
        )
    return rows


def not_owner(ledger: Ledger, units: Iterable[str | None], entry: Entry) -> list[Problem]:
    """Only the owning office confirms; for the rest there is a request."""
    owners = {ledger.facility[ledger.unit[u].facility].owner for u in units if u is not None}
    return [
        refusal(
            Text(
                f"Nur {owner} darf diesen Platz bestätigen, nicht {entry.office}.",
                f"Only {owner} may confirm this place, not {entry.office}.",
            ),
            Text("Eine Anfrage stellen.", "Make a request."),
        )
        for owner in sorted(owners - {entry.office})
    ]


def confirm(ledger: Ledger, ids: Sequence[str], entry: Entry, *, despite: str = "") -> Ledger:
    """The owning office confirms held, proposed or requested places. German: Bestätigung

    An expired hold is confirmed if the place is still free; the new version says so.
    """
    found = in_force(ledger, ids, entry, "held", "requested", "proposed")
    problems = not_owner(ledger, (r.unit for r in found), entry)
    for row in found:
        if row.unit is None or row.from_ is None:
            problems.append(
                refusal(
                    Text(
                        f"Belegung {row.id} hat keine Einheit oder keinen Beginn.",
                        f"Placement {row.id} has no unit or no beginning.",
                    ),
                    Text("Zuerst beides angeben.", "Give both first."),
                )
            )
    refuse_if(problems)
    rows = []
    for row in found:
        late = is_expired(row, entry.today)
        source = "hold had expired; place was still free" if late else row.source
        rows.append(version(ledger, row, entry, status="confirmed", kept_until=None, source=source))
    return checked(ledger, rows, entry, despite=despite)


def grant(
    ledger: Ledger, person: str, unit: str, from_: date, entry: Entry, *, until: date | None = None
) -> Ledger:
    """The owning office gives a place that was asked for; who waits for one waits no longer.

    German: Zusage
    """
    refuse_if([*checks.known_beds(ledger, [(person, unit)]), *not_owner(ledger, [unit], entry)])
    domain = ledger.unit[unit].domain
    waits = [
        r for r in ledger.current
        if r.person == person and r.domain == domain and r.status == "requested"
    ]  # fmt: skip
    if not waits:
        row = _rows(ledger, {person: unit}, from_, until, entry)[0]
    else:
        row = version(
            ledger, waits[0], entry, status="confirmed", unit=unit, from_=from_, until=until
        )
    return checked(ledger, [row], entry)


def move_in(ledger: Ledger, ids: Sequence[str], on: date, entry: Entry) -> Ledger:
    """They came on a day. German: Einzug"""
    found = in_force(ledger, ids, entry, "confirmed")
    rows = [version(ledger, row, entry, status="moved_in", from_=on) for row in found]
    return checked(ledger, rows, entry)


def keep(ledger: Ledger, ids: Sequence[str], on: date, kept_until: date, entry: Entry) -> Ledger:
    """Away from a day on; the place is kept until a person ends it. German: freigehalten"""
    rows: list[Placement] = []
    for row in _within_stay(ledger, ids, on, entry, "moved_in"):
        rows += _split(ledger, row, on, entry, status="absent", kept_until=kept_until)
    return checked(ledger, rows, entry)


def come_back(ledger: Ledger, ids: Sequence[str], on: date, entry: Entry) -> Ledger:
    """Back from absence on a day. German: Rückkehr"""
    rows: list[Placement] = []
    for row in _within_stay(ledger, ids, on, entry, "absent"):
        rows += _split(ledger, row, on, entry, status="moved_in", kept_until=None)
    return checked(ledger, rows, entry)


def _split(
    ledger: Ledger, row: Placement, on: date, entry: Entry, **changes: object
) -> list[Placement]:
    """The row up to a day, and from that day on with changes."""
    if row.from_ == on:
        return [version(ledger, row, entry, **changes)]
    first = version(ledger, row, entry, until=on, ended_reason=str(changes["status"]))
    return [first, beside(ledger, row, first, entry, from_=on, **changes)]


def _within_stay(
    ledger: Ledger, ids: Sequence[str], on: date, entry: Entry, *statuses: str
) -> list[Placement]:
    found = in_force(ledger, ids, entry, *statuses)
    refuse_if(
        refusal(
            Text(
                f"{on} liegt nicht im Aufenthalt {row.from_} bis {row.until or 'offen'}.",
                f"{on} is not within the stay from {row.from_} to {row.until or 'open'}.",
            ),
            Text(
                "Tag prüfen oder den Eintrag zuerst berichtigen.",
                "Check the day, or correct the entry first.",
            ),
        )
        for row in found
        if row.from_ is None or on < row.from_ or (row.until is not None and on > row.until)
    )
    return found


def move_out(ledger: Ledger, ids: Sequence[str], on: date, reason: str, entry: Entry) -> Ledger:
    """The stay ended on a day; the night of that day is free. German: Auszug"""
    refuse_if(
        [
            refusal(
                Text(f"Unbekannter Grund {reason}.", f"Unknown reason {reason}."),
                Text(f"Möglich: {', '.join(ENDINGS)}.", f"Possible: {', '.join(ENDINGS)}."),
            )
        ]
        if reason not in ENDINGS
        else []
    )
    rows: list[Placement] = []
    for row in _within_stay(ledger, ids, on, entry, "moved_in", "absent"):
        rows.append(_ended(ledger, row, on, reason, entry))
    return checked(ledger, rows, entry)


def _ended(ledger: Ledger, row: Placement, on: date, reason: str, entry: Entry) -> Placement:
    """The version that ends on a day. A planned end stays what it is; kept nights stay kept."""
    over = row.status == "moved_in" and on <= entry.today
    status = "ended" if over else row.status
    return version(ledger, row, entry, status=status, until=on, ended_reason=reason)


def transfer(
    ledger: Ledger,
    beds: Mapping[str, str],
    on: date,
    entry: Entry,
    *,
    despite: str = "",
    until: date | None = None,
) -> Ledger:
    """Move people on a day from where they are to other units; both changes or none. German: Umzug

    A hold of theirs in the new unit is used up.
    """
    refuse_if([*checks.known_beds(ledger, beds.items())])
    refuse_if(not_owner(ledger, beds.values(), entry))
    left, used = leaving(ledger, beds, on, entry), []
    for person, unit in beds.items():
        for row in ledger.rows_of.get(person, ()):
            if row.status == "held" and row.unit == unit:
                used.append(
                    version(ledger, row, entry, status="cancelled", ended_reason="confirmed")
                )
    between = saved(ledger, [*left, *used])
    return checked(between, _rows(between, beds, on, until, entry), entry, despite=despite)


def leaving(ledger: Ledger, beds: Mapping[str, str], on: date, entry: Entry) -> list[Placement]:
    """Versions that end on a day the places in which people now sleep, of the same domain."""
    rows = []
    for person, unit in beds.items():
        for row in ledger.rows_of.get(person, ()):
            sleeps = row.status in ("confirmed", "moved_in") and not row.second_place
            if not sleeps or row.domain != ledger.unit[unit].domain or row.from_ is None:
                continue
            if row.from_ >= on:
                rows.append(version(ledger, row, entry, status="cancelled", ended_reason="moved"))
            elif row.until is None or row.until > on:
                rows.append(_ended(ledger, row, on, "moved", entry))
    return rows


def cancel(ledger: Ledger, ids: Sequence[str], reason: str, entry: Entry) -> Ledger:
    """Take back what has not begun, also an offer that was refused. German: Absage"""
    found = in_force(ledger, ids, entry, "proposed", "requested", "held", "confirmed")
    rows = [version(ledger, row, entry, status="cancelled", ended_reason=reason) for row in found]
    return saved(ledger, rows)


def no_show(ledger: Ledger, ids: Sequence[str], entry: Entry) -> Ledger:
    """A person decided: they did not come. German: nicht erschienen"""
    found = in_force(ledger, ids, entry, "held", "confirmed")
    return saved(ledger, [version(ledger, row, entry, status="no_show") for row in found])
