"""The benchmark town as agents of Mesa 3, the peer: one object a person, one step a month.

Written as a careful user of Mesa would: counters instead of sums, deques for the queues, people
who no longer wait stay in the deque and are skipped.
"""

from __future__ import annotations

from collections import deque

import mesa
import numpy as np
from numpy.typing import NDArray

from vorort.bench import town
from vorort.bench.town import (
    BED,
    COUNSELLED,
    COUNSELLING,
    COURSE,
    COURSE_MONTHS,
    COURSES,
    GROWN_UP,
    KITA,
    LEAVES,
    OWN_FLAT,
    PASSES,
    SCHOOL,
    SCHOOL_AGE,
    SERVICES,
    WORK_AFTER,
    WORK_BEFORE,
)

OUT, WAITS, SERVED = range(3)


class Newcomer(mesa.Agent):  # type: ignore[misc,unused-ignore]
    """One person with a state in each service."""

    def __init__(self, place: Town, age: int) -> None:
        super().__init__(place)
        self.age = age
        self.state = [OUT] * len(SERVICES)
        self.course_ends = 0
        self.courses = 0
        self.has_passed = False
        self.is_working = False
        place.ask(self, BED)
        if age < SCHOOL_AGE:
            place.ask(self, KITA)
        elif age < GROWN_UP:
            place.ask(self, SCHOOL)
        else:
            place.ask(self, COURSE)
            place.ask(self, COUNSELLING)

    def step(self) -> None:
        """Everything that ends this month."""
        place, state, chance = self.model, self.state, self.model.random.random
        if chance() < LEAVES:
            self._leave()
            return
        self.age += 1
        if state[BED] and chance() < OWN_FLAT:
            place.drop(self, BED)
        if self.age == SCHOOL_AGE:
            place.drop(self, KITA)
            place.ask(self, SCHOOL)
        elif self.age == GROWN_UP:
            place.drop(self, SCHOOL)
            place.ask(self, COURSE)
            place.ask(self, COUNSELLING)
        if state[COURSE] == SERVED and place.month >= self.course_ends:
            place.drop(self, COURSE)
            if chance() < PASSES:
                self.has_passed = True
            elif self.courses < COURSES:
                place.ask(self, COURSE)
        if state[COUNSELLING] == SERVED and chance() < COUNSELLED:
            place.drop(self, COUNSELLING)
        seeks = self.age >= GROWN_UP and not self.is_working
        if seeks and chance() < (WORK_AFTER if self.has_passed else WORK_BEFORE):
            self.is_working = True
            place.working += 1

    def _leave(self) -> None:
        for service, state in enumerate(self.state):
            if state:
                self.model.drop(self, service)
        self.model.working -= self.is_working
        self.remove()


class Town(mesa.Model):  # type: ignore[misc,unused-ignore]
    """Queues, places and the count of each month."""

    def __init__(self, seed: int, people: int, places: tuple[int, ...]) -> None:
        super().__init__(rng=seed)
        luck = np.random.default_rng(seed)
        cell = (luck.random(people) * len(town.ARRIVAL_MONTH)).astype(np.int32)
        self.coming = np.bincount(town.ARRIVAL_MONTH[cell], minlength=town.MONTHS)
        kind, part = luck.random(people), luck.random(people)
        school = town.SMALL_SHARE + town.SCHOOL_SHARE
        pupils = np.where(kind < school, SCHOOL_AGE + part * (GROWN_UP - SCHOOL_AGE), GROWN_UP)
        ages = np.where(kind < town.SMALL_SHARE, part * SCHOOL_AGE, pupils)
        self.ages: list[int] = ages.astype(np.int32).tolist()
        self.places = places
        self.month = self.working = 0
        self.used, self.waiting = [0] * len(SERVICES), [0] * len(SERVICES)
        self.queues: list[deque[Newcomer]] = [deque() for _ in SERVICES]
        self.counts = np.zeros((len(town.SERIES), town.MONTHS), np.int32)

    def ask(self, person: Newcomer, service: int) -> None:
        """Join the end of a queue."""
        person.state[service] = WAITS
        self.waiting[service] += 1
        self.queues[service].append(person)

    def drop(self, person: Newcomer, service: int) -> None:
        """Give up a place or the wish for one."""
        state = person.state[service]
        if state == SERVED:
            self.used[service] -= 1
        elif state == WAITS:
            self.waiting[service] -= 1
        person.state[service] = OUT

    def step(self) -> None:
        """One month."""
        self.agents.do("step")
        for _ in range(self.coming[self.month]):
            Newcomer(self, self.ages.pop())
        for service in range(len(SERVICES)):
            self._serve(service)
        self.counts[:, self.month] = *self.used, *self.waiting, self.working
        self.month += 1

    def _serve(self, service: int) -> None:
        queue = self.queues[service]
        while queue and self.used[service] < self.places[service]:
            person = queue.popleft()
            if person.state[service] != WAITS:
                continue
            person.state[service] = SERVED
            self.used[service] += 1
            self.waiting[service] -= 1
            if service == COURSE:
                person.course_ends = self.month + COURSE_MONTHS
                person.courses += 1


def run_agents(
    seed: int, people: int = town.PEOPLE, places: tuple[int, ...] = town.PLACES
) -> NDArray[np.int32]:
    """Counts of one run, shape (series, month)."""
    place = Town(seed, people, places)
    for _ in range(town.MONTHS):
        place.step()
    return place.counts
