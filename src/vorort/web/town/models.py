"""The Kommune: offices, districts, sites, units, and what changes them. Read by `bridge`.

``key`` is the id a planner knows (GU-ZIE-001) and the scenario folder holds; rows keep the order
in which they came (``id``), because a folder written back shall be the same folder.
"""

from django.db import models

DELETE, KEEP = models.CASCADE, models.PROTECT


class Kommune(models.Model):
    """The one Kommune of this register. German: Kommune

    ``facts`` is YAML: key, named scenarios, tolerances, own values, names of later files. They
    are read as a whole and their order counts, which a JSON column of PostgreSQL would lose.
    """

    name = models.TextField()
    land = models.CharField(max_length=2)
    ags = models.CharField(max_length=8)
    kind = models.CharField(max_length=40)
    today = models.DateField()  # of the folder; a demo stands still on it
    months = models.IntegerField()
    population = models.IntegerField(null=True)
    area_km2 = models.FloatField(null=True)
    passing = models.IntegerField(null=True)
    reported_cycle_days = models.IntegerField(null=True)
    facts = models.TextField()
    folder = models.TextField()
    is_demo = models.BooleanField(default=False)  # written at creation, never changed


class District(models.Model):
    """A part of the Kommune. German: Stadtteil"""

    key = models.CharField(max_length=120, unique=True)
    name = models.TextField()
    population = models.IntegerField(null=True)


class Office(models.Model):
    """A body that owns places or cases. German: Amt, Stelle"""

    key = models.CharField(max_length=120, unique=True)
    name = models.TextField()


class Site(models.Model):
    """A site with buildings; one office owns it. German: Einrichtung"""

    key = models.CharField(max_length=120, unique=True)
    name = models.TextField()
    district = models.ForeignKey(District, KEEP)
    kind = models.CharField(max_length=40)
    owner = models.ForeignKey(Office, KEEP)
    opens_on = models.DateField(null=True)
    lease_until = models.DateField(null=True)
    notice_months = models.IntegerField(null=True)
    cost_month_eur = models.BigIntegerField(null=True)
    cost_once_eur = models.BigIntegerField(null=True)
    standby_eur = models.BigIntegerField(null=True)
    activation_days = models.IntegerField(null=True)
    source = models.TextField(null=True)
    # What a clerk needs on the spot; a scenario folder does not hold it.
    operator = models.TextField(blank=True)
    address = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    keys = models.TextField(blank=True)  # who has them
    protection_concept = models.BooleanField(null=True)
    address_protected = models.BooleanField(default=False)  # shelter: shown to the named role only


class Unit(models.Model):
    """A flat, room, group, class or counter. German: Einheit"""

    key = models.CharField(max_length=120, unique=True)
    facility = models.ForeignKey(Site, KEEP)
    kind = models.CharField(max_length=10)
    domain = models.CharField(max_length=40)
    places = models.IntegerField()
    pool = models.CharField(max_length=40)
    adjoins = models.TextField()  # keys, one space between
    sex = models.CharField(max_length=10, null=True)
    per = models.CharField(max_length=10)
    for_whom = models.CharField(max_length=20)
    access = models.BooleanField(null=True)
    floor_area_m2 = models.IntegerField(null=True)
    building = models.TextField()
    floor = models.TextField()
    features = models.TextField()
    reported_on = models.DateField(null=True)
    reported_by = models.CharField(max_length=120, null=True)
    other_places = models.IntegerField(null=True)
    other_by = models.CharField(max_length=120, null=True)
    other_on = models.DateField(null=True)
    source = models.TextField(null=True)
    # What it is called on the spot (Zimmer 12, Gruppe Igel); a scenario folder does not hold it.
    title = models.TextField(blank=True)


class CapacityEvent(models.Model):
    """A dated change of places. German: Kapazitätsereignis"""

    key = models.CharField(max_length=120, unique=True)
    target = models.CharField(max_length=120, db_index=True)
    date = models.DateField()
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    places = models.IntegerField(null=True)
    until = models.DateField(null=True)
    delay_low_days = models.IntegerField(null=True)
    delay_high_days = models.IntegerField(null=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField(null=True)
    source = models.TextField(null=True)


class ResidentDemand(models.Model):
    """Demand of other residents in a month; all three figures or none. German: Bedarf"""

    month = models.CharField(max_length=7)
    district = models.CharField(max_length=120)
    domain = models.CharField(max_length=40)
    pool = models.CharField(max_length=40, null=True)
    low = models.IntegerField(null=True)
    central = models.IntegerField(null=True)
    high = models.IntegerField(null=True)
    source = models.TextField()


class Announcement(models.Model):
    """A household the authority has announced. German: angekündigte Zuweisung"""

    key = models.CharField(max_length=120, unique=True)
    expected_on = models.DateField()
    group = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    persons = models.IntegerField(null=True)
    ages = models.TextField()  # 34 31 6
    sexes = models.TextField()  # f m -, where - is unknown
    source = models.TextField()
    permille = models.IntegerField()


class Measure(models.Model):
    """A decision that changes places. German: Maßnahme"""

    key = models.CharField(max_length=120, unique=True)
    name = models.TextField()
    domain = models.CharField(max_length=40)
    places = models.IntegerField()
    status = models.CharField(max_length=20)
    pool = models.CharField(max_length=40)
    decision_on = models.DateField(null=True)
    lead_low_days = models.IntegerField(null=True)
    lead_mid_days = models.IntegerField(null=True)
    lead_high_days = models.IntegerField(null=True)
    lifetime_months = models.IntegerField(null=True)
    once_eur = models.BigIntegerField(null=True)
    month_eur = models.BigIntegerField(null=True)
    owner = models.TextField()
    source = models.TextField()


class StoredOutlook(models.Model):
    """The sentence of a stress test that was run on this register. German: Rechenlauf"""

    at = models.DateTimeField()
    version = models.CharField(max_length=40)
    seed = models.BigIntegerField()
    draws = models.IntegerField()
    sentence_de = models.TextField()
    sentence_en = models.TextField()
    estimates = models.TextField()
