"""Twenty colleagues at their browsers: pages asked for over HTTP, with time to think in between;
now and then one of them enters something.

Runs as a process of its own, so that its work is not done inside the server's processes.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from vorort.bench.entries import DONE, ENTRIES, SHARE, Colleague, Step

HERE = "127.0.0.1"
# page -> how often of a hundred; who looks at what is a project estimate
PAGES = {
    "today": 14, "households": 14, "household": 24, "board": 12, "site open on the board": 6,
    "offers": 8, "tasks": 7, "dates": 5, "sites": 3, "site": 5, "board as known": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What is asked for. ``think``: seconds between an answer and the next question."""

    port: int
    logins: list[tuple[str, str]]
    households: list[str]
    sites: list[str]
    known: str  # a past day
    waiting: list[str]  # households without a place
    others: list[str]  # sites whose places another office confirms
    users: int = 20
    seconds: float = 90.0
    think: float = 3.0


class Browser:
    """One colleague: a connection that stays open, and cookies."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: http.client.HTTPConnection | None = None
        self._cookies: dict[str, str] = {}

    def ask(
        self, address: str, form: Sequence[tuple[str, str]] | None = None
    ) -> tuple[int, str, bytes]:
        """Status, where to go next, and the page."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._open is None:
            self._open = http.client.HTTPConnection(HERE, self._port, timeout=120)
        try:
            self._open.request("GET" if form is None else "POST", address, body, headers)
            answer = self._open.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
            # the server ends connections nobody used for a while, as browsers know
            self._open = http.client.HTTPConnection(HERE, self._port, timeout=120)
            self._open.request("GET" if form is None else "POST", address, body, headers)
            answer = self._open.getresponse()
        page = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.split(";")[0]
        return answer.status, answer.headers.get("Location", ""), page

    def log_in(self, name: str, password: str) -> None:
        """As a demo lets people in: name and password."""
        _, _, page = self.ask("/anmelden/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise ValueError("no form to log in")
        status, _, _ = self.ask("/anmelden/", [
            ("username", name), ("password", password), ("csrfmiddlewaretoken", token[1].decode()),
        ])  # fmt: skip
        if status != 302:
            raise ValueError(f"{name} was not let in")


def address(page: str, plan: Plan, luck: Random) -> str:
    """A page of a kind, of a household or site chosen by luck."""
    home, site = luck.choice(plan.households), luck.choice(plan.sites)
    return {
        "today": "/heute/", "households": f"/haushalte/?seite={luck.choice((1, 1, 1, 2, 40))}",
        "household": f"/haushalte/{home}/", "board": "/plaetze/",
        "site open on the board": f"/plaetze/?standort={site}",
        "offers": f"/haushalte/{home}/plaetze/", "tasks": "/aufgaben/", "dates": "/fristen/",
        "sites": "/standorte/", "site": f"/standorte/{site}/",
        "board as known": f"/plaetze/?bekannt={plan.known}",
    }[page]  # fmt: skip


Answer = tuple[str, float, int, int]  # page, seconds, status, bytes


def timed(browser: Browser, step: Step) -> tuple[Answer, bytes]:
    """One question, from asking it to the last byte of the answer."""
    began = time.perf_counter()
    status, _, body = browser.ask(step.address, step.form)
    return (step.name, time.perf_counter() - began, status, len(body)), body


def entered(browser: Browser, colleague: Colleague, what: str) -> Iterator[Answer]:
    """An entry, as far as there is something to enter: its pages and the form that is sent."""
    steps = colleague.entry(what)
    try:
        step = next(steps)
        while True:
            answer, body = timed(browser, step)
            yield answer
            step = steps.send((answer[2], body))
    except StopIteration:
        return


def undone(browser: Browser, colleague: Colleague) -> None:
    """All that this colleague has entered is given up again: the next run finds what this one did.
    What was entered stays in the history, as always."""
    for what in colleague.left():
        answers = list(entered(browser, colleague, what))
        if DONE not in [status for name, _, status, _ in answers if name in ENTRIES]:
            raise ValueError(f"{what}: {answers}")


def alone(plan: Plan, times: int = 5) -> list[Answer]:
    """Each page and entry by itself, nobody else at work; the first of each is not counted."""
    browser, luck = Browser(plan.port), Random("alone")  # noqa: S311 no secret
    browser.log_in(*plan.logins[0])
    found = []
    for page in PAGES:
        for n in range(times + 1):
            answer, _ = timed(browser, Step(page, address(page, plan, luck)))
            found += [answer] if n else []
    colleague = Colleague(plan.waiting, luck, plan.others)
    for n in range(times + 1):
        for what in ("hold", "confirm", "cancel", "wish", "lift a wish"):
            answers = [a for a in entered(browser, colleague, what) if a[0] in ENTRIES]
            found += answers if n else []
    undone(browser, colleague)
    return found


def together(plan: Plan) -> list[Answer]:
    """All at once, each in a thread, for some time."""
    found: list[Answer] = []
    wrong: list[Exception] = []
    ready = threading.Barrier(plan.users)

    def work(number: int) -> None:
        try:
            browser = Browser(plan.port)
            browser.log_in(*plan.logins[number % len(plan.logins)])
            ready.wait()
            found.extend(_at_work(plan, browser, number))
        except Exception as error:  # of a thread: told when all are done
            wrong.append(error)
            ready.abort()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(plan.users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise ExceptionGroup("colleagues", wrong)
    return found


def _at_work(plan: Plan, browser: Browser, number: int) -> list[Answer]:
    """What one colleague asks for; thinking is spread by a third around."""
    luck = Random(number)  # noqa: S311
    colleague = Colleague(plan.waiting[number :: plan.users], luck, plan.others)
    found: list[Answer] = []
    time.sleep(luck.uniform(0, plan.think))
    ends = time.perf_counter() + plan.seconds
    while time.perf_counter() < ends:
        answers: Iterable[Answer]
        if luck.random() < SHARE:
            answers = entered(browser, colleague, colleague.chosen())
        else:
            page = luck.choices(list(PAGES), list(PAGES.values()))[0]
            answers = [timed(browser, Step(page, address(page, plan, luck)))[0]]
        for answer in answers:
            found.append(answer)
            if answer[0] not in ENTRIES:  # whoever sends a form gets the page after it at once
                time.sleep(luck.uniform(plan.think * 2 / 3, plan.think * 4 / 3))
    undone(browser, colleague)
    return found


def main() -> None:
    """The plan as JSON from standard input, the answers as JSON to standard output."""
    given: dict[str, Any] = json.load(sys.stdin)
    plan = Plan(**given)
    json.dump({"alone": alone(plan), "together": together(plan)}, sys.stdout)


if __name__ == "__main__":
    main()
