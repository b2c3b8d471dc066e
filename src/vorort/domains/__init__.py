"""The domains: fields of countable, scarce help, one folder each. German: Handlungsfelder

A folder holds the rule (``__init__.py``), its values with their sources (``parameters.yaml``) and
worked cases (``cases.yaml``). Adding a folder adds a domain; no other file is edited. The rules
are imported when ``all_domains`` is called, because named luck is compiled and slow to load.

A rule exports READS, POOLS, BY_HOUSEHOLD, ``needs`` and ``discipline``. It owes the engine one
thing: whoever has or awaits a place on day 0 gets exactly one need that starts before day 0, the
one the record speaks of; what comes later (a birthday, a renewal) starts on day 0 or after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from vorort.columns import Admission, Ints, Outcomes, People, Rule
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text


@dataclass(frozen=True)
class Domain:
    """A field of countable, scarce help. German: Handlungsfeld"""

    name: str
    label: Text
    unit: Text
    has_capacity: bool  # False: nobody waits, the domain counts the people concerned
    pools: tuple[str, ...]  # the place in this list is the number in ``Needs.pool``
    reads: tuple[str, ...]  # domains whose outcomes the rule looks at
    by_household: bool  # ``Needs.who`` counts households, else persons
    needs: Rule
    discipline: Admission


def folders() -> tuple[Path, ...]:
    """The folder of each domain, by name; imports nothing."""
    here = Path(__file__).parent
    return tuple(sorted(p.parent for p in here.glob("*/parameters.yaml")))


@cache
def all_domains() -> tuple[Domain, ...]:
    """Every domain, each after those it reads."""
    return in_order(_from_folder(folder) for folder in folders())


def in_order(domains: Iterable[Domain]) -> tuple[Domain, ...]:
    """Each domain after those it reads and otherwise as late as it may be; ties go by name.

    Raises ``Refused`` where a domain reads one that does not exist, or domains read each other.
    """
    left = {d.name: d for d in sorted(domains, key=lambda d: d.name)}
    _complain([_missing(d, r) for d in left.values() for r in d.reads if r not in left])
    found: list[Domain] = []
    while left:
        read = {r for d in left.values() for r in d.reads}
        last = next((name for name in left if name not in read), None)
        if last is None:
            _complain([_circle(left)])
            break
        found.append(left.pop(last))
    return tuple(reversed(found))


def registered_on(people: People, outcomes: Outcomes) -> Ints:
    """Day of each person's first appointment, NEVER = none; shape (person,).

    Whoever was here on day 0 and neither has nor waits for an appointment was registered before.
    """
    before = people.in_stock & ~people.is_newborn & ~people.recorded("registration")
    day: Ints = np.where(before, people.arrives, outcomes["registration"].start)
    return day


def _from_folder(folder: Path) -> Domain:
    text = (folder / "parameters.yaml").read_text("utf-8")
    declared: dict[str, Any] = yaml.safe_load(text)["domain"]
    rule = import_module(f"{__name__}.{folder.name}")
    return Domain(
        name=folder.name,
        label=Text(**declared["name"]),
        unit=Text(**declared["unit"]),
        has_capacity=declared["capacity"] != "none",
        pools=rule.POOLS,
        reads=rule.READS,
        by_household=rule.BY_HOUSEHOLD,
        needs=rule.needs,
        discipline=rule.discipline,
    )


def _complain(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def _missing(domain: Domain, read: str) -> Problem:
    return Problem(
        f"domains/{domain.name}/__init__.py",
        f"READS nennt das Handlungsfeld '{read}', das es nicht gibt.",
        f"READS names the domain '{read}', which does not exist.",
        "Den Ordner anlegen oder den Namen streichen.",
        "Add the folder or remove the name.",
    )


def _circle(left: Iterable[str]) -> Problem:
    names = ", ".join(left)
    return Problem(
        "domains",
        f"Diese Handlungsfelder lesen einander im Kreis: {names}.",
        f"These domains read each other in a circle: {names}.",
        "Eines darf ein anderes nicht mehr lesen (READS).",
        "One of them must stop reading another (READS).",
    )
