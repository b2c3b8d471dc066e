"""The second factor, recovery codes, start codes, and how guessing is slowed down.

The arithmetic of the codes is pyotp's. A secret is encrypted with a key made from the register's
signing key; recovery codes are kept as keyed hashes.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

import pyotp
import segno
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone
from django.utils.crypto import salted_hmac

from vorort.web.accounts.models import Attempt, RecoveryCode, SecondFactor, User

CODES = 10
WINDOW = timedelta(minutes=15)
PER_NAME, PER_ADDRESS = 5, 50  # an office behind one address shares it
START_HOURS = 24
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no letters that look like digits


def _lock(signing: str | None = None) -> Fernet:
    key = hashlib.sha256(b"vorort.factor" + (signing or settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def reseal(row: SecondFactor, old: str) -> None:
    """Seal a secret with the signing key of now; it was sealed with another."""
    row.secret = _lock().encrypt(_lock(old).decrypt(row.secret.encode())).decode()
    row.save()


def new_secret(user: User) -> str:
    """A secret to scan, not yet in force; made once until it is confirmed."""
    row = SecondFactor.objects.filter(user=user).first()
    if row is None:
        sealed = _lock().encrypt(pyotp.random_base32().encode()).decode()
        row = SecondFactor.objects.create(user=user, secret=sealed)
    return _lock().decrypt(row.secret.encode()).decode()


def picture(user: User, town: str) -> str:
    """The SVG a phone scans."""
    address = pyotp.TOTP(new_secret(user)).provisioning_uri(user.username, f"Vorort {town}")
    found: str = segno.make(address, error="m").svg_inline(scale=5, light="#fff", dark="#000")
    return found.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def takes(user: User, code: str) -> bool:
    """Is it the code of now, a step before or after, and newer than the last one taken?"""
    row = SecondFactor.objects.select_for_update().filter(user=user).first()
    digits = code.replace(" ", "")
    if row is None or not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return False
    totp = pyotp.TOTP(_lock().decrypt(row.secret.encode()).decode())
    now = int(timezone.now().timestamp()) // totp.interval
    for step in (now - 1, now, now + 1):
        if step > row.last_step and pyotp.utils.strings_equal(totp.generate_otp(step), digits):
            row.last_step = step
            row.confirmed_at = row.confirmed_at or timezone.now()
            row.save()
            return True
    return False


def has_factor(user: User) -> bool:
    """Is a second factor in force?"""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes; the old ones end."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code=_hash(c)) for c in codes)
    return [f"{c[:5]}-{c[5:]}" for c in codes]


def takes_recovery(user: User, code: str) -> bool:
    """A recovery code that was not used before; it is now."""
    plain = code.upper().replace("-", "").replace(" ", "")
    done = RecoveryCode.objects.filter(user=user, code=_hash(plain), used_at__isnull=True).update(
        used_at=timezone.now()
    )
    return bool(done)


def _hash(text: str) -> str:
    return salted_hmac("vorort.code", text, algorithm="sha256").hexdigest()


def new_start_code(user: User) -> str:
    """For the first login, or after a reset in person; everything before it ends."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    user.start_code, user.start_until = (
        make_password(code),
        timezone.now() + timedelta(hours=START_HOURS),
    )
    user.set_unusable_password()
    end_sessions(user)
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    return code


def takes_start(user: User, code: str) -> bool:
    """A start code in time."""
    in_time = user.start_until is not None and timezone.now() < user.start_until
    matches = check_password(code.strip().upper(), user.start_code or make_password(None))
    return bool(user.start_code) and in_time and matches


def end_sessions(user: User) -> None:
    """Everywhere this user is logged in, at once. Saves the user."""
    user.session_salt = secrets.token_hex(8)
    user.save()


# ---- guessing -----------------------------------------------------------------------------------


def wait_until(name: str, address: str) -> datetime | None:
    """Until when somebody who guessed too often has to wait; None: may try."""
    since = timezone.now() - WINDOW
    for field, text, most in (("name", name, PER_NAME), ("address", address, PER_ADDRESS)):
        rows = Attempt.objects.filter(**{field: _hash(text)}, at__gt=since).order_by("-at")
        found = list(rows.values_list("at", flat=True)[:most])
        if len(found) == most:
            until: datetime = found[-1] + WINDOW
            return until
    return None


def failed(name: str, address: str) -> None:
    """Note a failed try; what is older than a day is forgotten."""
    now = timezone.now()
    Attempt.objects.create(name=_hash(name), address=_hash(address), at=now)
    Attempt.objects.filter(at__lt=now - timedelta(days=1)).delete()


def succeeded(name: str) -> None:
    """Who got in starts anew."""
    Attempt.objects.filter(name=_hash(name)).delete()
