"""An independent clerk: serves one queue day by day with plain lists. Oracle of the kernel.

He knows nothing of lanes, rows or linked lists; each (draw, pool) is a book of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vorort.columns import NEVER


@dataclass
class Ask:
    """One need, as written on a card."""

    number: int
    start: int
    end: int
    gives_up: int
    amount: int
    priority: int
    duration: int
    rounds: int
    is_held: bool = False
    begins: int = NEVER
    ends: int = NEVER
    done: int = NEVER


@dataclass
class Book:
    """The rules of one queue."""

    places: int
    steps: list[tuple[int, int]]  # day, places
    admits: list[int]
    passing: int = 0
    group: tuple[int, int] = (0, 0)
    trigger: tuple[int, int, int, int] = (0, 0, 0, 0)
    tolerated: int = 0
    stays: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # from, until, amount, whose
    waits: list[tuple[int, int, int, int]] = field(default_factory=list)

    def serve(self, asks: list[Ask], horizon: int) -> None:
        """Go through the admission days; fill in the cards, the stays and the waits."""
        back = list(self.steps)  # days on which places come back
        free = self.places
        joins = []  # day, order, ask, rounds left
        for ask in sorted(asks, key=lambda a: (a.start, a.number)):
            if ask.is_held:
                finish = min(ask.end, ask.start + ask.duration)
                ask.begins, ask.ends, ask.done = ask.start, finish, finish
                if finish > 0:
                    free -= ask.amount
                    back.append((finish, ask.amount))
                    self.stays.append((0, finish, ask.amount, ask.number))
            elif ask.start < ask.gives_up and ask.start <= horizon:
                joins.append((ask.start, ask, ask.rounds))
        queue: list[tuple[int, Ask, int]] = []
        yesterday, tense, has_fired = -NEVER, 0, False
        for today in self.admits:
            free += sum(places for day, places in back if yesterday < day <= today)
            free_below, in_a_row, lead, extra = self.trigger
            if in_a_row and not has_fired:
                tense = tense + 1 if free < free_below else 0
                if tense >= in_a_row:
                    has_fired = True
                    later = [d for d in self.admits if d > today]
                    back.append((max(today + lead, later[0] if later else NEVER), extra))
            queue += [j for j in joins if yesterday < j[0] <= today]
            yesterday = today
            for entry in [q for q in queue if q[1].gives_up <= today]:
                queue.remove(entry)
                self.waits.append((entry[0], entry[1].gives_up, entry[1].amount, entry[1].number))
            queue.sort(key=lambda q: q[1].priority)  # stable: first come, first served
            smallest, largest = self.group
            while largest and free >= largest and len(queue) >= max(smallest, 1):
                members, queue = queue[:largest], queue[largest:]
                for entry in members:
                    self._begin(entry, today, joins)
                free -= largest
                back.append((max(today + e[1].duration for e in members), largest))
            skipped = 0
            for entry in [] if largest else list(queue):
                if free <= 0 or skipped > self.passing:
                    break
                if entry[1].amount > free:
                    skipped += 1
                    continue
                queue.remove(entry)
                free -= entry[1].amount
                back.append((self._begin(entry, today, joins), entry[1].amount))
        for day, ask, _ in queue + [j for j in joins if j[0] > yesterday]:
            self.waits.append((day, ask.gives_up, ask.amount, ask.number))
            ask.done = ask.gives_up
        for ask in asks:
            if (
                ask.done == NEVER
                and not ask.is_held
                and ask.start < ask.gives_up
                and ask.start <= horizon
            ):
                ask.done = ask.gives_up

    def _begin(
        self, entry: tuple[int, Ask, int], today: int, joins: list[tuple[int, Ask, int]]
    ) -> int:
        joined, ask, left = entry
        finish = min(ask.end, today + ask.duration)
        ask.begins = min(ask.begins, today)
        ask.ends = finish if left == 1 else NEVER
        ask.done = finish
        self.stays.append((today, finish, ask.amount, ask.number))
        self.waits.append((joined, today, ask.amount, ask.number))
        if left > 1 and finish < ask.gives_up:
            joins.append((finish, ask, left - 1))
            ask.done = ask.gives_up
        return finish

    def count(self, day: int, whose: set[int] | None = None) -> tuple[int, int, int]:
        """Occupied, waiting and overdue places on the evening of a day, of all or of some."""

        def there(spans: list[tuple[int, int, int, int]], later: int = 0) -> int:
            mine = [s for s in spans if whose is None or s[3] in whose]
            return sum(n for a, b, n, _ in mine if max(a + later, 0) <= day < b)

        return there(self.stays), there(self.waits), there(self.waits, self.tolerated)
