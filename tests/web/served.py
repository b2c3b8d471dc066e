"""Starts the register as in production (gunicorn, several processes) for a test, on a free port.

    python tests/web/served.py DATABASE PORT delay_ms [without-locks]

``delay_ms``: how long writing takes after checking, as on a busy disk. ``without-locks``: the same
server whose acts neither begin a transaction nor lock rows; a load test has to go wrong on it.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace

WORKERS = 2


@contextmanager
def server(database, *, delay_ms=0, locks=True):
    """The port of a running server; it is stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, str(database), str(port), str(delay_ms)]
    complaints = tempfile.TemporaryFile()  # noqa: SIM115 closed below, after the server
    process = subprocess.Popen(
        [*command, *(() if locks else ("without-locks",))],
        stdout=subprocess.DEVNULL, stderr=complaints, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        complaints.seek(0)
        print(complaints.read()[-20_000:].decode(errors="replace"))  # shown where a test fails
        complaints.close()


def _wait(port, process):
    for _ in range(600):
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                pass
            there = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            there.request("GET", "/anmelden/")
            assert there.getresponse().status == 200
            there.close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


class Browser:
    """A logged-in client over one kept connection; the session was made by the test."""

    def __init__(self, port, session):
        self._at = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._token = "a" * 32
        self._cookie = f"sessionid={session}; csrftoken={self._token}"

    def post(self, path, fields):
        """Status and text."""
        from urllib.parse import urlencode

        body = urlencode({"csrfmiddlewaretoken": self._token, **fields}, doseq=True)
        head = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, head)

    def get(self, path):
        """Status and text."""
        return self._ask("GET", path, None, {"Cookie": self._cookie})

    def _ask(self, method, path, body, head):
        for is_last in (False, True):
            try:
                self._at.request(method, path, body, head)
                answer = self._at.getresponse()
                return answer.status, answer.read().decode()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # a kept connection the server has closed meanwhile; the form's key makes it one act
                self._at.close()
                if is_last:
                    raise
        raise AssertionError


def session_of(username):
    """A session as logging in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from vorort.web.accounts.models import User

    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def told(text):
    """What a page complains about."""
    return [t.strip() for t in re.findall(r"<li>([^<]+)", text)]


def _complain(**_):
    traceback.print_exc()


def _serve(database, port, delay_ms, *how):
    sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
    from vorort.web import register

    register.use(database, plain_http=True, migrate=False)
    from django.core.signals import got_request_exception

    from vorort.web.accounts import trail
    from vorort.web.placing import actions, locks

    write = actions.write_versions

    def later(*args):
        time.sleep(int(delay_ms) / 1000)
        write(*args)

    actions.write_versions = later
    got_request_exception.connect(_complain)
    if how:
        trail.transaction, trail.gate = SimpleNamespace(atomic=nullcontext), nullcontext
        locks._hold = lambda rows: None
    register.serve_with_gunicorn(int(port), WORKERS)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
