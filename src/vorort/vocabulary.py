"""The nouns of Vorort. One word, one meaning; the German legal term stands in each docstring.

Rows of people and places are frozen dataclasses. ``None`` always means *unknown*: it is never
zero, never guessed, always counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Grade = Literal["law", "statistics", "study", "local", "estimate"]
Scope = Literal["bund", "land", "kommune"]
Sex = Literal["f", "m", "d"]
PlacementStatus = Literal[
    "proposed",
    "requested",
    "held",
    "confirmed",
    "moved_in",
    "absent",
    "ended",
    "cancelled",
    "no_show",
]
LIVING = ("held", "confirmed", "moved_in", "absent")  # stays that have a place, or will
EventKind = Literal[
    "block", "unblock", "open", "close", "lease_end", "reserve", "release", "step"
]  # fmt: skip
Day = date  # for rows that have a field called `date`
GRADES: tuple[Grade, ...] = ("law", "statistics", "study", "local", "estimate")
SCENARIOS = (  # the named scenarios; their order is that of the draws. German: Planfälle
    "calm", "trend", "pulse_2015", "pulse_2022", "high_plateau", "double_shock", "sudden_exit",
    "law_change",
)  # fmt: skip
LAENDER = {
    "bb": "Brandenburg", "be": "Berlin", "bw": "Baden-Württemberg", "by": "Bayern",
    "hb": "Bremen", "he": "Hessen", "hh": "Hamburg", "mv": "Mecklenburg-Vorpommern",
    "ni": "Niedersachsen", "nw": "Nordrhein-Westfalen", "rp": "Rheinland-Pfalz",
    "sh": "Schleswig-Holstein", "sl": "Saarland", "sn": "Sachsen", "st": "Sachsen-Anhalt",
    "th": "Thüringen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in German and in English."""

    de: str
    en: str

    def in_(self, lang: str) -> str:
        """The words in ``de`` or ``en``."""
        return self.en if lang == "en" else self.de


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from, when it was published, how good it is. German: Fundstelle"""

    cite: str
    grade: Grade
    url: str = ""
    published: str | None = None  # YYYY or YYYY-MM; None = unknown, counts as late in a backtest
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is worth from a day on. German: Stand

    ``amount`` is None where it is unknown; ``reason`` then says what was looked for.
    """

    valid_from: date
    amount: float | None
    source: Source
    low: float | None = None
    high: float | None = None
    distribution: Literal["triangular", "uniform", "fixed"] = "fixed"
    reason: str = ""  # why this estimate and this range, or why unknown
    scope: Scope = "bund"
    scope_name: str = ""  # "nw" for a Land, the town's name for a Kommune


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named quantity the core reads. German: Kennwert"""

    name: str  # full name, "childcare.uptake_u3"; the same in YAML, code, URL, footnote
    label: Text
    unit: Text
    values: tuple[Value, ...]
    minimum: float | None = None
    maximum: float | None = None
    before: tuple[float, float] | None = None  # range defensible without any figure (backtests)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of birth as far as it is known: year, year and month, or the day."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class District:
    """A part of the Kommune. German: Stadtteil, Gemeinde (in a Landkreis)"""

    id: str
    name: str
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """A body that owns places or cases. German: Amt, Stelle"""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class MunicipalKey:
    """The Kommune's share of its Land's arrivals. German: Verteilschlüssel (Land -> Kommune)

    kind ``typed``: ``share_permille`` as published; ``nw``: formula of § 3 FlüAG NRW from typed
    inputs; ``by``: Bezirk quota times Kreis quota. ``credit`` and ``backlog`` are persons.
    """

    kind: Literal["typed", "nw", "by"]
    source: Source
    share_permille: float | None = None
    credit: float | None = None
    backlog: float | None = None
    lag_days: int | None = None
    inputs: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Municipality:
    """The Kommune that plans, and how it wants to be reckoned. German: Kommune"""

    name: str
    land: str
    ags: str
    kind: str
    today: date
    months: int
    population: int | None
    area_km2: float | None
    districts: tuple[District, ...]
    offices: tuple[Office, ...]
    key: MunicipalKey
    scenarios: dict[str, float]  # named scenario -> weight, sums to 1
    passing: int | None = None  # too-large households one admission may pass over
    tolerances: dict[str, tuple[int, int]] = field(default_factory=dict)  # domain -> days, amount
    reported_cycle_days: int | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """People who belong together; membership is dated. German: Haushalt"""

    id: str
    kind: Literal["family", "couple", "lone_parent", "single", "uam", "unknown"]
    group: Literal["asylum", "temporary", "reunification", "resettlement", "other"]
    arrived_on: date | None = None
    district: str | None = None
    hosted: bool | None = None
    protected: bool = False
    responsible: str | None = None
    responsible_from: date | None = None
    may_move_from: date | None = None
    size_stated: int | None = None  # "family, about 5", where members are not all recorded
    announced_id: str | None = None
    recorded_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Why somebody may be here; two may overlap. German: Aufenthaltsstatus"""

    name: str
    valid_from: date | None = None
    valid_until: date | None = None
    opens_claim: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One newcomer; the ledger knows no name. German: Person"""

    id: str
    born: PartialDate | None = None
    sex: Sex | None = None
    legal: tuple[LegalBasis, ...] = ()
    recognised_on: date | None = None
    needs_access: bool | None = None
    left_on: date | None = None
    left_reason: str | None = None
    recorded_at: datetime | None = None
    source: str = ""
    age_disputed: bool = False  # counts as a minor until it is settled. German: strittiges Alter


@dataclass(frozen=True, slots=True)
class Membership:
    """A person belongs to a household from a day until a day (half-open). German: Zugehörigkeit"""

    person: str
    household: str
    member_from: date | None = None
    member_until: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """A site. German: Einrichtung"""

    id: str
    name: str
    district: str
    kind: Literal[
        "shared", "container", "hotel", "hall", "rented_flats", "kita", "school", "course", "office"
    ]
    owner: str  # office id: only it confirms
    opens_on: date | None = None
    lease_until: date | None = None
    notice_months: int | None = None
    cost_month_eur: int | None = None
    cost_once_eur: int | None = None
    standby_eur: int | None = None
    activation_days: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing one can assign: flat, room, Kita group, class, counter. German: Einheit

    ``family`` holds one party; ``shared`` several people, of one sex unless declared otherwise.
    ``per`` place: places; week or month: a rate (appointments a week, flats found a month).
    """

    id: str
    facility: str
    kind: Literal["family", "shared"]
    domain: str
    places: int
    pool: str = "general"
    adjoins: tuple[str, ...] = ()
    sex: Literal["f", "m", "any", "by_first"] | None = None
    per: Literal["place", "week", "month"] = "place"
    for_: Literal["everyone", "newcomers"] = "everyone"
    access: bool | None = None
    floor_area_m2: int | None = None
    building: str = ""
    floor: str = ""
    features: tuple[str, ...] = ()
    reported_on: date | None = None
    reported_by: str | None = None
    other_places: int | None = None
    other_by: str | None = None
    other_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """A person's need and the unit it is placed in, from-to, with status. German: Belegung

    Rows are versions: a correction carries ``replaces`` (the id of the row it takes the place of)
    and its own ``recorded_at`` (UTC). ``unit`` None with status requested = waiting.
    """

    id: str
    person: str
    domain: str
    status: PlacementStatus
    unit: str | None = None
    requested_on: date | None = None
    from_: date | None = None
    until: date | None = None
    ended_reason: str | None = None
    kept_until: date | None = None
    over_occupancy_reason: str | None = None
    over_until: date | None = None
    second_place: bool = False
    recorded_at: datetime | None = None
    replaces: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class CapacityEvent:
    """A dated change of places at a unit or a whole facility. German: Kapazitätsereignis

    ``places`` None with kind block or reserve = all places; with step it is signed.
    """

    id: str
    target: str  # unit id or facility id
    date: Day
    kind: EventKind
    status: Literal["decided", "planned", "option"]
    places: int | None = None
    until: Day | None = None
    delay_low_days: int | None = None
    delay_high_days: int | None = None
    reason: str = ""
    recorded_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResidentDemand:
    """Places other residents use or ask for in a month. German: Bedarf der übrigen Bevölkerung

    All three figures None = unknown: the domain then counts seats for newcomers only.
    """

    month: str  # YYYY-MM
    district: str  # id or "all"
    domain: str
    pool: str | None
    low: int | None
    central: int | None
    high: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """A household the authority has announced. German: angekündigte Zuweisung"""

    id: str
    expected_on: date
    group: str
    kind: str
    persons: int | None
    ages: tuple[int, ...]
    sexes: tuple[Sex | None, ...]
    source: str
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A decision that changes places, with lead time, cost and lifetime. German: Maßnahme"""

    id: str
    name: str
    domain: str
    places: int
    status: Literal["decided", "planned", "option"]
    pool: str = "general"
    decision_on: date | None = None
    lead_days: tuple[int, int, int] | None = None  # low, mid, high
    lifetime_months: int | None = None
    once_eur: int | None = None
    month_eur: int | None = None
    owner: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """A need that no place meets yet. German: offener Bedarf"""

    household: str  # or the id of an announcement
    domain: str
    person: str | None = None  # None = the whole household
    due: date | None = None  # the law or the office wants it by this day
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a home must or should offer somebody: a code with expiry, never a diagnosis.

    ``code`` is a feature of units, or `own_unit`, `protected`, `screening_open`, `interpreter`.
    German: Anforderung
    """

    household: str
    code: str
    person: str | None = None
    strength: Literal["must", "should"] = "must"
    until: date | None = None
    language: str | None = None  # only with `interpreter`: a declared service need


@dataclass(frozen=True, slots=True)
class Wish:
    """What a household asked for; it is weighed, it binds nobody. German: Wunsch"""

    household: str
    kind: Literal["district", "facility", "near"]
    target: str  # a district, a site, or a household to live near to


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Recorded: two households not in one building, or one not in a building. German: Ausschluss"""

    household: str
    other: str | None = None
    facility: str | None = None
    building: str | None = None  # of the facility; None = all of it
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Minutes between two districts, both ways; no row = unknown. German: Erreichbarkeit"""

    district: str
    other: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Lock:
    """A decision of a person that binds the machine. German: Festlegung"""

    household: str
    unit: str
    kind: Literal["lock", "forbid"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """An ask to another office for a place it owns; only that office says yes. German: Anfrage

    ``countered``: it has offered ``offer_unit`` from ``offer_from`` instead; ``confirmed``: it has
    given that. What was refused or withdrawn is none any more.
    """

    person: str
    domain: str
    asker: str
    owner: str
    status: Literal["open", "countered", "confirmed"]
    wanted_from: date
    due: date  # by when an answer is asked for
    unit: str | None = None  # None: any of the owner's
    offer_unit: str | None = None
    offer_from: date | None = None

    @property
    def is_open(self) -> bool:
        """Does somebody still have to say something?"""
        return self.status != "confirmed"

    @property
    def seat(self) -> str | None:
        """The unit it is about now: what was offered, else what was asked for."""
        return self.offer_unit or self.unit


@dataclass(frozen=True, slots=True)
class PlacementFiles:
    """What `place` reads beside the ledger; each part may be missing. German: Vergabedateien

    ``open_needs`` None: no file, so they are taken from the ledger.
    """

    open_needs: tuple[OpenNeed, ...] | None = None
    requirements: tuple[Requirement, ...] = ()
    wishes: tuple[Wish, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    reach: tuple[Reach, ...] = ()
    locks: tuple[Lock, ...] = ()
    requests: tuple[Request, ...] = ()
