"""Households and people. Personal data: everything here dies with the person."""

import uuid

from django.db import models

from vorort.web import answer

DELETE, KEEP = models.CASCADE, models.PROTECT


class Household(models.Model):
    """People who belong together. German: Haushalt"""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20)
    group = models.CharField(max_length=20)
    arrived_on = models.DateField(null=True)
    district = models.CharField(max_length=120, null=True)
    hosted = models.BooleanField(null=True)
    protected = models.BooleanField(default=False)
    responsible = models.CharField(max_length=120, null=True)
    responsible_from = models.DateField(null=True)
    may_move_from = models.DateField(null=True)
    size_stated = models.IntegerField(null=True)
    announced_id = models.CharField(max_length=120, null=True)
    recorded_at = models.DateTimeField(null=True)
    source = models.TextField(null=True)

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(  # asked for on every page, and there are few
                fields=["protected"], name="intake_household_protected",
                condition=models.Q(protected=True),
            ),
            models.Index(  # who of those announced has come
                fields=["announced_id"], name="intake_household_announced",
                condition=models.Q(announced_id__isnull=False),
            ),
        ]  # fmt: skip


class Person(models.Model):
    """One newcomer. German: Person

    ``id`` is random and never used again; ``key`` is the running number a folder shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True)  # order of the folder
    key = models.CharField(max_length=120, unique=True)
    born = models.CharField(max_length=10, null=True)  # YYYY, YYYY-MM or YYYY-MM-DD
    sex = models.CharField(max_length=1, null=True)
    recognised_on = models.DateField(null=True)
    needs_access = models.BooleanField(null=True)
    left_on = models.DateField(null=True)
    left_reason = models.TextField(null=True)
    recorded_at = models.DateTimeField(null=True)
    source = models.TextField(null=True)
    # Not in a scenario folder:
    language = models.CharField(max_length=40, blank=True)  # of an interpreter, a service need
    guardian = models.TextField(blank=True)  # of a minor. German: Vormund
    guardian_since = models.DateField(null=True)
    age_disputed = models.BooleanField(default=False)  # counts as a minor until settled
    # Found to be recorded twice: the record that counts. German: zusammengeführt
    same_as = models.ForeignKey("self", DELETE, null=True, related_name="also")

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(  # asked for on every page, and there are few
                fields=["same_as"], name="intake_person_merged",
                condition=models.Q(same_as__isnull=False),
            ),
        ]  # fmt: skip


class LegalBasis(models.Model):
    """Why somebody may be here; two may overlap. German: Aufenthaltsstatus"""

    person = models.ForeignKey(Person, DELETE)
    name = models.TextField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    opens_claim = models.BooleanField(default=False)


class Membership(models.Model):
    """A person belongs to a household from a day until a day. German: Zugehörigkeit"""

    person = models.ForeignKey(Person, DELETE)
    household = models.ForeignKey(Household, DELETE)
    member_from = models.DateField(null=True)
    member_until = models.DateField(null=True)
    reason = models.TextField(null=True)
    relation = models.CharField(max_length=20, blank=True)  # within the household


class Name(models.Model):
    """A name as somebody wrote it; a person may have several. German: Name, Schreibweise"""

    person = models.ForeignKey(Person, DELETE, related_name="names")
    family = models.TextField(blank=True)
    given = models.TextField(blank=True)
    sound = models.TextField(db_index=True)  # how it sounds, to find other spellings

    def __str__(self) -> str:
        return called(self.given, self.family)


def called(given: str, family: str) -> str:
    """A name as it is said."""
    return f"{given} {family}" if given and family else given or family


class Need(models.Model):
    """What a person needs of a place, as a code with an end; never a diagnosis. German: Bedarf

    Restricted: seen with the right to it only, and each look is written down.
    """

    person = models.ForeignKey(Person, DELETE, related_name="needs")
    code = models.CharField(max_length=40)
    since = models.DateField()
    expires = models.DateField()


class Vulnerability(models.Model):
    """Why somebody needs particular care, as a code with an end. German: Schutzbedarf

    Apart from `Need`: placing asks what a place must offer, never why. Its own rights; each look
    is written down.
    """

    person = models.ForeignKey(Person, DELETE, related_name="vulnerabilities")
    code = models.CharField(max_length=40)
    since = models.DateField()
    expires = models.DateField()


class Wish(models.Model):
    """What a household would like; no claim. German: Wunsch"""

    household = models.ForeignKey(Household, DELETE, related_name="wishes")
    kind = models.CharField(max_length=20)  # district, near, other
    what = models.TextField()


class Merge(models.Model):
    """Two records of one person made one; can be undone. German: Zusammenführung"""

    kept = models.ForeignKey(Person, DELETE, related_name="+")
    gone = models.ForeignKey(Person, DELETE, related_name="+")
    moved = models.TextField()  # table:id of every row that changed its person
    act = models.ForeignKey("accounts.Act", KEEP, related_name="+")
    undone_by = models.ForeignKey("accounts.Act", KEEP, null=True, related_name="+")


class NotSame(models.Model):
    """Two people who look alike on paper and are two; not asked again. German: verschieden"""

    one = models.ForeignKey(Person, DELETE, related_name="+")
    other = models.ForeignKey(Person, DELETE, related_name="+")
    act = models.ForeignKey("accounts.Act", KEEP, related_name="+")

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["one", "other"], name="not_same_once"),
        ]


class Counter(models.Model):
    """The last running number given, so that none is given twice. German: Nummernkreis"""

    name = models.CharField(max_length=20, unique=True)
    last = models.BigIntegerField()


def emptied() -> list[int]:
    """Households all of whose people were found to be recorded elsewhere already."""
    return answer.once("emptied", _emptied)


def _emptied() -> list[int]:
    # Step by step: there are few of them, and asked in one question SQLite walks all people.
    merged = list(Person.objects.filter(same_as__isnull=False).values_list("pk", flat=True))
    if not merged:
        return []
    gone = Membership.objects.filter(person__in=merged).values_list("household_id", flat=True)
    chosen = set(gone)
    left = Membership.objects.filter(household__in=chosen, person__same_as__isnull=True)
    return sorted(chosen - set(left.values_list("household_id", flat=True)))


def came() -> dict[str, str]:
    """Who of those announced is on record, by the announcement; not under a number that went."""
    rows = Household.objects.filter(announced_id__isnull=False).exclude(pk__in=emptied())
    return {str(a): str(key) for a, key in rows.values_list("announced_id", "key")}
