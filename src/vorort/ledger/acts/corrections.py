"""Corrections and backdated entries: a new version with a reason, conflicts shown first."""

from __future__ import annotations

from typing import Any

from vorort.ledger.acts import checks
from vorort.ledger.acts.entry import Entry, in_force, refusal, refuse_if, saved, version
from vorort.ledger.book import Ledger
from vorort.problems import Problem
from vorort.vocabulary import Placement, Text

STATUSES = (
    "proposed",
    "requested",
    "held",
    "confirmed",
    "moved_in",
    "absent",
    "ended",
    "cancelled",
    "no_show",
)
MAY_CHANGE = frozenset(
    (
        "unit",
        "status",
        "requested_on",
        "from_",
        "until",
        "ended_reason",
        "kept_until",
        "over_occupancy_reason",
        "over_until",
        "second_place",
    )
)


def conflicts(ledger: Ledger, row: Placement, entry: Entry) -> list[Problem]:
    """What a corrected row hits among all entries, all together; nothing is resolved silently."""
    after = saved(ledger, [row])
    found = [*checks.one_party(after, [row], entry), *checks.sex_rule(after, [row], entry)]
    return [*found, *checks.too_full(ledger, after, [row], entry)]


def correct(
    ledger: Ledger,
    placement: str,
    reason: str,
    entry: Entry,
    *,
    seen: tuple[Problem, ...] = (),
    **changes: Any,
) -> Ledger:
    """Replace what a row says. German: Berichtigung

    Raises `Refused` with every conflict; called again with those as ``seen`` it saves, because
    facts are facts (over-occupancy then says why). Sleeping twice is never saved: correct the
    other entry.
    """
    refuse_if(_not_allowed(changes, reason))
    row = in_force(ledger, [placement], entry, *STATUSES)[0]
    new = version(ledger, row, entry, source=f"corrected: {reason}", **changes)
    after = saved(ledger, [new])
    unit = [(new.person, new.unit)] if new.unit is not None else []
    refuse_if(checks.known_beds(ledger, unit))
    hard = [*checks.days_in_order([new]), *checks.sleeps_twice(after, [new], entry)]
    if new.unit is not None and new.unit != row.unit:
        hard += checks.minors(after, [new])
    soft = conflicts(ledger, new, entry)
    if hard or any(problem not in seen for problem in soft):
        refuse_if([*hard, *soft])
    if soft and new.over_occupancy_reason is None:
        new = version(
            ledger, row, entry, source=new.source, **{**changes, "over_occupancy_reason": reason}
        )
    return saved(ledger, [new])


def _not_allowed(changes: dict[str, Any], reason: str) -> list[Problem]:
    found = [
        refusal(
            Text(f"{name} lässt sich nicht berichtigen.", f"{name} cannot be corrected."),
            Text("Den Eintrag absagen und neu anlegen.", "Cancel the entry and make a new one."),
        )
        for name in sorted(set(changes) - MAY_CHANGE)
    ]
    if not reason.strip():
        found.append(
            refusal(
                Text("Eine Begründung fehlt.", "A reason is missing."),
                Text("Begründung eintragen.", "Give a reason."),
            )
        )
    return found
