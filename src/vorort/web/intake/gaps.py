"""What is not known yet, with the household where it can be entered. German: Unvollständig"""

from __future__ import annotations

from datetime import date
from typing import Any

from vorort.ledger import Gap, incomplete
from vorort.web import bridge, sight


def gaps_for(user: Any, today: date) -> list[tuple[Gap, str]]:
    """Gaps of the households a user may open, each with its household."""
    ledger = bridge.present()
    mine = set(sight.households_for(user).values_list("key", flat=True))
    hidden = sight.hidden_households(user)
    found = []
    for gap in incomplete(ledger):
        if gap.noun == "household":
            key: str | None = gap.id
        else:
            person = gap.id if gap.noun == "person" else ledger.placement[gap.id].person
            key = ledger.household_of(person, today)
        is_place = gap.noun == "placement"
        if key in mine and not (is_place and key in hidden):
            found.append((gap, key or ""))
    return found
