"""What an office has to do, by when. Nothing happens by itself: a task ends when people end it."""

from django.db import models

from vorort.web.accounts.models import Act
from vorort.web.intake.models import Household, Person
from vorort.web.town.models import Office, Site, Unit

DELETE, KEEP = models.CASCADE, models.PROTECT


class Task(models.Model):
    """German: Aufgabe

    ``kind`` is a code (`KINDS`) with a sentence in both languages; ``note`` may name people and
    dies with them. About a household, a person, a unit or a site, or none of them.
    """

    kind = models.CharField(max_length=40)
    office = models.ForeignKey(Office, KEEP)  # who has to do it
    due = models.DateField(null=True)
    household = models.ForeignKey(Household, DELETE, null=True)
    person = models.ForeignKey(Person, DELETE, null=True)
    unit = models.ForeignKey(Unit, DELETE, null=True)
    site = models.ForeignKey(Site, DELETE, null=True)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(Act, KEEP, related_name="+")
    done_by = models.ForeignKey(Act, KEEP, null=True, related_name="+")
    done_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["office", "due"], name="task_office_due"),
        ]


class Days(models.Model):
    """After how many days a task of a kind arises, where the Kommune says so itself."""

    key = models.CharField(max_length=40, unique=True)
    days = models.IntegerField()
