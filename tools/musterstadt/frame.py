"""What is fixed: the town, its 30 sites, and the places of each on Monday, 23 November 2026.

The figures of each site are those of the designed screens; they add up to 2,558 nominal, 74
blocked, 232 unfit, 2,120 occupied, 46 held and 86 free places.
"""

# ruff: noqa: E501 (rows of tables stay on one line)
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TODAY = date(2026, 11, 23)
DISTRICTS = {
    "mitte": ("Mitte", 17900), "nord": ("Nord", 12600), "sued": ("Süd", 14200),
    "ost": ("Ost", 11800), "west": ("West", 13100), "hafen": ("Hafen", 8700),
    "anger": ("Angervorstadt", 7400), "stadtwald": ("Stadtwald", 6900),
    "muehlfeld": ("Mühlfeld", 8300), "lindenhof": ("Lindenhof", 7200),
    "altdorf": ("Altdorf", 4900), "gewerbepark": ("Gewerbepark", 5400),
}  # fmt: skip
OFFICES = {
    "sozialamt": "Sozialamt, Belegungsmanagement", "jugendamt": "Jugendamt",
    "schulamt": "Schulamt", "auslaenderbehoerde": "Ausländerbehörde",
    "buergeramt": "Bürgeramt", "vhs": "Volkshochschule", "wohnungshilfe": "Wohnungshilfe",
    "gebaeude": "Gebäudemanagement", "kreuz": "Träger Kreuz und Kinder",
    "sprachhaus": "Sprachhaus am Markt", "staatliches": "Staatliches Schulamt",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A site and its places; tuples are free places by unit (families, men, women)."""

    id: str
    name: str
    kind: str
    district: str
    nominal: int
    usable: int
    occupied: int
    held: int
    blocked: int
    alone: int  # how many live there as single people
    families: tuple[int, ...] = ()
    men: tuple[int, ...] = ()
    women: tuple[int, ...] = ()
    cost: int = 0  # EUR a place and month
    lease: str = ""
    notice: int = 6
    women_alone: int = 0

    @property
    def free(self) -> int:
        """Free places, all kinds of units."""
        return sum(self.families) + sum(self.men) + sum(self.women)

    @property
    def unfit(self) -> int:
        """Leftover beds in family units in use."""
        return self.nominal - self.usable - self.blocked


def _flat(site: str, name: str, district: str, places: tuple[int, ...], **free: object) -> Site:
    nominal, usable, occupied, held, blocked, alone = places
    lease = free.pop("lease", "2031-12-31")
    return Site(
        site, name, "rented_flats", district, nominal, usable, occupied, held, blocked, alone,
        cost=510, lease=lease, notice=3, **free,  # type: ignore[arg-type]
    )  # fmt: skip


SITES = (
    Site("GU-ZIE", "Ziegelhof", "shared", "mitte", 122, 109, 104, 3, 4, 34, (), (2,), (), 280),
    Site("GU-BAH", "Bahnhofstraße 3", "shared", "mitte", 101, 91, 80, 4, 2, 24, (2, 2), (1,), (1, 1), 500, "2030-06-30", women_alone=10),
    Site("GU-KAS", "Alte Kaserne, Haus B", "shared", "west", 162, 145, 139, 3, 14, 50, (), (2, 1), (), 280),
    Site("GU-STA", "Am Stadtwald 2", "shared", "stadtwald", 91, 82, 78, 2, 2, 24, (), (2,), (), 280),
    Site("GU-HAF", "Hafenweg 17", "shared", "hafen", 147, 131, 120, 5, 5, 40, (2,), (2, 1, 1), (), 500, "2029-12-31"),
    Site("GU-MUE", "Rote Mühle", "shared", "muehlfeld", 126, 112, 102, 0, 4, 32, (5,), (2, 1), (2,), 500, "2030-12-31", women_alone=6),
    Site("GU-KOL", "Kolpinghaus", "shared", "mitte", 88, 78, 73, 3, 2, 20, (), (), (2,), 500, "2029-06-30", women_alone=10),
    Site("GU-GER", "Gerberstraße 40", "shared", "ost", 143, 127, 123, 1, 4, 40, (2,), (1,), (), 280),
    _flat("WO-LIN", "Lindenstraße 14", "nord", (89, 78, 71, 2, 4, 2), families=(4,), men=(1,)),
    _flat("WO-PA9", "Parkallee 9", "ost", (76, 66, 59, 4, 0, 0), families=(3,)),
    _flat("WO-PA11", "Parkallee 11", "ost", (96, 84, 81, 1, 2, 1), families=(2,)),
    _flat("WO-SCH", "Schillerplatz 2", "mitte", (99, 86, 83, 1, 3, 5), men=(1,), women=(1,), women_alone=3),
    _flat("WO-GOE", "Goethestraße 88", "sued", (87, 76, 74, 1, 0, 3), men=(1,)),
    _flat("WO-NO5", "Nordring 5", "nord", (81, 71, 69, 1, 0, 3), men=(1,)),
    _flat("WO-NO7", "Nordring 7", "nord", (74, 64, 62, 1, 0, 3), women=(1,), women_alone=3),
    _flat("WO-UFE", "Uferstraße 21", "hafen", (72, 62, 60, 1, 0, 3), men=(1,)),
    _flat("WO-KIR", "Kirchgasse 6", "mitte", (76, 65, 65, 0, 2, 0)),
    _flat("WO-BER", "Bergstraße 30", "west", (73, 63, 62, 0, 0, 3), men=(1,)),
    _flat("WO-FEL", "Feldweg 12", "lindenhof", (63, 54, 54, 0, 0, 0)),
    _flat("WO-TAN", "Tannenweg 1", "west", (100, 86, 86, 0, 3, 0)),
    _flat("WO-MOZ", "Mozartstraße 15", "sued", (75, 64, 64, 0, 0, 0), lease="2028-12-31"),
    _flat("WO-OST", "Ostwall 9", "ost", (59, 51, 51, 0, 0, 0)),
    Site("CO-ANG", "Am Anger", "container", "anger", 96, 88, 77, 1, 2, 30, (2, 4), (2,), (2,), 850, "2029-09-30", women_alone=6),
    Site("CO-SUE", "Containeranlage Süd", "container", "sued", 90, 84, 79, 3, 2, 30, (), (2,), (), 850, "2027-03-31", 3),
    Site("CO-WES", "Festwiese West", "container", "west", 78, 70, 65, 2, 4, 20, (3,), (), (), 850, "2029-03-31"),
    Site("CO-GEW", "Gewerbepark 4", "container", "gewerbepark", 56, 52, 41, 2, 0, 14, (5,), (2, 1, 1), (), 850, "2031-06-30"),
    Site("SW-NOR", "Schutzhaus Nord", "shared", "nord", 34, 30, 27, 2, 2, 5, (), (), (1,), 500, "2032-12-31", women_alone=5),
    Site("SW-MIT", "Schutzwohnung Mitte", "rented_flats", "mitte", 14, 12, 9, 0, 0, 0, (3,), (), (), 510, "2030-12-31"),
    Site("HO-KRO", "Hotel Krone", "hotel", "mitte", 49, 39, 33, 2, 4, 14, (2,), (1,), (1,), 1150, "2028-12-31", 1, women_alone=4),
    Site("HA-WES", "Turnhalle Weststraße", "hall", "west", 41, 32, 29, 1, 9, 30, (), (2,), (), 1190),
)  # fmt: skip
REASONS = {
    "GU-ZIE": "reserve: Nachtaufnahme", "GU-BAH": "turnaround: Reinigung nach Auszug",
    "GU-KAS": "repair: Wasserschaden im Nordflügel", "GU-STA": "reserve: Quarantäne",
    "GU-HAF": "repair: Renovierung Bad", "GU-MUE": "reserve: Frauen bei Nachtankunft",
    "GU-KOL": "turnaround: Schlüssel fehlt", "GU-GER": "repair: Brandmelder",
    "WO-LIN": "repair: Wasserschaden, geplantes Ende 20.11. verstrichen, bitte prüfen",
    "WO-PA11": "repair: Renovierung", "WO-SCH": "repair: Schimmel", "WO-KIR": "repair: Renovierung",
    "WO-TAN": "repair: Heizung", "CO-ANG": "reserve: Quarantäne",
    "CO-SUE": "repair: Bodenplatte", "CO-WES": "repair: Wasserschaden",
    "SW-NOR": "reserve: Schutzaufnahme in der Nacht", "HO-KRO": "turnaround: Zimmerwechsel",
    "HA-WES": "closed: Brandschutz, Hallendrittel gesperrt",
}  # fmt: skip
OVER_SITE, PAIR_SITE, SECOND_SITE, WING_SITE = "GU-GER", "WO-NO5", "WO-GOE", "GU-KAS"
