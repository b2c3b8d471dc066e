"""A list on its way in: staged first, applied as a whole. Its cells are emptied when it is done."""

from django.db import models

from vorort.web.accounts.models import Act, User
from vorort.web.intake.models import Person
from vorort.web.running import LongRun
from vorort.web.town.models import Office

DELETE, KEEP = models.CASCADE, models.PROTECT


class Batch(models.Model):
    """A file or pasted text. German: Einlesevorgang"""

    kind = models.CharField(max_length=20)
    name = models.TextField()
    digest = models.CharField(max_length=64)  # of the content: the same file is recognised
    header = models.TextField()  # JSON
    mapping = models.TextField(blank=True)  # JSON: field -> column
    state = models.CharField(max_length=20, default="staged")  # applied, undone, dropped
    office = models.ForeignKey(Office, KEEP)
    actor = models.ForeignKey(User, KEEP)
    at = models.DateTimeField()
    act = models.ForeignKey(Act, KEEP, null=True, related_name="+")
    # of a long list: for whom it was checked, by the columns it has now
    checked_by = models.ForeignKey(User, KEEP, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)


class Line(models.Model):
    """A row of it. ``cells`` are values of people until the batch is applied or dropped."""

    batch = models.ForeignKey(Batch, DELETE, related_name="lines")
    number = models.IntegerField()
    cells = models.TextField()  # JSON
    choice = models.CharField(max_length=10, blank=True)  # new, skip: of a doubtful row
    person = models.ForeignKey(Person, DELETE, null=True)
    made = models.CharField(max_length=200, blank=True)  # what it became, without a value
    result = models.CharField(max_length=20, blank=True)  # new, same, skipped, faulty
    # Of a long list, as long as its cells stand here: what a check has found.
    becomes = models.CharField(max_length=10, blank=True)
    told = models.TextField(blank=True)  # JSON: complaints in both languages
    who = models.ForeignKey(Person, DELETE, null=True, related_name="+")  # on record already

    class Meta:
        indexes = [models.Index(fields=["batch", "number"], name="line_in_batch")]  # noqa: RUF012


class Run(LongRun):
    """A long list checked or applied beside the pages. German: Einlesen"""

    batch = models.ForeignKey(Batch, DELETE)
    what = models.CharField(max_length=10)  # check, apply
    key = models.UUIDField()  # of the act it is to become
    is_writing = models.BooleanField(default=False)  # too late to cancel
    told = models.TextField(blank=True)  # JSON: why the register refused it


class Remembered(models.Model):
    """Which column an office's list holds a field in. German: gemerkte Zuordnung"""

    office = models.ForeignKey(Office, DELETE)
    kind = models.CharField(max_length=20)
    header = models.CharField(max_length=64)  # a digest of the column names
    mapping = models.TextField()


class OwnNumber(models.Model):
    """An office's own number of a person or row: the same twice is the same."""

    office = models.ForeignKey(Office, DELETE)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=80)
    person = models.ForeignKey(Person, DELETE, null=True)
    key = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["office", "kind", "number"], name="one_own_number")
        ]


class Export(models.Model):
    """That a list went out, for which purpose; nothing of what was in it. German: Ausgabe"""

    act = models.ForeignKey(Act, KEEP)
    what = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    rows = models.IntegerField()
