"""A hold that ends at an hour: when it has come, the register says so itself. German: verfallen

The ledger counts days; an hour within a day is kept beside the stay. Whoever opens a page or holds
a place after that hour finds it free, and the trail says when it fell free.
"""

from __future__ import annotations

import uuid

from vorort.ledger import Ledger
from vorort.ledger.acts import Entry
from vorort.ledger.acts.entry import saved, version
from vorort.web import clock
from vorort.web.accounts.models import Act
from vorort.web.placing.models import Stay


def write_due() -> int:
    """Every hold whose hour has come counts no more from today; how many stays that were."""
    from vorort.web.placing.actions import on_stays

    waiting = Stay.objects.filter(status="held", expires_at__lte=clock.now())
    names = tuple(sorted(waiting.values_list("key", flat=True)))
    if not names:
        return 0

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        rows = [
            r for r in ledger.current
            if r.id in names and r.status == "held" and (r.kept_until or entry.today) > entry.today
        ]  # fmt: skip
        return saved(ledger, [version(ledger, r, entry, kept_until=entry.today) for r in rows])

    def after(act: Act) -> None:
        Stay.objects.filter(key__in=names).update(expires_at=None)  # counted by day already

    on_stays(None, uuid.uuid4(), "lapse", names, change, after=after)
    return len(names)
