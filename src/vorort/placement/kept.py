"""What comes before all goals, and whether a plan keeps it: decisions by hand, and floors.

A lock that cannot be kept, and a floor that cannot be reached, are said, with the reason and with
what any plan could do; neither is passed over in silence. German: Festlegungen und Untergrenzen
"""

from __future__ import annotations

from dataclasses import dataclass

from vorort.placement.groups import floor_text, floors_wanted
from vorort.placement.homes import Homes, homes_of
from vorort.placement.options import admissible
from vorort.placement.plan import Plan
from vorort.placement.problem import LOCKS, Party
from vorort.placement.tonight import tonight
from vorort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Unmet:
    """Somebody locked by hand who has no place. German: nicht haltbare Festlegung"""

    party: Party
    units: tuple[str, ...]
    words: Text


@dataclass(frozen=True, slots=True)
class Reached:
    """A floor in force: people wanted, placed, and the most any plan places of the group."""

    key: str
    permille: int
    wanted: int
    reached: int
    at_most: int
    words: Text

    @property
    def name(self) -> Text:
        """Without any count: groups may be small."""
        group, head = floor_text(self.key), f"{self.permille / 10:g} %"
        return Text(f"Untergrenze {head.replace('.', ',')} ({group.de})",
                    f"floor {head} ({group.en})")  # fmt: skip

    @property
    def is_met(self) -> bool:
        """As many as the floor asks for."""
        return self.reached >= self.wanted


def locks_unmet(plan: Plan, homes: Homes | None = None) -> tuple[Unmet, ...]:
    """Every lock that is not kept, and why it cannot be."""
    if not plan.locked_out:
        return ()
    homes = homes_of(plan.problem) if homes is None else homes
    return tuple(_unmet(plan, party, homes) for party in plan.locked_out)


def _unmet(plan: Plan, party: Party, homes: Homes) -> Unmet:
    rows = (x for x in plan.problem.locks if x.household == party.id and x.kind == "lock")
    units = tuple(sorted({x.unit for x in rows}))
    if not admissible(party, homes).any():
        why = _against(plan, party, units, homes)
    elif plan.levels[LOCKS] == plan.placed_bound.get(LOCKS):
        why = Text("zusammen mit anderen Festlegungen von Hand ist es unmöglich (bewiesen)",
                   "together with other decisions by hand it is impossible (proved)")  # fmt: skip
    else:
        why = Text("kein Vorschlag gefunden, der alle Festlegungen einhält",
                   "no plan was found that keeps every decision by hand")  # fmt: skip
    there = " + ".join(units)
    return Unmet(party, units, Text(
        f"{party.id} ist von Hand auf {there} festgelegt und hat dort keinen Platz: {why.de}.",
        f"{party.id} is fixed to {there} by hand and has no place there: {why.en}.",
    ))  # fmt: skip


def _against(plan: Plan, party: Party, units: tuple[str, ...], homes: Homes) -> Text:
    """The rule against the units it is locked to."""
    refused = {r.unit: r for r in tonight(plan.problem, party, homes).refused}
    # Whom an exclusion is about would tell where somebody else lives.
    found = [refused[u].reason for u in units if u in refused and refused[u].rule != "exclusions"]
    if not found:
        return Text("eine Regel steht dagegen", "a rule stands against it")
    return Text(found[0].de.rstrip("."), found[0].en.rstrip("."))


def floors_of(plan: Plan) -> tuple[Reached, ...]:
    """Every floor in force."""
    found = []
    for key, least in floors_wanted(plan.problem).items():
        permille, group = plan.problem.rulebook.floors[key], floor_text(key)
        reached, most = plan.people_of(key), min(least, plan.placed_bound.get(key, least))
        bits = Text(f"{reached} Personen untergebracht, {least} verlangt",
                    f"{reached} people placed, {least} asked for")  # fmt: skip
        if reached < least:
            more = (
                Text("mehr ist nicht erreichbar (bewiesen)", "more cannot be reached (proved)")
                if reached >= most
                else Text(
                    "ob mehr ginge, ist nicht bewiesen", "whether more would do is not proved"
                )
            )
            bits = Text(f"{bits.de}; {more.de}", f"{bits.en}; {more.en}")
        head = f"{permille / 10:g} %"
        found.append(Reached(key, permille, least, reached, most, Text(
            f"Untergrenze {head.replace('.', ',')} ({group.de}): {bits.de}.",
            f"Floor {head} ({group.en}): {bits.en}.",
        )))  # fmt: skip
    return tuple(found)
