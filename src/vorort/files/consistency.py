"""Whether the rows say something possible: memberships, versions, beds, events, figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from vorort.files.crosscheck import Rows
from vorort.files.reading import Complaints, Row
from vorort.problems import near_miss
from vorort.vocabulary import Text

NEEDS_UNIT = ("held", "confirmed", "moved_in", "absent", "ended", "no_show", "proposed")
SLEEPS = ("confirmed", "moved_in", "ended")


class Consistency:
    """Checks of content; ``today`` None where town.yaml does not say."""

    def __init__(self, rows: Rows, today: date | None, complaints: Complaints) -> None:
        self._rows, self._today, self._complaints = rows, today, complaints

    def run(self) -> None:
        """Everything."""
        self._memberships()
        self._ages()
        self._placements()
        self._versions()
        self._adjoins()
        self._sleeps_twice()
        self._events()
        self._levels()
        self._people_announced()
        self._leads()

    def _say(self, file: str, row: Row | None, column: str, reason: Text, remedy: Text) -> None:
        self._complaints.add(file, reason, remedy, row.number if row else None, column)

    def _memberships(self) -> None:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._rows["persons.csv"]:
            found[row["id"]].append(row)
        for name, rows in found.items():
            if len(rows) < 2:
                continue
            rows = sorted(rows, key=lambda r: (r["member_from"] or date.min, r.number))
            for a, b in pairwise(rows):
                end = a["member_until"]
                same = a["member_from"] == b["member_from"]  # already a duplicate id
                if not same and (end is None or (b["member_from"] or date.min) < end):
                    self._say(
                        "persons.csv",
                        b,
                        "id",
                        Text(
                            f"{name!r} gehört laut Zeile {a.number} noch zu {a['household']}.",
                            f"{name!r} still belongs to {a['household']} by row {a.number}.",
                        ),
                        Text(
                            "member_until der früheren Zeile eintragen oder umbenennen.",
                            "Fill in member_until of the earlier row, or rename.",
                        ),
                    )
                for column in ("born", "sex"):
                    if None not in (a[column], b[column]) and a[column] != b[column]:
                        self._say(
                            "persons.csv",
                            b,
                            column,
                            Text(
                                f"Widerspruch zu Zeile {a.number}.", f"Contradicts row {a.number}."
                            ),
                            Text("Angleichen.", "Make them agree."),
                        )

    def _ages(self) -> None:
        if self._today is None:
            return
        for row in self._rows["persons.csv"]:
            born = row["born"]
            if born is None:
                continue
            age = self._today.year - born.year
            if age > 120 or age < 0:
                self._say(
                    "persons.csv",
                    row,
                    "born",
                    Text(f"Das Alter wäre {age} Jahre.", f"The age would be {age} years."),
                    Text(
                        "Geburtsjahr prüfen; leer lassen, wenn unbekannt.",
                        "Check the year of birth; leave it blank if unknown.",
                    ),
                )

    def _placements(self) -> None:
        domain_of = {row["id"]: row["domain"] for row in self._rows["units.csv"]}
        for row in self._rows["placements.csv"]:
            if row["unit"] is None and row["status"] in NEEDS_UNIT:
                self._say(
                    "placements.csv",
                    row,
                    "unit",
                    Text(
                        f"Status {row['status']} ohne Einheit.",
                        f"Status {row['status']} without a unit.",
                    ),
                    Text(
                        "Einheit eintragen, oder Status requested für Wartende.",
                        "Enter the unit, or status requested for those who wait.",
                    ),
                )
            domain = domain_of.get(row["unit"])
            if domain is not None and row["domain"] is not None and domain != row["domain"]:
                self._say(
                    "placements.csv",
                    row,
                    "domain",
                    Text(f"Die Einheit gehört zu {domain}.", f"The unit belongs to {domain}."),
                    Text(
                        "Handlungsfeld oder Einheit berichtigen.", "Correct the domain or the unit."
                    ),
                )

    def _versions(self) -> None:
        by_id = {row["id"]: row for row in self._rows["placements.csv"]}
        taken: dict[str, int] = {}
        for row in self._rows["placements.csv"]:
            old = by_id.get(row["replaces"])
            if old is None:
                continue  # nothing replaced, or said already
            first = taken.setdefault(row["replaces"], row.number)
            times = (old["recorded_at"], row["recorded_at"])
            why = None
            if first != row.number:
                why = Text(
                    f"Zeile {first} ersetzt dieselbe Version.",
                    f"Row {first} replaces the same version.",
                )
            elif old["person"] != row["person"]:
                why = Text(
                    "Die ersetzte Version gehört einer anderen Person.",
                    "The replaced version is another person's.",
                )
            elif None not in times and times[1] < times[0]:
                why = Text(
                    "Erfasst vor der Version, die sie ersetzt.",
                    "Recorded before the version it replaces.",
                )
            elif _is_circle(row, by_id):
                why = Text(
                    "Die Versionen ersetzen sich im Kreis.",
                    "The versions replace each other in a circle.",
                )
            if why:
                self._say(
                    "placements.csv",
                    row,
                    "replaces",
                    why,
                    Text("Kette der Versionen berichtigen.", "Correct the chain of versions."),
                )

    def _adjoins(self) -> None:
        by_id = {row["id"]: row for row in self._rows["units.csv"]}
        for row in self._rows["units.csv"]:
            for other in row["adjoins"] or ():
                if other in self._complaints.unread["units.csv"]:
                    continue
                there = by_id.get(other)
                near = "" if there else near_miss(other[:60], list(by_id)[:2000])
                if there is None or other == row["id"]:
                    why = Text(f"{other!r} gibt es nicht.", f"{other!r} does not exist.")
                elif there["facility"] != row["facility"]:
                    why = Text(
                        f"{other!r} gehört zu einer anderen Einrichtung.",
                        f"{other!r} belongs to another site.",
                    )
                elif row["id"] not in (there["adjoins"] or ()):
                    why = Text(
                        f"{other!r} nennt diese Einheit nicht.",
                        f"{other!r} does not name this unit.",
                    )
                else:
                    continue
                remedy = (
                    Text(f"Gemeint: {near}?", f"Did you mean {near}?")
                    if near
                    else Text(
                        "Beide Einheiten müssen sich gegenseitig nennen.",
                        "Both units must name each other.",
                    )
                )
                self._say("units.csv", row, "adjoins", why, remedy)

    def _sleeps_twice(self) -> None:
        replaced = {row["replaces"] for row in self._rows["placements.csv"]}
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._rows["placements.csv"]:
            counts = row["status"] in SLEEPS and row["unit"] is not None and not row["second_place"]
            ended = row["status"] == "ended" and row["until"] is None
            if (
                counts
                and not ended
                and row["domain"] == "accommodation"
                and row["from"] is not None
                and row["id"] not in replaced
            ):
                found[row["person"]].append(row)
        for person, rows in found.items():
            rows.sort(key=lambda r: (r["from"], r.number))
            end: date | None = None
            last: Row | None = None
            for row in rows:
                if (
                    last is not None
                    and (end is None or row["from"] < end)
                    and (row["until"] is None or row["from"] < row["until"])
                ):
                    self._say(
                        "placements.csv",
                        row,
                        "from",
                        Text(
                            f"{person!r} schläft laut Zeile {last.number} in {last['unit']}.",
                            f"{person!r} sleeps in {last['unit']} by row {last.number}.",
                        ),
                        Text(
                            "until der früheren Zeile eintragen, oder second_place = 1.",
                            "Fill in until of the earlier row, or second_place = 1.",
                        ),
                    )
                if last is None or (
                    end is not None and (row["until"] is None or row["until"] > end)
                ):
                    end, last = row["until"], row

    def _events(self) -> None:
        pools: defaultdict[str, set[tuple[object, ...]]] = defaultdict(set)
        count: defaultdict[str, int] = defaultdict(int)
        for unit in self._rows["units.csv"]:
            pools[unit["facility"]].add(tuple(unit[c] for c in ("domain", "pool", "per", "for")))
            count[unit["facility"]] += 1
        for row in self._rows["capacity_events.csv"]:
            places, kind = row["places"], row["kind"]
            why = None
            if kind == "step" and places is None:
                why = Text("step ohne Zahl der Plätze.", "step without a number of places.")
            elif kind == "step" and count.get(row["target"], 0) > 1:
                why = Text(
                    "Welche Einheit der Einrichtung gemeint ist, fehlt.",
                    "Which unit of the site is meant is missing.",
                )
            elif kind != "step" and places is not None and places < 0:
                why = Text(
                    f"{places} Plätze: nur step hat ein Vorzeichen.",
                    f"{places} places: only step is signed.",
                )
            elif places is not None and len(pools.get(row["target"], ())) > 1:
                why = Text(
                    "Die Einrichtung hat Einheiten mehrerer Töpfe.",
                    "The site has units of several pools.",
                )
            if why:
                self._say(
                    "capacity_events.csv",
                    row,
                    "places",
                    why,
                    Text(
                        "Einheit als target nennen und Zahl prüfen.",
                        "Name the unit as target and check the number.",
                    ),
                )
            low, high = row["delay_low_days"], row["delay_high_days"]
            if (low is None) != (high is None) or (low is not None and high < low):
                self._say(
                    "capacity_events.csv",
                    row,
                    "delay_high_days",
                    Text(
                        "Verzug: beide Grenzen, die untere zuerst.",
                        "Delay: both bounds, the lower first.",
                    ),
                    Text("Beide eintragen oder keine.", "Enter both or none."),
                )

    def _levels(self) -> None:
        self._residents_twice()
        for row in self._rows["resident_demand.csv"]:
            level = [row[name] for name in ("low", "central", "high")]
            known = [n for n in level if n is not None]
            if len(known) not in (0, 3) or known != sorted(known):
                self._say(
                    "resident_demand.csv",
                    row,
                    "low",
                    Text(
                        "low, central, high: alle drei aufsteigend oder alle unknown.",
                        "low, central, high: all three ascending, or all unknown.",
                    ),
                    Text("Zahlen prüfen.", "Check the numbers."),
                )

    def _residents_twice(self) -> None:
        """Districts are added up: a row for all beside one for a district would count twice."""
        found: defaultdict[tuple[object, ...], dict[str, Row]] = defaultdict(dict)
        for row in self._rows["resident_demand.csv"]:
            found[row["domain"], row["pool"]].setdefault(row["district"], row)
        for by_district in found.values():
            whole = by_district.get("all")
            if whole is None or len(by_district) < 2:
                continue
            part = next(r for d, r in by_district.items() if d != "all")
            first, second = sorted((whole, part), key=lambda r: r.number)
            self._say(
                "resident_demand.csv",
                second,
                "district",
                Text(
                    f"Zeile {first.number} und diese: all und einzelne Stadtteile zählten doppelt.",
                    f"Row {first.number} and this one: all and single districts count twice.",
                ),
                Text(
                    "Je Handlungsfeld und Topf entweder all oder die Stadtteile.",
                    "For each domain and pool either all or the districts.",
                ),
            )

    def _people_announced(self) -> None:
        for row in self._rows["announced.csv"]:
            ages, sexes = row["ages"] or (), row["sexes"] or ()
            bad_age = [
                a
                for a in ages
                if not (a.isascii() and a.isdigit() and len(a) < 4 and int(a) <= 120)
            ]
            if bad_age:
                self._say(
                    "announced.csv",
                    row,
                    "ages",
                    Text(f"{bad_age[0][:20]!r} ist kein Alter.", f"{bad_age[0][:20]!r} is no age."),
                    Text("Ganze Jahre von 0 bis 120.", "Full years from 0 to 120."),
                )
            bad_sex = [s for s in sexes if s not in ("f", "m", "d", "-")]
            if bad_sex or (sexes and ages and len(sexes) != len(ages)):
                self._say(
                    "announced.csv",
                    row,
                    "sexes",
                    Text(
                        "Passt nicht zu ages oder ist nicht f, m, d, -.",
                        "Does not match ages, or is not f, m, d, -.",
                    ),
                    Text("Für jedes Alter ein Zeichen.", "One sign for each age."),
                )
            if row["persons"] is not None and len(ages) > row["persons"]:
                self._say(
                    "announced.csv",
                    row,
                    "persons",
                    Text("Weniger Personen als Altersangaben.", "Fewer people than ages."),
                    Text("Zahl prüfen.", "Check the number."),
                )

    def _leads(self) -> None:
        for row in self._rows["measures.csv"]:
            lead = [row[f"lead_{name}_days"] for name in ("low", "mid", "high")]
            known = [n for n in lead if n is not None]
            if len(known) not in (0, 3) or known != sorted(known):
                self._say(
                    "measures.csv",
                    row,
                    "lead_low_days",
                    Text(
                        "Vorlauf: alle drei aufsteigend oder keiner.",
                        "Lead time: all three ascending, or none.",
                    ),
                    Text("Tage prüfen.", "Check the days."),
                )
            if row["status"] == "decided" and (row["decision_on"] is None or not known):
                self._say(
                    "measures.csv",
                    row,
                    "decision_on",
                    Text(
                        "decided ohne Beschlusstag oder Vorlauf.",
                        "decided without day of decision or lead time.",
                    ),
                    Text(
                        "Beides eintragen, oder Status planned.", "Enter both, or status planned."
                    ),
                )
            if row["status"] == "decided" and row["places"] <= 0:
                self._say(
                    "measures.csv",
                    row,
                    "places",
                    Text(
                        "Eine beschlossene Maßnahme ohne neue Plätze bliebe ungezählt.",
                        "A decided measure that adds no places would not be counted.",
                    ),
                    Text(
                        "Wegfall als Ereignis der Einheit in capacity_events.csv eintragen.",
                        "Enter the loss as an event of the unit in capacity_events.csv.",
                    ),
                )


def _is_circle(row: Row, by_id: Mapping[str, Row]) -> bool:
    seen, at = {row["id"]}, row
    while at["replaces"] in by_id:
        if at["replaces"] in seen:
            return True
        seen.add(at["replaces"])
        at = by_id[at["replaces"]]
    return False
