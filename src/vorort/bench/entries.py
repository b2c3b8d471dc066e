"""What colleagues enter, as their browsers send it: a form of a page, filled in, over HTTP.

Whatever a colleague has entered is undone by the same forms: holds are cancelled, wishes lifted.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random

# entry -> how often of a hundred; who enters what is a project estimate. Of what is held a part is
# confirmed, the rest given up again.
ENTRIES = {"hold": 40, "confirm": 15, "cancel": 20, "wish": 15, "lift a wish": 10}
SHARE = 0.06  # of what colleagues set out to do; project estimate, 0.03 to 0.15
WANTS = "what placement reads"  # the page on which a wish is entered
DONE, REFUSED = 302, 409  # refused: somebody else was quicker. An answer, no failure


@dataclass
class Form:
    """A form as a page holds it, with what stands in it."""

    action: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of a list to choose from
    buttons: list[tuple[str, str]] = field(default_factory=list)  # that say something

    def filled(self, name: str, value: str) -> list[tuple[str, str]]:
        """What is sent once a field has been filled in."""
        return [*((n, v) for n, v in self.sent if n != name), (name, value)]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        name, value = has.get("name", ""), has.get("value", "")
        if tag == "form":
            self._form = Form(has.get("action", ""))
            self.found.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and name:
            if has.get("type") == "radio":
                self._form.choices.setdefault(name, []).append(value)
            if has.get("type") not in ("checkbox", "radio") or "checked" in has:
                self._form.sent.append((name, value))
        elif tag == "select":
            self._list = name
            self._form.choices[name] = []
        elif tag == "option" and self._list:
            self._form.choices[self._list].append(value)
            if "selected" in has:
                self._form.sent.append((self._list, value))
        elif tag == "button" and name:
            self._form.buttons.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._form is not None:
            name, self._list = self._list, ""
            if name not in dict(self._form.sent):  # nothing chosen is the first one
                self._form.sent += [(name, value) for value in self._form.choices[name][:1]]


def forms_of(page: bytes, ending: str) -> list[Form]:
    """The forms of a page whose address ends so."""
    reader = _Forms()
    reader.feed(page.decode())
    return [f for f in reader.found if f.action.endswith(ending)]


@dataclass(frozen=True)
class Step:
    """Something a colleague asks for: a page, or an entry that is sent."""

    name: str
    address: str
    form: list[tuple[str, str]] | None = None


Steps = Generator[Step, tuple[int, bytes], None]


class Colleague:
    """Enters things about households that wait for a place, each its own, and holds places of the
    own office, which alone confirms them: not those at ``others``.

    `entry` yields what is asked for, and is sent the page that comes back.
    """

    def __init__(self, waiting: list[str], luck: Random, others: Sequence[str] = ()) -> None:
        self._waiting, self._luck = list(waiting), luck
        self._others = tuple(f"{site}-" for site in others)
        self.held: list[str] = []  # by themselves, and not confirmed yet
        self.confirmed: list[str] = []
        self.wished: list[str] = []

    def chosen(self) -> str:
        """What is entered next; what has nothing to be entered about is a hold."""
        wanted = self._luck.choices(list(ENTRIES), list(ENTRIES.values()))[0]
        there = {"confirm": self.held, "cancel": self.held + self.confirmed,
                 "lift a wish": self.wished}  # fmt: skip
        return wanted if there.get(wanted, [""]) else "hold"

    def entry(self, what: str) -> Steps:
        """The pages and the entry itself, one after the other."""
        return {
            "hold": self._hold, "confirm": self._confirm, "cancel": self._cancel,
            "wish": self._wish, "lift a wish": self._lift,
        }[what]()  # fmt: skip

    def left(self) -> Iterator[str]:
        """What is to be undone, until nothing is left."""
        while self.held or self.confirmed:
            yield "cancel"
        while self.wished:
            yield "lift a wish"

    def _hold(self) -> Steps:
        if not self._waiting:
            return
        home = self._waiting.pop(0)
        _, page = yield Step("offers", f"/haushalte/{home}/plaetze/")
        for form in forms_of(page, "/vormerken/")[:1]:
            units = form.choices.get("units", [])
            own = [u for u in units if not u.startswith(self._others or "-")]
            if not own:
                return
            status, _ = yield Step("hold", form.action, form.filled("units", own[0]))
            if status == DONE:
                self.held.append(home)
                yield Step("household", f"/haushalte/{home}/")

    def _confirm(self) -> Steps:
        home = self.held.pop(0)
        self.confirmed.append(home)
        _, page = yield Step("household", f"/haushalte/{home}/")
        for form in forms_of(page, "/bestaetigen/")[:1]:
            status, _ = yield Step("confirm", form.action, form.sent)
            if status == DONE:
                yield Step("household", f"/haushalte/{home}/")

    def _cancel(self) -> Steps:
        home = (self.held or self.confirmed).pop(0)
        _, page = yield Step("household", f"/haushalte/{home}/")
        for form in forms_of(page, "/belegung/cancel/")[:1]:
            reason = next(v for v in form.choices["reason"] if v)
            yield Step("cancel", form.action, form.filled("reason", reason))
            self._waiting.insert(0, home)
            yield Step("household", f"/haushalte/{home}/")

    def _wish(self) -> Steps:
        if not self._waiting:
            return
        home = self._waiting[-1]
        _, page = yield Step(WANTS, f"/haushalte/{home}/vergabe/")
        for form in forms_of(page, "/vergabe/wish/"):
            if "district" in form.choices:
                district = self._luck.choice([v for v in form.choices["district"] if v])
                yield Step("wish", form.action, form.filled("district", district))
                self.wished.append(home)

    def _lift(self) -> Steps:
        home = self.wished.pop(0)
        _, page = yield Step(WANTS, f"/haushalte/{home}/vergabe/")
        for form in [f for f in forms_of(page, "/vergabe/wish/") if f.buttons][-1:]:
            yield Step("lift a wish", form.action, form.filled(*form.buttons[0]))
