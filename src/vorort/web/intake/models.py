"""Households and people. Personal data: everything here dies with the person."""

import uuid

from django.db import models

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
