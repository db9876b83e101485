"""Colleagues of tests/stress.py who work through HTTP, on a server that may break off."""

import http.client
import re
import time
from dataclasses import dataclass, field

from tests.operations.visitor import Answer, Door, Visitor, form_of
from tests.stress import Colleague, typed

COOKIE = "sessionid"


class BrokenOff(Exception):
    """No answer came, or one that says that the database is away: nobody knows what was done."""


@dataclass
class Editor(Colleague):
    """`session` is the cookie of somebody who logged in. With `may_break` it is no fault when a
    question is broken off; `broken` counts them."""

    door: Door = field(default_factory=lambda: Door(0))
    session: str = ""
    may_break: bool = False
    broken: int = 0

    def sign_in(self) -> None:
        self.client = Visitor(self.door)
        self.client.cookies[COOKIE] = self.session

    def leave(self) -> None:
        """There is no connection to close."""

    def take(self, task) -> None:
        try:
            task()
        except BrokenOff:
            self.broken += 1
            time.sleep(0.05)

    def waiting(self) -> list[str]:
        start = self.get("/beheer/").text
        return sorted(set(re.findall(r"/beheer/measures/progressupdate/\d+/beoordelen/", start)))

    def get(self, address) -> Answer:
        return self._ask(address, lambda: self.client.get(address))

    def post(self, address, data) -> Answer:
        return self._ask(address, lambda: self.client.post(address, data))

    def _ask(self, address, ask) -> Answer:
        try:
            answer = ask()
        except (OSError, http.client.HTTPException) as error:
            if self.may_break:
                raise BrokenOff from error
            raise
        if self.may_break and answer.status == 503:
            raise BrokenOff
        return self._seen(address, answer)


@dataclass
class LetterWriter(Editor):
    """Freezes one letter after the other; `frozen` are the moments that a screen said are."""

    moments: list = field(default_factory=list)
    frozen: list = field(default_factory=list)

    def work(self, until: float = float("inf")) -> None:
        try:
            self.sign_in()
            while self.moments and self.goes_on(until):
                self.take(self.freeze)
        except Exception as error:
            self.faults.append(f"{self.name}: {error!r}")

    def freeze(self) -> None:
        key = self.moments[0]
        address = f"/beheer/measures/reportingmoment/{key}/voorbereiden/"
        page = self.get(address)
        if "_freeze" in page.text:
            values = typed(page)
            reasons = {name for name in values if name.startswith("reden-voor-alle:")}
            values |= dict.fromkeys(reasons, "Besproken.") | {"_freeze": "1"}
            if self.post(address, values).status != 302:
                # Somebody published something meanwhile: there is more to look at first.
                return
            self.frozen.append(key)
        # Else it was frozen before an answer was broken off.
        self.moments.pop(0)

    def release(self, key: int) -> None:
        """Make a frozen letter public."""
        address = f"/beheer/measures/reportingmoment/{key}/voorbereiden/"
        answer = self.post(
            address, form_of(self.get(address), "csrfmiddlewaretoken") | {"_release": "1"}
        )
        if answer.status != 302:
            self.faults.append(f"{address}: not released ({answer.status})")


def session_of(name: str) -> str:
    """The cookie of a new session of this person; works on the database of this process."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client.cookies[COOKIE].value
