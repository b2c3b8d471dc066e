"""A naive counter: one day, one bed, one person at a time, from plain rows.

It shares no code with `occupancy` and knows blocks and toggles only as day-by-day history:
it walks from the beginning of time to the day asked for and keeps state, where the product
computes intervals.
"""

from datetime import date, timedelta

FIRST = date(2026, 1, 1)


def naive_rows(placements, known_at=None):
    rows = [
        p
        for p in placements
        if known_at is None or p.recorded_at is None or p.recorded_at <= known_at
    ]
    gone = []
    for p in rows:
        gone.append(p.replaces)
    return [p for p in rows if p.id not in gone]


def naive_people(ledger, unit, day, known_at=None):
    """Lists of placement ids: held, confirmed, moved_in, kept."""
    found = {"held": [], "confirmed": [], "moved_in": [], "kept": []}
    for p in naive_rows(ledger.placements, known_at):
        if p.unit != unit or p.from_ is None:
            continue
        is_here = p.from_ <= day
        if p.until is not None and day >= p.until:
            is_here = False
        if p.status == "held" and p.kept_until is not None and day >= p.kept_until:
            is_here = False
        if p.status == "ended" and p.until is None:
            is_here = False
        if not is_here:
            continue
        if p.status == "absent":
            found["kept"].append(p.id)
        elif p.status in ("held", "confirmed", "moved_in", "ended"):
            where = "moved_in" if p.status == "ended" else p.status
            found["kept" if p.second_place else where].append(p.id)
    return found


def naive_places(ledger, facility, day, known_at=None, statuses=("decided",)):
    """unit -> [nominal, blocked], and the number blocked somewhere in the site."""
    site = next(f for f in ledger.facilities if f.id == facility)
    units = sorted((u for u in ledger.units if u.facility == facility), key=lambda u: u.id)
    events = [
        e
        for e in ledger.capacity_events
        if e.status in statuses
        and (known_at is None or e.recorded_at is None or e.recorded_at <= known_at)
    ]
    # every target: shut by whom; a dated history is replayed day by day
    shut = {t: [] for t in [facility, *(u.id for u in units)]}  # list of (until or None)
    blocks = {t: [] for t in shut}  # [places or None, until, lifted]
    if site.opens_on is not None and site.opens_on > FIRST:
        shut[facility].append("before opening")
    d = FIRST
    while d <= day:
        for t in shut:
            shut[t] = [u for u in shut[t] if u != d]
            if t == facility and site.lease_until == d:
                shut[t].append(None)
            for e in events:
                if (
                    e.target == t
                    and e.date == d
                    and e.kind in ("close", "lease_end")
                    and (e.until is None or e.until > d)
                ):
                    shut[t].append(e.until)
            if t == facility and site.opens_on == d:
                shut[t] = [u for u in shut[t] if u != "before opening"]
            if any(e.target == t and e.date == d and e.kind == "open" for e in events):
                shut[t] = []
        for lifting in (True, False):
            for e in sorted(events, key=lambda e: e.id):
                if e.date == d and e.target in shut:
                    _apply(blocks, e, units, facility, lifting)
        d += timedelta(days=1)
    named = {}
    for u in units:
        n = u.places
        for e in events:
            if (
                e.kind == "step"
                and e.target == u.id
                and e.date <= day
                and (e.until is None or day < e.until)
            ):
                n += e.places
        n = max(0, n)
        if shut[facility] or shut[u.id]:
            n = 0
        named[u.id] = [n, min(n, _sum(blocks[u.id], n, day))]
    room = sum(n - b for n, b in named.values())
    return named, min(room, _sum(blocks[facility], room, day))


def _apply(blocks, e, units, facility, lifting):
    kind = {"unblock": "block", "release": "reserve"}.get(e.kind)
    if lifting and kind:
        targets = [e.target]
        if e.target == facility and e.places is None:
            targets += [u.id for u in units]
        for t in targets:
            if e.places is None:
                blocks[t] = [b for b in blocks[t] if b[3] != kind]
                continue
            left = e.places
            for b in blocks[t]:
                if b[3] != kind or (b[1] is not None and b[1] <= e.date) or left == 0:
                    continue
                if b[0] is None:
                    b[2] += left
                    left = 0
                else:
                    while left and b[2] < b[0]:
                        b[2] += 1
                        left -= 1
    if not lifting and e.kind in ("block", "reserve"):
        blocks[e.target].append([e.places, e.until, 0, e.kind])


def _sum(blocks, nominal, day):
    total = 0
    for places, until, lifted, _ in blocks:
        if until is None or day < until:
            total += max(0, (nominal if places is None else places) - lifted)
    return total
