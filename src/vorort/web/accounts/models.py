"""Roles as data, logins, and the audit trail. German: Rechte und Protokoll"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from vorort.vocabulary import Text
from vorort.web.accounts.called import called
from vorort.web.intake.models import Person
from vorort.web.town.models import Office

DELETE, KEEP = models.CASCADE, models.PROTECT


class Role(models.Model):
    """What somebody does here. German: Rolle"""

    key = models.CharField(max_length=40, unique=True)
    name_de = models.TextField()
    name_en = models.TextField()


class Grant(models.Model):
    """A role has a right, for its own office only or for all. What is not granted is denied."""

    role = models.ForeignKey(Role, DELETE, related_name="grants")
    right = models.CharField(max_length=40)
    own_office_only = models.BooleanField(default=True)

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["role", "right"], name="one_grant_per_right")
        ]


class User(AbstractBaseUser):
    """A colleague, by user name; no e-mail address needed."""

    username = models.CharField(max_length=80, unique=True)
    office = models.ForeignKey(Office, KEEP)
    role = models.ForeignKey(Role, KEEP)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # works only in a demo database
    start_code = models.CharField(max_length=200, blank=True)  # hashed; for the first login
    start_until = models.DateTimeField(null=True)
    session_salt = models.CharField(max_length=20, blank=True)  # a new one ends all sessions
    objects: BaseUserManager["User"] = BaseUserManager()
    USERNAME_FIELD = "username"

    @property
    def state(self) -> Text:
        """How far the login is, in words."""
        if not self.is_active:
            return Text("beendet", "ended")
        if self.is_demo:
            return Text("Vorführung", "demo")
        if self.start_code:
            return Text("wartet auf die erste Anmeldung", "waits for the first login")
        return Text("aktiv", "active")

    def get_session_auth_hash(self) -> str:
        """A session lives as long as password and salt stay what they were."""
        return salted_hmac("vorort.session", f"{self.password}{self.session_salt}").hexdigest()


class SecondFactor(models.Model):
    """The secret of a colleague's code app, encrypted. German: zweiter Faktor"""

    user = models.OneToOneField(User, DELETE, related_name="factor")
    secret = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)  # of the last code taken: none is taken twice


class RecoveryCode(models.Model):
    """A way in when the phone is lost; each works once. German: Ersatzcode"""

    user = models.ForeignKey(User, DELETE, related_name="recovery_codes")
    code = models.CharField(max_length=64)  # a keyed hash
    used_at = models.DateTimeField(null=True)


class Attempt(models.Model):
    """A failed login, to slow down who guesses. Names and addresses are kept as keyed hashes."""

    name = models.CharField(max_length=64, db_index=True)
    address = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)


class Act(models.Model):
    """One intent, one transaction, one entry. ``key`` is made by the client: a retry is no act."""

    key = models.UUIDField(unique=True)
    actor = models.ForeignKey(User, KEEP, null=True)  # null: the command line
    role = models.CharField(max_length=40)
    office = models.CharField(max_length=120)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    reason_code = models.CharField(max_length=40, blank=True)

    @property
    def role_name(self) -> Text:
        """How the role was called then."""
        return called(self)


class ActValue(models.Model):
    """What an act changed. About a person it dies with the person; without a subject it is about
    a place and holds no value of anybody."""

    act = models.ForeignKey(Act, DELETE, related_name="changed")
    subject = models.ForeignKey(Person, DELETE, null=True)
    table = models.CharField(max_length=40)
    row = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    old = models.TextField(null=True)
    new = models.TextField(null=True)

    class Meta:
        # every history asks how roles were called: few rows of a very long table
        indexes = [  # noqa: RUF012
            models.Index(
                fields=["row"], name="actvalue_of_roles", condition=models.Q(table="role")
            ),
        ]


class ReadLog(models.Model):
    """Who opened what is protected about a person. German: Leseprotokoll"""

    actor = models.ForeignKey(User, KEEP)
    subject = models.ForeignKey(Person, DELETE)
    purpose_code = models.CharField(max_length=40)
    at = models.DateTimeField()


class Transfer(models.Model):
    """That facts about somebody went to another office: which, to whom, why. German: Weitergabe"""

    act = models.ForeignKey(Act, KEEP)
    to_office = models.ForeignKey(Office, KEEP)
    ground = models.CharField(max_length=40)
    subject = models.ForeignKey(Person, DELETE)
    fields = models.TextField()  # names of fields, one space between; no values
