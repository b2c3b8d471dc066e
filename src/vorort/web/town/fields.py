"""What can be said of a site and of a unit, as fields of a form."""

from __future__ import annotations

from typing import Any

from vorort.ledger import BEDS
from vorort.vocabulary import Text
from vorort.web.forms import Field
from vorort.web.town.models import District, Office, Site, Unit

# kind of a site -> what its units are for, unless somebody says otherwise
SITE_KINDS = {
    "shared": BEDS, "container": BEDS, "hotel": BEDS, "hall": BEDS, "rented_flats": BEDS,
    "kita": "childcare", "school": "school", "course": "language", "office": "registration",
}  # fmt: skip
POOLS = {
    BEDS: ("general",), "childcare": ("u3", "o3"), "school": ("primary", "secondary", "vocational"),
    "language": ("general",), "registration": ("general",), "flat": ("one", "two_three",
    "four_plus"),
}  # fmt: skip
PER = {"registration": "week", "flat": "month"}  # a rate; all others are places
MOST_ALIKE = 99
FEATURES = (
    ("kitchen", Text("eigene Küche", "own kitchen")),
    ("bath", Text("eigenes Bad", "own bath")),
    ("ground_floor", Text("Erdgeschoss", "ground floor")),
    ("lift", Text("Aufzug", "lift")),
    ("quiet", Text("ruhig", "quiet")),
    ("pets", Text("Haustiere erlaubt", "pets allowed")),
    ("women_only", Text("Haus nur für Frauen", "women only house")),
    ("protected", Text("Schutzplatz", "protected place")),
    ("near_hospital", Text("nahe Klinik", "near a hospital")),
    ("lockable", Text("abschließbar", "lockable")),
)
_NAMES = {
    BEDS: Text("zum Beispiel Zimmer 12", "for example room 12"),
    "childcare": Text("zum Beispiel Gruppe Igel", "for example group hedgehog"),
    "school": Text("zum Beispiel Klasse 5w", "for example class 5w"),
    "language": Text("zum Beispiel A1 vormittags", "for example A1 mornings"),
}
_POOL = {
    "childcare": Text("Alter", "Age"), "school": Text("Stufe", "Level"),
    "flat": Text("Größe", "Size"),
}  # fmt: skip
_COUNTED = {
    "week": Text("Termine je Woche", "appointments a week"),
    "month": Text("Wohnungen je Monat", "flats a month"),
}
_UNSAID = Text("nicht festgelegt", "not laid down")


def words(names: Any) -> tuple[tuple[str, Text], ...]:
    """Codes with their words, as choices."""
    from vorort.web.words import WORDS

    return tuple((n, Text(*WORDS.get(n, (n, n)))) for n in names)


def offices(own: Office | None = None) -> tuple[tuple[str, Text], ...]:
    """Offices of this Kommune, or the only one somebody may choose."""
    rows = [own] if own else Office.objects.order_by("name")
    return tuple((o.key, Text(o.name, o.name)) for o in rows)


def site_fields(own: Office | None, may_protect: bool) -> tuple[Field, ...]:
    """Fields of a site. ``own``: whoever keeps the sites of one office chooses that one."""
    districts = tuple((d.key, Text(d.name, d.name)) for d in District.objects.order_by("name"))
    operators = Site.objects.exclude(operator="").order_by("operator").values_list("operator")
    found = (
        Field("name", Text("Name", "Name"), needed=True),
        Field("kind", Text("Art", "Kind"), "choice", True, words(SITE_KINDS)),
        Field("district", Text("Stadtteil", "District"), "choice", True, districts),
        Field("owner", Text("zuständige Stelle", "Owning office"), "choice", True, offices(own),
              hint=Text("nur sie bestätigt Plätze; offene Anfragen gehen mit",
                        "only it confirms places; open requests go along")),
        Field("operator", Text("Betreiber", "Operator"),
              offered=tuple(sorted({o for (o,) in operators}))),
        Field("address", Text("Anschrift", "Address")),
        Field("phone", Text("Telefon vor Ort", "Phone on site")),
        Field("keys", Text("Schlüssel bei", "Keys with")),
        Field("opens_on", Text("öffnet am", "Opens on"), "day",
              hint=Text("leer: besteht schon", "empty: exists already")),
        Field("lease_until", Text("Vertrag bis", "Lease until"), "day",
              hint=Text("der erste Tag ohne Vertrag", "the first day without a lease")),
        Field("notice_months", Text("Kündigungsfrist in Monaten", "Notice in months"), "number",
              high=120),
        Field("cost_month_eur", Text("Kosten je Monat, EUR", "Cost a month, EUR"), "number",
              high=100_000_000),
        Field("cost_once_eur", Text("Kosten einmalig, EUR", "Cost once, EUR"), "number",
              high=1_000_000_000),
        Field("standby_eur", Text("Bereithalten je Monat, EUR", "Stand-by a month, EUR"), "number",
              high=100_000_000,
              hint=Text("solange niemand darin wohnt", "while nobody lives there")),
        Field("activation_days", Text("Anlauf in Tagen", "Activation in days"), "number",
              high=2000, hint=Text("vom Beschluss bis zum ersten Einzug",
                                   "from the decision to the first move-in")),
        Field("protection_concept", Text("Schutzkonzept liegt vor", "Protection concept exists"),
              "yes_no"),
    )  # fmt: skip
    hide = Field(
        "address_protected", Text("Anschrift geschützt", "Protected address"), "yes_no",
        nothing=Text("nein", "no"),
        hint=Text("Schutzhaus: nur für die Rolle Schutzfälle sichtbar",
                  "shelter: seen by the role for protected cases only"),
    )  # fmt: skip
    return (*found, hide) if may_protect else found


def unit_fields(home: Site, domain: str, is_new: bool) -> tuple[Field, ...]:
    """Fields of a unit: beds ask for other things than a class. Places of one that exists change
    by dated events only."""
    title = Field("title", Text("Bezeichnung", "Name"), hint=_NAMES.get(domain))
    first = _first(domain) if is_new else ()
    return (title, *first, *(_room(home) if domain == BEDS else _group(home)))


def _first(domain: str) -> tuple[Field, ...]:
    """What is said once, when a unit is made."""
    pools = POOLS[domain]
    pool = Field("pool", _POOL.get(domain, Text("Gruppe", "Pool")), "choice", True, words(pools))
    counted = _COUNTED.get(PER.get(domain, "place"), Text("Plätze", "Places"))
    start = Text("leer: sofort", "empty: at once")
    return (
        Field("number", Text("Nummer", "Number"), needed=True,
              hint=Text("frei wählbar, einmalig im ganzen Register",
                        "any, once in the whole register")),
        *((pool,) if len(pools) > 1 else ()),
        Field("places", counted, "number", True, high=2000),
        Field("how_many", Text("wie viele gleiche", "How many alike"), "number", low=1,
              high=MOST_ALIKE, hint=Text("die Nummern zählen weiter", "numbers are counted on")),
        Field("opens", Text("Plätze ab", "Places from"), "day", hint=start),
        Field("ends", Text("Plätze bis", "Places until"), "day",
              hint=Text("leer: ohne Ende; der erste Tag ohne Plätze",
                        "empty: no end; the first day without places")),
    )  # fmt: skip


def _room(home: Site) -> tuple[Field, ...]:
    sexes = (
        ("f", Text("Frauen", "women")), ("m", Text("Männer", "men")),
        ("any", Text("gemischt erlaubt", "mixed allowed")),
        ("by_first", Text("wer zuerst da ist", "who is there first")),
    )  # fmt: skip
    floors = Unit.objects.filter(facility=home).exclude(floor="").values_list("floor", flat=True)
    return (
        Field("kind", Text("Belegung durch", "Used by"), "choice", True,
              (("family", Text("einen Haushalt", "one household")),
               ("shared", Text("mehrere Einzelne", "several single people")))),
        Field("sex", Text("Geschlecht", "Sex"), "choice", choices=sexes, nothing=_UNSAID,
              hint=Text("nur bei mehreren Einzelnen; ohne Angabe entscheidet, wer zuerst da ist",
                        "for several single people; unless said, who is there first decides")),
        _building(home),
        Field("floor", Text("Stockwerk", "Floor"), offered=tuple(sorted(set(floors)))),
        Field("access", Text("stufenlos", "Step-free"), "yes_no"),
        Field("floor_area_m2", Text("Fläche in m²", "Area in m²"), "number", high=100_000),
        _for_whom(),
    )  # fmt: skip


def _group(home: Site) -> tuple[Field, ...]:
    return (_building(home), Field("access", Text("stufenlos", "Step-free"), "yes_no"), _for_whom())


def _building(home: Site) -> Field:
    rows = Unit.objects.filter(facility=home).exclude(building="")
    there = tuple(sorted(set(rows.values_list("building", flat=True))))
    return Field("building", Text("Gebäude", "Building"), offered=there)


def _for_whom() -> Field:
    whom = (
        ("newcomers", Text("Zugewanderte", "newcomers")),
        ("everyone", Text("alle", "everyone")),
    )
    return Field("for_whom", Text("für", "For"), "choice", True, whom)
