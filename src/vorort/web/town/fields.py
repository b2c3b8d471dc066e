"""What can be said of a site and of a unit, as fields of a form."""

from __future__ import annotations

from vorort.vocabulary import Text
from vorort.web.forms import Field
from vorort.web.town.models import District, Office

SITE_KINDS = (
    "shared", "container", "hotel", "hall", "rented_flats", "kita", "school", "course", "office",
)  # fmt: skip
POOLS = {
    "accommodation": ("general",), "flat": ("one", "two_three", "four_plus"),
    "childcare": ("u3", "o3"), "school": ("primary", "secondary", "vocational"),
    "language": ("general",), "registration": ("general",),
}  # fmt: skip
FEATURES = (
    ("kitchen", Text("eigene Küche", "own kitchen")),
    ("bath", Text("eigenes Bad", "own bath")),
    ("ground_floor", Text("Erdgeschoss", "ground floor")),
    ("lift", Text("Aufzug", "lift")),
    ("quiet", Text("ruhig", "quiet")),
    ("pets", Text("Haustiere erlaubt", "pets allowed")),
    ("women_only", Text("Haus nur für Frauen", "women only house")),
    ("near_hospital", Text("nahe Klinik", "near a hospital")),
    ("lockable", Text("abschließbar", "lockable")),
)


def _words(names: tuple[str, ...]) -> tuple[tuple[str, Text], ...]:
    from vorort.web.words import WORDS

    return tuple((n, Text(*WORDS.get(n, (n, n)))) for n in names)


def site_fields() -> tuple[Field, ...]:
    """Fields of a site; districts and offices are this Kommune's."""
    districts = tuple((d.key, Text(d.name, d.name)) for d in District.objects.order_by("name"))
    offices = tuple((o.key, Text(o.name, o.name)) for o in Office.objects.order_by("name"))
    months = Text("Monate", "months")
    return (
        Field("name", Text("Name", "Name"), needed=True),
        Field("kind", Text("Art", "Kind"), "choice", True, _words(SITE_KINDS)),
        Field("district", Text("Stadtteil", "District"), "choice", True, districts),
        Field("owner", Text("zuständige Stelle", "Owning office"), "choice", True, offices,
              hint=Text("nur sie bestätigt Plätze", "only it confirms places")),
        Field("operator", Text("Betreiber", "Operator")),
        Field("address", Text("Anschrift", "Address")),
        Field("phone", Text("Telefon vor Ort", "Phone on site")),
        Field("keys", Text("Schlüssel bei", "Keys with")),
        Field("opens_on", Text("öffnet am", "Opens on"), "day"),
        Field("lease_until", Text("Vertrag bis", "Lease until"), "day",
              hint=Text("der erste Tag ohne Vertrag", "the first day without a lease")),
        Field("notice_months", Text("Kündigungsfrist", "Notice"), "number", high=120, hint=months),
        Field("cost_month_eur", Text("Kosten je Monat, EUR", "Cost a month, EUR"), "number",
              high=100_000_000),
        Field("cost_once_eur", Text("Kosten einmalig, EUR", "Cost once, EUR"), "number",
              high=1_000_000_000),
        Field("standby_eur", Text("Bereithalten je Monat, EUR", "Stand-by a month, EUR"), "number",
              high=100_000_000),
        Field("activation_days", Text("Anlauf in Tagen", "Activation in days"), "number",
              high=2000),
        Field("protection_concept", Text("Schutzkonzept liegt vor", "Protection concept exists"),
              "yes_no"),
    )  # fmt: skip


def unit_fields(is_new: bool) -> tuple[Field, ...]:
    """Fields of a unit; places of one that exists change by dated events only."""
    sexes = (
        ("f", Text("Frauen", "women")), ("m", Text("Männer", "men")),
        ("any", Text("gemischt erlaubt", "mixed allowed")),
        ("by_first", Text("wer zuerst da ist", "who is there first")),
    )  # fmt: skip
    pools = sorted({p for group in POOLS.values() for p in group})
    first = (
        Field("number", Text("Nummer", "Number"), needed=True,
              hint=Text("zum Beispiel GU-ZIE-015", "for example GU-ZIE-015")),
        Field("domain", Text("Bereich", "Domain"), "choice", True, _words(tuple(POOLS))),
        Field("pool", Text("Gruppe", "Pool"), "choice", True, _words(tuple(pools))),
        Field("places", Text("Plätze", "Places"), "number", True, high=2000),
        Field("per", Text("gezählt als", "Counted as"), "choice", True,
              (("place", Text("Plätze", "places")), ("week", Text("Termine je Woche", "a week")),
               ("month", Text("je Monat", "a month")))),
        Field("for_whom", Text("für", "For"), "choice", True,
              (("newcomers", Text("Zugewanderte", "newcomers")),
               ("everyone", Text("alle", "everyone")))),
    )  # fmt: skip
    rest = (
        Field("kind", Text("Art", "Kind"), "choice", True,
              (("family", Text("ein Haushalt", "one household")),
               ("shared", Text("gemeinsam", "shared")))),
        Field("building", Text("Gebäude", "Building")),
        Field("floor", Text("Stockwerk", "Floor")),
        Field("sex", Text("Belegung nach Geschlecht", "Sex rule"), "choice", choices=sexes),
        Field("access", Text("stufenlos", "Step-free"), "yes_no"),
        Field("floor_area_m2", Text("Fläche in m²", "Area in m²"), "number", high=100_000),
        Field("adjoins", Text("verbunden mit", "Adjoins"),
              hint=Text("Nummern mit Leerzeichen", "numbers with spaces")),
    )  # fmt: skip
    return (*first, *rest) if is_new else rest
