"""Futures played through after a plan, with and without holding back. German: Nachspielen

After each plan those of a future come to what is left. That problem is small, however large the run
was: only who waits and who comes asks, and only free units count. So each is solved as any run is,
with a work limit; where that ends without proof, the result says "about".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vorort.placement.plan import Plan
from vorort.placement.problem import CLASSES, Member, Party, Problem
from vorort.placement.reserve import Future, Reserve, paid
from vorort.placement.sentences import points_text
from vorort.placement.settle import settled
from vorort.placement.solve import place
from vorort.vocabulary import Text

WORK = 4  # blocks of a search; most are proved without any


@dataclass(frozen=True)
class Replay:
    """Today and then what really came, with and without holding back: one entry a future.

    A positive gain is for holding back. Persons of all classes and points, added over both days.
    ``is_exact``: every plan in it is proved to be the best.
    """

    persons: tuple[int, ...]
    points: tuple[int, ...]
    is_exact: bool = True

    @property
    def words(self) -> Text:
        """Honest also where nothing is gained, and where nothing was played."""
        count = len(self.persons)
        if not count:
            return STOPPED
        about = Text("", "") if self.is_exact else Text("etwa ", "about ")
        if not any(self.persons) and not any(self.points):
            none = Text("kein Unterschied", "no difference") if self.is_exact else Text(
                "kein Unterschied gefunden", "no difference found")  # fmt: skip
            return Text(f"In {count} Zukünften nachgespielt: {none.de}.",
                        f"Replayed in {count} futures: {none.en}.")  # fmt: skip
        people, points = sum(self.persons), points_text(sum(self.points) // max(1, count))
        better = sum(p > 0 for p in self.persons)
        worse = sum(p < 0 for p in self.persons)
        return Text(
            f"In {count} Zukünften nachgespielt: zusammen {about.de}{people:+d} Personen "
            f"untergebracht, im Mittel {about.de}{points.de} Unterschied; besser in {better}, "
            f"schlechter in {worse}.",
            f"Replayed in {count} futures: {about.en}{people:+d} persons placed in all, "
            f"{about.en}{points.en} difference on average; better in {better}, worse in {worse}.",
        )


STOPPED = Text("Angehalten, bevor nachgespielt war.", "Stopped before anything was replayed.")


def replay(problem: Problem, held: Reserve, futures: Sequence[Future]) -> Replay:
    """What holding back gained in futures it did not know."""
    plain = problem.changed(held_back=())
    return replayed(place(plain), place(problem.changed(held_back=held.rows)), futures)


def replayed(
    without: Plan,
    with_it: Plan,
    futures: Sequence[Future],
    stop: Callable[[], bool] = lambda: False,
) -> Replay:
    """The same of two plans: each, and then those of a future in what is left.

    ``stop`` is asked before each future; once it says yes, those played so far are the answer.
    """
    persons, points = [], []
    is_exact = without.is_proved and with_it.is_proved
    for number, future in enumerate(futures):
        if stop():
            break
        found = []
        for plan in (without, with_it):
            then = place(_rest(plan, future, number), rounds=WORK)
            is_exact = is_exact and then.is_proved
            people = sum(plan.placed[c] + then.placed[c] for c in CLASSES)
            found.append((people, plan.objective + paid(plan) + then.objective))
        persons.append(found[1][0] - found[0][0])
        points.append(found[1][1] - found[0][1])
    return Replay(tuple(persons), tuple(points), is_exact)


def _rest(plan: Plan, future: Future, number: int) -> Problem:
    """What is left after a plan, for those who wait and those of a future."""
    placed = [a for a in plan.assigned if a.home is not None]
    others = [p.id for p in plan.problem.parties if not p.asks_home]
    left = settled(plan.problem.changed(held_back=()), placed, plan.seats)
    waiting = tuple(replace(p, seats=()) for p in left.parties if p.id not in others)
    return left.changed(parties=(*waiting, *_people(future, number)), held_back=())


def _people(future: Future, number: int) -> list[Party]:
    """Households of a future: an adult and children, known as far as the outlook knows them."""
    found = []
    for (size, access), count in sorted(future.items()):
        for n in range(count):
            name = f"future-{number}-{size}-{int(access)}-{n}"
            members = tuple(
                Member(f"{name}.{k}", 35 if k < 2 else 8, "m" if k % 2 else "f")
                for k in range(size)
            )
            found.append(Party(name, members, size, access))
    return found
