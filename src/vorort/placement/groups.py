"""Groups of households: the fairness sheet counts them, a floor may name them. German: Gruppen

Made of what a placement may know: kind and size of the household, the sexes of its adults, special
needs, urgency. There is no nationality, ethnicity or religion here, nor anywhere in placement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vorort.placement.problem import Party, Problem
from vorort.vocabulary import Text

CLASS_WORDS = {
    "protection": Text("Schutz", "protection"),
    "deadline": Text("gesetzliche Frist", "legal deadline"),
    "rest": Text("übrige", "others"),
}
GROUPS: dict[str, Text] = {
    "single": Text("Einzelperson", "single person"),
    "lone_parent": Text("ein Erwachsener mit Kindern", "one adult with children"),
    "couple": Text("Erwachsene ohne Kinder", "adults without children"),
    "family": Text("Familie mit Kindern", "family with children"),
    "unknown": Text("unbekannt", "unknown"),
    "1": Text("1 Person", "1 person"),
    "2": Text("2 Personen", "2 people"),
    "3-4": Text("3 bis 4 Personen", "3 to 4 people"),
    "5+": Text("5 und mehr Personen", "5 and more people"),
    "women": Text("nur Frauen unter den Erwachsenen", "women only among the adults"),
    "men": Text("nur Männer unter den Erwachsenen", "men only among the adults"),
    "mixed": Text("Frauen und Männer", "women and men"),
    "access": Text("braucht barrierefrei", "needs step-free"),
    "protection": Text("braucht Schutz", "needs protection"),
    "requirement": Text("andere Anforderung", "other requirement"),
    "none": Text("keine besondere Anforderung", "no special requirement"),
    **{f"class:{name}": text for name, text in CLASS_WORDS.items()},
}
SHEETS: dict[str, Text] = {
    "kind": Text("Art des Haushalts", "kind of household"),
    "size": Text("Größe", "size"),
    "sex": Text("Geschlecht der Erwachsenen", "sex of the adults"),
    "need": Text("besonderer Bedarf", "special need"),
    "urgency": Text("Dringlichkeit", "urgency"),
}


def kind_of(party: Party) -> str:
    """By who is in it; unknown where an age is not recorded."""
    if party.size == 1:
        return "single"
    if party.size > len(party.members) or any(m.age is None for m in party.members):
        return "unknown"
    adults = sum(1 for m in party.members if m.age is not None and m.age >= 18)
    if not party.children:
        return "couple"
    return "lone_parent" if adults == 1 else "family"


def size_of(party: Party) -> str:
    """In four steps."""
    if party.size <= 2:
        return str(party.size)
    return "3-4" if party.size <= 4 else "5+"


def sex_of(party: Party) -> str:
    """Of the adults; anybody whose age or sex is not known to settle it: unknown."""
    adults = [m for m in party.members if m.age is None or m.age >= 18]
    sexes = {m.sex for m in adults}
    if party.size > len(party.members) or not adults or not sexes <= {"f", "m"}:
        return "unknown"
    if len(sexes) == 2:
        return "mixed"
    return "women" if sexes == {"f"} else "men"


def needs_of(party: Party) -> tuple[str, ...]:
    """Every special need; a household can have several."""
    found = []
    if party.needs_access:
        found.append("access")
    if party.is_protected or party.urgency == "protection":
        found.append("protection")
    if party.must or party.should:
        found.append("requirement")
    return tuple(found) or ("none",)


SORTS: dict[str, Callable[[Party], Iterable[str]]] = {
    "kind": lambda p: (kind_of(p),),
    "size": lambda p: (size_of(p),),
    "sex": lambda p: (sex_of(p),),
    "need": needs_of,
    "urgency": lambda p: (f"class:{p.urgency}",),
}


def label_of(names: Iterable[str]) -> Text:
    """What one or several groups are called."""
    found = [GROUPS[name] for name in names]
    return Text(", ".join(t.de for t in found), ", ".join(t.en for t in found))


FLOOR_GROUPS = {
    "kind": ("single", "lone_parent", "couple", "family", "unknown"),
    "size": ("1", "2", "3-4", "5+"),
    "sex": ("women", "men", "mixed", "unknown"),
    "need": ("access", "protection", "requirement", "none"),
    "urgency": ("class:protection", "class:deadline", "class:rest"),
}
FLOORS = {f"{sheet}.{n}": (sheet, n) for sheet, names in FLOOR_GROUPS.items() for n in names}


def floor_text(key: str) -> Text:
    """The group a floor is for, with the sheet it stands in."""
    sheet, name = FLOORS[key]
    part, group = SHEETS[sheet], GROUPS[name]
    return Text(f"{part.de}: {group.de}", f"{part.en}: {group.en}")


def in_group(party: Party, key: str) -> bool:
    """Does a household belong to the group of a floor?"""
    sheet, name = FLOORS[key]
    return name in set(SORTS[sheet](party))


def floors_wanted(problem: Problem) -> dict[str, int]:
    """People to be placed at least, by name of the group, rounded up."""
    if not problem.rulebook.is_on("floor"):
        return {}
    found = {}
    for key, permille in sorted(problem.rulebook.floors.items()):
        people = sum(p.size for p in problem.parties if p.asks_home and in_group(p, key))
        found[key] = -(-people * permille // 1000)
    return {key: least for key, least in found.items() if least}
