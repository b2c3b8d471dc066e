"""The next legal dates of everybody, kept so that no page reckons 60,000 people. German: Fristen

Everything here can be made again from people, households and stays (`keeping.reckon_all`). A
backup leaves it out.
"""

from django.db import models

from vorort.web.intake.models import Household, Person
from vorort.web.town.models import Office

DELETE = models.CASCADE


class Due(models.Model):
    """A date of a person that is not met; without a day where that is unknown. German: Frist"""

    person = models.ForeignKey(Person, DELETE)
    household = models.ForeignKey(Household, DELETE)
    rule = models.CharField(max_length=40)
    day = models.DateField(null=True)

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["rule", "day"], name="deadlines_due_rule_day"),
            models.Index(fields=["day", "rule"], name="deadlines_due_day_rule"),
        ]


class Reckoned(models.Model):
    """For which day everybody's dates were reckoned, and by which rules. German: Stand

    ``mark`` is drawn anew with every change of people, as that of a site.
    """

    on = models.DateField()
    by = models.CharField(max_length=64)
    mark = models.BigIntegerField(default=0)


class Stirred(models.Model):
    """Whose dates may have changed since; written by triggers, emptied by `keeping.settle`."""

    person = models.UUIDField(null=True)
    household = models.BigIntegerField(null=True)


class RulesKept(models.Model):
    """By which rules the dates that are kept were reckoned, to tell what an upgrade changes."""

    on = models.DateField()
    land = models.CharField(max_length=2)
    rules = models.TextField()  # JSON: rule -> names in both languages, and a mark


class RulesChange(models.Model):
    """That rules, or the Land, are others than before. German: Regeländerung"""

    on = models.DateField()
    compared_with = models.DateField()  # for this day the dates before were reckoned
    land_before = models.CharField(max_length=2)
    land_after = models.CharField(max_length=2)
    rules = models.TextField()  # JSON: key, names, new | changed | gone, how many people
    people = models.IntegerField()  # whose dates moved


class Moved(models.Model):
    """A date of a person before and after; ``had`` and ``has`` tell an unknown day from none."""

    change = models.ForeignKey(RulesChange, DELETE)
    person = models.ForeignKey(Person, DELETE)
    household = models.ForeignKey(Household, DELETE)
    rule = models.CharField(max_length=40)
    had = models.BooleanField()
    before = models.DateField(null=True)
    has = models.BooleanField()
    after = models.DateField(null=True)


class ChangeSeen(models.Model):
    """An office has taken note of a change of rules. German: zur Kenntnis genommen"""

    change = models.ForeignKey(RulesChange, DELETE)
    office = models.ForeignKey(Office, DELETE)

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["change", "office"], name="one_note_per_office")
        ]


class Altered(models.Model):
    """Which households the last acts have changed, in the order of the acts; none where an act
    changed nobody. What a process keeps of households it reads again only for these.

    ``mark`` is that of `Reckoned` after the act.
    """

    mark = models.BigIntegerField(db_index=True)
    household = models.BigIntegerField(null=True)
