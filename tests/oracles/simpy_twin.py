"""An event-driven twin of the queue: one SimPy process per need, one for the desk that admits.

It knows no lanes, rows or tallies. A day D has four moments: at D places come back, at D + 1/4
people join or give up, at D + 1/2 the desk admits (on admission days), at D + 3/4 it is counted.
Ties: who joined earlier goes first; of one day those in file order, then who comes back for
another round in the order in which they were admitted.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

JOIN, ADMIT, COUNT = 0.25, 0.5, 0.75
Life = Generator[simpy.Event, Any, None]


@dataclass
class Client:
    """What one need asks for, and what became of it (None: never)."""

    start: int
    end: int
    gives_up: int
    amount: int = 1
    priority: int = 0
    duration: int = 10**6
    rounds: int = 1
    holds: bool = False
    first: int | None = None
    last: int | None = None


@dataclass
class Rules:
    """How the desk works."""

    places: int
    admission_days: frozenset[int]
    passing: int = 0
    group: tuple[int, int] | None = None  # smallest, largest
    steps: tuple[tuple[int, int], ...] = ()
    tolerated: int = 0


@dataclass
class Ticket:
    """A client in the waiting room."""

    client: Client
    joined: int
    called: simpy.Event


@dataclass
class Office:
    """The waiting room, the shelf of free places and the day's count."""

    rules: Rules
    horizon: int
    env: simpy.Environment = field(default_factory=simpy.Environment)
    room: list[Ticket] = field(default_factory=list)
    inside: int = 0
    counts: list[tuple[int, int, int]] = field(default_factory=list)
    free: int = 0

    def run(self, clients: list[Client]) -> None:
        self.free = self.rules.places
        for day, places in self.rules.steps:
            self.env.process(self.later(day, places))
        for client in sorted((c for c in clients if c.holds), key=lambda c: c.start):
            self.env.process(self.stays(client))
        for client in sorted((c for c in clients if not c.holds), key=lambda c: c.start):
            if client.start < client.gives_up and client.start <= self.horizon:
                self.env.process(self.comes(client))
        self.env.process(self.desk())
        self.env.process(self.counter())
        self.env.run(until=self.horizon + 1)

    def at(self, moment: float) -> simpy.Event:
        return self.env.timeout(max(moment - self.env.now, 0.0))

    def later(self, day: int, places: int) -> Life:
        yield self.at(day)
        self.free += places

    def stays(self, client: Client) -> Life:
        until = min(client.end, client.start + client.duration)
        client.first, client.last = client.start, until
        if until > 0:
            self.free -= client.amount
            self.inside += client.amount
            yield self.at(until)
            self.inside -= client.amount
            self.free += client.amount

    def comes(self, client: Client) -> Life:
        yield self.at(client.start + JOIN)
        joined = client.start
        for left in reversed(range(client.rounds)):
            ticket = Ticket(client, joined, self.env.event())
            self.room.append(ticket)
            patience = self.at(client.gives_up + JOIN)
            yield ticket.called | patience
            if not ticket.called.triggered:
                self.room.remove(ticket)
                client.last = None
                return
            today = int(self.env.now)
            client.first = today if client.first is None else client.first
            until = min(client.end, today + client.duration)
            client.last = until if left == 0 else None
            self.inside += client.amount
            yield self.at(until)
            self.inside -= client.amount
            if self.rules.group is None:
                self.free += client.amount
            joined = until
            if left == 0 or until >= client.gives_up:
                return
            yield self.at(until + JOIN)

    def desk(self) -> Life:
        for day in sorted(self.rules.admission_days):
            yield self.at(day + ADMIT)
            line = sorted(self.room, key=lambda t: t.client.priority)
            if self.rules.group is None:
                self.one_by_one(line)
            else:
                self.in_groups(day, line, *self.rules.group)

    def one_by_one(self, line: list[Ticket]) -> None:
        too_large = 0
        for ticket in line:
            if self.free <= 0 or too_large > self.rules.passing:
                return
            if ticket.client.amount > self.free:
                too_large += 1
            else:
                self.free -= ticket.client.amount
                self.call(ticket)

    def in_groups(self, day: int, line: list[Ticket], smallest: int, largest: int) -> None:
        while self.free >= largest and len(line) >= max(smallest, 1):
            group, line = line[:largest], line[largest:]
            self.free -= largest
            close = max(day + t.client.duration for t in group)
            self.env.process(self.later(close, largest))
            for ticket in group:
                self.call(ticket)

    def call(self, ticket: Ticket) -> None:
        self.room.remove(ticket)
        ticket.called.succeed()

    def counter(self) -> Life:
        for day in range(self.horizon + 1):
            yield self.at(day + COUNT)
            late = [t for t in self.room if day >= t.joined + self.rules.tolerated]
            waiting, overdue = (sum(t.client.amount for t in x) for x in (self.room, late))
            self.counts.append((self.inside, waiting, overdue))
