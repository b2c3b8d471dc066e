"""`town.yaml`: the Kommune that plans, and how it wants to be reckoned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args

from vorort.files.cells import KINDS, Unreadable
from vorort.files.reading import Complaints
from vorort.problems import near_miss
from vorort.vocabulary import (
    LAENDER,
    SCENARIOS,
    District,
    Grade,
    Municipality,
    MunicipalKey,
    Office,
    Source,
    Text,
)

FILE = "town.yaml"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a YAML mapping; ``kind`` as of cells, `number`, `list`, `map`."""

    name: str
    kind: str
    de: str
    en: str
    blank: bool = False
    choices: tuple[str, ...] = ()
    minimum: float = 0
    maximum: float = 1e9


KEYS = (
    Key("name", "text", "Name der Kommune", "name of the Kommune"),
    Key("land", "text", "Land, zwei Buchstaben", "Land, two letters", choices=tuple(LAENDER)),
    Key(
        "ags",
        "text",
        "Amtlicher Gemeindeschlüssel, 5 oder 8 Ziffern; erfunden: 00000000",
        "official key (AGS), 5 or 8 digits",
    ),
    Key("kind", "text", "Art der Kommune", "kind of Kommune"),
    Key("today", "date", "Stichtag", "the day the folder describes"),
    Key("months", "whole", "Monate des Ausblicks", "months of the outlook", minimum=1, maximum=120),
    Key("population", "whole", "Einwohner", "inhabitants", True, maximum=100_000_000),
    Key("area_km2", "number", "Fläche", "area", True, maximum=400_000),
    Key("districts", "list", "Stadtteile: id, name, population", "districts: id, name, population"),
    Key("offices", "list", "Stellen: id, name", "offices: id, name"),
    Key("key", "map", "Anteil an den Zuweisungen des Landes", "share of the Land's arrivals"),
    Key(
        "scenarios",
        "map",
        "benannte Szenarien und ihr Gewicht, zusammen 1",
        "named scenarios and weights, together 1",
    ),
    Key(
        "passing",
        "whole",
        "Haushalte, die ein Aufruf überspringen darf",
        "households one admission may pass over",
        True,
        maximum=1000,
    ),
    Key("tolerance", "map", "je Handlungsfeld {days, amount}", "per domain {days, amount}", True),
    Key(
        "reported_cycle_days",
        "whole",
        "Tage, nach denen eine Meldung veraltet",
        "days after which a report is stale",
        True,
        minimum=1,
        maximum=3650,
    ),
)
PART_KEYS = {
    "districts": (
        Key("id", "text", "Kennung", "id"),
        Key("name", "text", "Name", "name"),
        Key("population", "whole", "Einwohner", "inhabitants", True, maximum=100_000_000),
    ),
    "offices": (Key("id", "text", "Kennung", "id"), Key("name", "text", "Name", "name")),
    "key": (
        Key(
            "kind",
            "text",
            "typed: eingetragen; nw, by: nach Landesrecht",
            "typed; nw, by: by law of the Land",
            choices=("typed", "nw", "by"),
        ),
        Key(
            "share_permille",
            "number",
            "Anteil in Promille",
            "share in permille",
            True,
            maximum=1000,
        ),
        Key(
            "source",
            "source",
            "Fundstelle: Text, oder cite, grade, url, published, unverified",
            "source: text, or cite, grade, url, published, unverified",
        ),
        Key("credit", "number", "Gutschrift, Personen", "credit, persons", True),
        Key("backlog", "number", "Rückstand, Personen", "backlog, persons", True),
        Key("lag_days", "whole", "Verzug in Tagen", "lag in days", True, maximum=3650),
        Key(
            "inputs", "map", "Eingaben der Formel (nw, by)", "inputs of the formula (nw, by)", True
        ),
    ),
}
_SOURCE_KEYS = ("cite", "grade", "url", "published", "unverified")
EMPTY = MunicipalKey("typed", Source("", "estimate"))


class TownReader:
    """Reads the mapping; every fault goes to the complaints, and what can be read is."""

    def __init__(self, complaints: Complaints) -> None:
        self._complaints = complaints

    def read(self, found: Mapping[str, Any], domains: Iterable[str]) -> Municipality | None:
        """The Kommune, or None where something it needs is missing."""
        before = len(self._complaints.found)
        top = self._mapping(found, KEYS, "")
        districts = tuple(
            District(d["id"], d["name"], d["population"]) for d in self._list(top, "districts")
        )
        offices = tuple(Office(o["id"], o["name"]) for o in self._list(top, "offices"))
        self._two_alike(districts, "districts")
        self._two_alike(offices, "offices")
        key = self._key(top["key"])
        scenarios = self._numbers(top["scenarios"] or {}, "scenarios", 1.0)
        if top["scenarios"] is not None and abs(sum(scenarios.values()) - 1) > 1e-6:
            self._say(
                "scenarios",
                Text(
                    f"Die Gewichte ergeben {sum(scenarios.values()):.3f}.",
                    f"The weights sum to {sum(scenarios.values()):.3f}.",
                ),
                Text("Zusammen müssen sie 1 ergeben.", "Together they must be 1."),
            )
        self._names(scenarios)
        tolerances = self._tolerances(top["tolerance"] or {}, tuple(domains))
        self._ags(top["ags"])
        if len(self._complaints.found) > before and any(
            top[k.name] is None for k in KEYS if not k.blank
        ):
            return None
        return Municipality(
            top["name"],
            top["land"],
            top["ags"],
            top["kind"],
            top["today"],
            top["months"],
            top["population"],
            top["area_km2"],
            districts,
            offices,
            key,
            scenarios,
            top["passing"],
            tolerances,
            top["reported_cycle_days"],
        )

    def _say(self, column: str, reason: Text, remedy: Text) -> None:
        self._complaints.add(FILE, reason, remedy, None, column[:80])

    def _mapping(self, found: Any, keys: tuple[Key, ...], where: str) -> dict[str, Any]:
        if not isinstance(found, Mapping):
            self._say(
                where,
                Text("Erwartet werden benannte Angaben.", "Named entries are expected."),
                Text(
                    f"Möglich: {', '.join(k.name for k in keys)}.",
                    f"Possible: {', '.join(k.name for k in keys)}.",
                ),
            )
            return {k.name: None for k in keys}
        known = {k.name for k in keys}
        unknown = [str(name) for name in found if name not in known]
        near = {name: near_miss(name[:60], known) for name in unknown}
        for name in unknown:
            hint = near[name]
            self._say(
                f"{where}{name}",
                Text("Diesen Schlüssel gibt es nicht.", "There is no such key."),
                Text(
                    f"Gemeint: {hint}?" if hint else f"Möglich: {', '.join(sorted(known))}.",
                    f"Did you mean {hint}?" if hint else f"Possible: {', '.join(sorted(known))}.",
                ),
            )
        return {
            k.name: self._value(k, found.get(k.name), where, k.name in near.values()) for k in keys
        }

    def _value(self, key: Key, cell: Any, where: str, is_explained: bool = False) -> Any:
        column = f"{where}{key.name}"
        if cell is None or cell in ("", "null", "~"):
            if not key.blank and not is_explained:
                self._say(
                    column,
                    Text("Die Angabe fehlt.", "The entry is missing."),
                    Text(f"{key.de} eintragen.", f"Enter it: {key.en}."),
                )
            return None
        if key.kind in ("list", "map", "source"):
            return cell
        try:
            if not isinstance(cell, str):
                raise Unreadable(
                    Text("Hier gehört ein einzelner Wert hin.", "A single value belongs here."),
                    Text("Einrückung prüfen.", "Check the indentation."),
                )
            return self._scalar(key, cell.strip())
        except Unreadable as bad:
            self._say(column, bad.reason, bad.remedy)
            return None

    def _scalar(self, key: Key, cell: str) -> Any:
        value = (
            _number(cell) if key.kind == "number" else KINDS[key.kind].read(cell) if cell else None
        )
        if key.choices and value not in key.choices:
            near = near_miss(cell[:40], key.choices)
            raise Unreadable(
                Text(
                    f"{cell[:40]!r} ist hier nicht möglich.", f"{cell[:40]!r} is not possible here."
                ),
                Text(
                    f"Gemeint: {near}?" if near else f"Möglich: {', '.join(key.choices)}.",
                    f"Did you mean {near}?" if near else f"Possible: {', '.join(key.choices)}.",
                ),
            )
        if isinstance(value, int | float) and not key.minimum <= value <= key.maximum:
            raise Unreadable(
                Text(
                    f"{cell} liegt nicht zwischen {key.minimum:g} und {key.maximum:g}.",
                    f"{cell} is not between {key.minimum:g} and {key.maximum:g}.",
                ),
                Text("Zahl prüfen.", "Check the number."),
            )
        return value

    def _list(self, top: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        entries = top[name]
        if entries is None:
            return []
        if not isinstance(entries, list):
            self._say(
                name,
                Text("Erwartet wird eine Liste.", "A list is expected."),
                Text("Jeden Eintrag mit - beginnen.", "Begin each entry with -."),
            )
            return []
        parts = PART_KEYS[name]
        found = [self._mapping(e, parts, f"{name}[{n}].") for n, e in enumerate(entries, 1)]
        return [e for e in found if e["id"] is not None and e["name"] is not None]

    def _two_alike(self, found: tuple[District | Office, ...], where: str) -> None:
        for field in ("id", "name"):
            seen: set[str] = set()
            for one in found:
                value = getattr(one, field)
                if value.casefold() in seen:
                    self._say(
                        f"{where}.{field}",
                        Text(f"{value!r} kommt zweimal vor.", f"{value!r} occurs twice."),
                        Text(
                            "Einen von beiden umbenennen oder löschen.",
                            "Rename or delete one of the two.",
                        ),
                    )
                seen.add(value.casefold())

    def _numbers(self, found: Any, where: str, most: float) -> dict[str, float]:
        if not isinstance(found, Mapping):
            self._mapping(found, (), where)
            return {}
        numbers = {}
        for name in found:
            key = Key(str(name), "number", "Zahl", "number", maximum=most)
            value = self._value(key, found[name], f"{where}.")
            if value is not None:
                numbers[str(name)] = float(value)
        return numbers

    def _names(self, scenarios: Iterable[str]) -> None:
        for name in scenarios:
            if name not in SCENARIOS:
                near, listed = near_miss(name[:60], SCENARIOS), ", ".join(SCENARIOS)
                self._say(
                    f"scenarios.{name}",
                    Text("Dieses Szenario gibt es nicht.", "There is no such scenario."),
                    Text(
                        f"Gemeint: {near}?" if near else f"Möglich: {listed}.",
                        f"Did you mean {near}?" if near else f"Possible: {listed}.",
                    ),
                )

    def _key(self, found: Any) -> MunicipalKey:
        if found is None:
            return EMPTY
        key = self._mapping(found, PART_KEYS["key"], "key.")
        inputs = self._numbers(key["inputs"] or {}, "key.inputs", 1e15)
        lag = key["lag_days"]
        return MunicipalKey(
            key["kind"] or "typed",
            self._source(key["source"]),
            key["share_permille"],
            key["credit"],
            key["backlog"],
            lag,
            inputs,
        )

    def _source(self, found: Any) -> Source:
        if isinstance(found, str):
            return Source(found, "local")
        keys = (
            Key("cite", "text", "Fundstelle", "citation"),
            Key("grade", "text", "Güte", "grade", choices=get_args(Grade)),
            Key("url", "text", "Adresse", "address", True),
            Key("published", "text", "JJJJ-MM", "YYYY-MM", True),
            Key("unverified", "text", "true, wenn ungeprüft", "true if unverified", True),
        )
        if found is None:
            return EMPTY.source
        source = self._mapping(found, keys, "key.source.")
        grade = cast(Grade, source["grade"] or "estimate")
        return Source(
            source["cite"] or "",
            grade,
            source["url"] or "",
            source["published"],
            source["unverified"] == "true",
        )

    def _tolerances(self, found: Any, domains: tuple[str, ...]) -> dict[str, tuple[int, int]]:
        keys = tuple(Key(d, "map", "Duldung", "tolerance", True) for d in domains)
        days = (Key("days", "whole", "Tage", "days"), Key("amount", "whole", "Zahl", "amount"))
        parts = self._mapping(found, keys, "tolerance.")
        read = {
            d: self._mapping(p, days, f"tolerance.{d}.") for d, p in parts.items() if p is not None
        }
        return {d: (p["days"], p["amount"]) for d, p in read.items() if None not in p.values()}

    def _ags(self, ags: str | None) -> None:
        if ags is not None and not (ags.isascii() and ags.isdigit() and len(ags) in (5, 8)):
            self._say(
                "ags",
                Text(
                    f"{ags[:20]!r} hat nicht 5 oder 8 Ziffern.",
                    f"{ags[:20]!r} has not 5 or 8 digits.",
                ),
                Text(
                    'Mit führender Null und als Text schreiben: "08111000".',
                    'Write it with the leading zero and as text: "08111000".',
                ),
            )


def _number(cell: str) -> float:
    try:
        value = float(cell) if len(cell) < 40 and "_" not in cell else float("nan")
    except ValueError:
        value = float("nan")
    if value != value or abs(value) == float("inf"):
        raise Unreadable(
            Text(f"{cell[:40]!r} ist keine Zahl.", f"{cell[:40]!r} is not a number."),
            Text("Mit Punkt statt Komma schreiben: 12.5.", "Write it with a point: 12.5."),
        )
    return value


def written(town: Municipality) -> dict[str, Any]:
    """The mapping that reads back as this Kommune."""

    def full(**entries: Any) -> dict[str, Any]:
        return {k: v for k, v in entries.items() if v not in (None, "", {}, [])}

    def plain(number: float | None) -> float | int | None:
        return int(number) if number is not None and number == int(number) else number

    s = town.key.source
    source = full(
        cite=s.cite,
        grade=s.grade,
        url=s.url,
        published=s.published,
        unverified=s.unverified or None,
    )
    key = full(
        kind=town.key.kind,
        share_permille=plain(town.key.share_permille),
        source=source,
        credit=plain(town.key.credit),
        backlog=plain(town.key.backlog),
        lag_days=town.key.lag_days,
        inputs={k: plain(v) for k, v in town.key.inputs.items()},
    )
    found = full(
        name=town.name,
        land=town.land,
        ags=town.ags,
        kind=town.kind,
        today=town.today.isoformat(),
        months=town.months,
        population=town.population,
        area_km2=plain(town.area_km2),
        key=key,
        scenarios={k: plain(v) for k, v in town.scenarios.items()},
        passing=town.passing,
        tolerance={d: {"days": a, "amount": b} for d, (a, b) in town.tolerances.items()},
        reported_cycle_days=town.reported_cycle_days,
    )
    found["districts"] = [
        full(id=d.id, name=d.name, population=d.population) for d in town.districts
    ]
    found["offices"] = [full(id=o.id, name=o.name) for o in town.offices]
    return found


def last_birth(today: date) -> int:
    """The earliest year of birth that is believed: nobody is over 120."""
    return today.year - 120
