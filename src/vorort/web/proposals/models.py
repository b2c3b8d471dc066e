"""What placement reads beside the ledger: each row is somebody's decision. German: Vergabe

What is about a household dies with it. A row is about a household, or about an announced one.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from vorort.web.accounts.models import Act
from vorort.web.intake.models import Household, Person
from vorort.web.running import LongRun
from vorort.web.town.models import Announcement, District, Office, Site, Unit

DELETE, KEEP = models.CASCADE, models.PROTECT


class About(models.Model):
    """About a household, or about one that is only announced: exactly one of them."""

    household = models.ForeignKey(Household, DELETE, null=True, related_name="+")
    announced = models.ForeignKey(Announcement, DELETE, null=True, related_name="+")
    act = models.ForeignKey(Act, KEEP, null=True, related_name="+")  # null: came with the folder

    class Meta:
        abstract = True
        constraints = [  # noqa: RUF012
            models.CheckConstraint(
                condition=Q(household__isnull=True) ^ Q(announced__isnull=True),
                name="%(class)s_is_about_one",
            )
        ]


class Requirement(About):
    """What a home must or should offer: a code with an end. German: Anforderung

    What one person needs stands with the person (`intake.Need`); here stands what is of the whole
    household, only a "should", or came without an end.
    """

    person = models.ForeignKey(Person, DELETE, null=True, related_name="+")
    code = models.CharField(max_length=40)
    strength = models.CharField(max_length=10, default="must")
    until = models.DateField(null=True)
    language = models.CharField(max_length=40, null=True)

    class Meta(About.Meta):
        abstract = False


class Wish(About):
    """A wish of an announced household, or for a site. German: Wunsch"""

    kind = models.CharField(max_length=20)
    target = models.TextField()

    class Meta(About.Meta):
        abstract = False


class Exclusion(About):
    """Two households not in one building, or one not in a building. German: Ausschluss"""

    other = models.ForeignKey(Household, DELETE, null=True, related_name="+")
    other_announced = models.ForeignKey(Announcement, DELETE, null=True, related_name="+")
    facility = models.ForeignKey(Site, DELETE, null=True, related_name="+")
    building = models.TextField(null=True)  # of the facility; null: all of it
    until = models.DateField(null=True)
    note = models.TextField(blank=True)  # dies with the household; stays in the register

    class Meta(About.Meta):
        abstract = False


class OpenNeed(About):
    """A need with its legal date, or one that shall not be placed now. German: offener Bedarf

    Without a row a need is open where the ledger shows it as open.
    """

    person = models.ForeignKey(Person, DELETE, null=True, related_name="+")
    domain = models.CharField(max_length=40)
    due = models.DateField(null=True)
    since = models.DateField(null=True)
    is_left_out = models.BooleanField(default=False)

    class Meta(About.Meta):
        abstract = False


class Lock(About):
    """Exactly here, or not here: a decision that binds the machine. German: Festlegung"""

    unit = models.ForeignKey(Unit, DELETE, related_name="+")
    kind = models.CharField(max_length=10)
    reason = models.TextField(blank=True)

    class Meta(About.Meta):
        abstract = False


class Reach(models.Model):
    """Minutes between two districts, both ways; no row = unknown. German: Erreichbarkeit"""

    district = models.ForeignKey(District, DELETE, related_name="+")
    other = models.ForeignKey(District, DELETE, related_name="+")
    minutes = models.IntegerField()


class RuleEntry(models.Model):
    """What an office has set, from a day on: a rule, the order of goals, a weight, a setting.

    ``value`` is YAML, as a folder's rules.yaml holds it. German: Regelstand
    """

    part = models.CharField(max_length=20)  # rules, order, weights, settings, office
    name = models.CharField(max_length=40, blank=True)
    from_on = models.DateField(null=True)  # null: since ever
    value = models.TextField()
    act = models.ForeignKey(Act, KEEP, null=True, related_name="+")


class Decline(About):
    """A place declined, with reason and consequence; ends by itself. German: abgelehntes Angebot"""

    unit = models.ForeignKey(Unit, DELETE, related_name="+")
    on = models.DateField()
    reason = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    consequence = models.CharField(max_length=20)

    class Meta(About.Meta):
        abstract = False


class Run(LongRun):
    """A run of the week's plan: what it was computed from, and what came out. German: Vergabelauf

    ``frame`` is the problem without any person; what is about people lies in `RunInput` and dies
    with them. ``inputs`` says how many rows there were: one less, and it cannot be repeated.
    """

    SILENT = timedelta(minutes=5)  # a large relaxation takes a while between two signs

    day = models.DateField(null=True)
    version = models.CharField(max_length=40, blank=True)
    objective = models.BigIntegerField(null=True)  # thousandths of a point
    bound = models.BigIntegerField(null=True)
    is_proved = models.BooleanField(default=False)
    placed = models.TextField(blank=True)  # persons by class, placed and bound, as JSON
    rules = models.TextField(blank=True)  # hash of the rules in force
    content = models.TextField(blank=True)  # hash of the whole input
    frame = models.TextField(blank=True)
    inputs = models.IntegerField(default=0)
    after = models.ForeignKey("self", DELETE, null=True, related_name="+")  # decided otherwise
    act = models.ForeignKey(Act, KEEP, null=True, related_name="+")


class RunInput(models.Model):
    """A row of the input of a run that is about somebody. German: Eingabezeile"""

    run = models.ForeignKey(Run, DELETE, related_name="rows")
    kind = models.CharField(max_length=20)
    household = models.ForeignKey(Household, DELETE, null=True, related_name="+")
    other = models.ForeignKey(Household, DELETE, null=True, related_name="+")
    person = models.ForeignKey(Person, DELETE, null=True, related_name="+")
    announced = models.ForeignKey(Announcement, DELETE, null=True, related_name="+")
    text = models.TextField()


class Proposal(About):
    """Where a run proposes that a household lives. Without ``units``: it found no place."""

    run = models.ForeignKey(Run, DELETE, related_name="proposals")
    units = models.TextField(blank=True)  # keys, one space between
    home_from = models.DateField(null=True)  # first day of the home
    start = models.DateField(null=True)  # first day of the stay
    points = models.BigIntegerField(default=0)

    class Meta(About.Meta):
        abstract = False


class SeatProposal(About):
    """Which seat a run proposes for one person; another office is asked for it."""

    run = models.ForeignKey(Run, DELETE, related_name="seats")
    person = models.ForeignKey(Person, DELETE, null=True, related_name="+")
    member = models.CharField(max_length=120)  # as the run called them
    domain = models.CharField(max_length=40)
    pool = models.CharField(max_length=40)
    due = models.DateField(null=True)
    since = models.DateField(null=True)
    unit = models.CharField(max_length=120, null=True)

    class Meta(About.Meta):
        abstract = False


class FloorCost(LongRun):
    """What a floor would cost in a large run, asked by somebody and answered by the worker.

    The answer is for whoever sees the same households of the plan (``seen``), as long as the
    input is what it was (``left``: its rows). Whom it would cost the proposal, `FloorLoss` says.
    German: Preis einer Untergrenze
    """

    run = models.ForeignKey(Run, DELETE, related_name="floors")
    sheet = models.CharField(max_length=20)
    name = models.TextField()  # a group, or several with commas between
    permille = models.IntegerField()
    seen = models.CharField(max_length=64)  # a digest
    left = models.IntegerField()
    has_plan = models.BooleanField(default=False)
    is_exact = models.BooleanField(default=False)
    words_de = models.TextField(blank=True)
    words_en = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["run", "seen"], name="floor_cost_run_seen")]  # noqa: RUF012


class FloorLoss(About):
    """A household that would lose its proposal for a floor; gone with the household."""

    floor = models.ForeignKey(FloorCost, DELETE, related_name="losses")

    class Meta(About.Meta):
        abstract = False


class Template(models.Model):
    """An office's own template of a decision note or letter, as DOCX. German: Vorlage"""

    office = models.ForeignKey(Office, KEEP, related_name="+")
    kind = models.CharField(max_length=10)  # note, letter
    name = models.CharField(max_length=120)
    content = models.TextField()  # base64: a backup holds text
    act = models.ForeignKey(Act, KEEP, related_name="+")


class Letter(models.Model):
    """A decision note or letter as it was issued; never made again, and gone with the person.

    German: Vermerk, Bescheid
    """

    person = models.ForeignKey(Person, DELETE, related_name="letters")  # to whom it is addressed
    household = models.ForeignKey(Household, DELETE, related_name="letters")
    kind = models.CharField(max_length=10)
    content = models.TextField()  # base64: a backup holds text
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField()
    act = models.ForeignKey(Act, KEEP, related_name="+")
