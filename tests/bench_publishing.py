"""How long readers wait for a text that a colleague publishes in the admin, over HTTP."""

import http.client
import threading
import time
import urllib.parse
from dataclasses import dataclass

from lxml import html

from tests.operations.server import Server


@dataclass(frozen=True)
class Times:
    """Seconds from the answer to the colleague until a reader had the text.

    `here` in the process that published, `made` the part of that which the page took, `there`
    in another process.
    """

    here: float
    made: float
    there: float


class Colleague:
    """A browser of somebody who is logged in."""

    def __init__(self, site: Server, database: str):
        name = f"meting{time.time_ns()}"
        password = f"wachtwoord-{name}"
        script = (
            "from django.contrib.auth.models import User;"
            f"User.objects.create_superuser('{name}', password='{password}')"
        )
        Server(site.folder, DATABASE_URL=database).manage("shell", "--command", script)
        self.site, self.cookies = site, {}
        self.send("/beheer/login/", {"username": name, "password": password})

    def ask(self, method: str, address: str, data: dict | None = None) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            body = urllib.parse.urlencode(data)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, address, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        line.close()
        return answer.status, text

    def send(self, address: str, typed: dict) -> None:
        """Open a form, fill in what is typed, and send it."""
        status, page = self.ask("GET", address)
        assert status == 200, (address, status)
        wanted = set(typed) - {"_publish"}
        form = next(form for form in html.fromstring(page).forms if wanted <= set(form.fields))
        status, page = self.ask("POST", address, dict(form.form_values()) | typed)
        assert status == 302, (address, status, "".join(html.fromstring(page).itertext())[-3000:])


def publish(here: Server, there: Server, database: str) -> Times:
    """Publish a new text at `here`, and look at both until readers have it."""
    text = f"Gemeten {time.time_ns()}."
    page = "/maatregelen/2/"
    colleague = Colleague(here, database)
    for site in (here, there):
        assert site.get(page).status == 200
    seen: dict[str, float] = {}
    made: list[float] = []

    def watch(name: str, site: Server) -> None:
        while name not in seen:
            start = time.perf_counter()
            found = text in site.get(page).text
            if found:
                seen[name] = time.perf_counter()
                made.append(seen[name] - start)

    elsewhere = threading.Thread(target=watch, args=("there", there))
    elsewhere.start()
    form = "/beheer/measures/measure/2/stand-van-zaken/"
    typed = {"status": "in-uitwerking", "explanation": text, "_publish": "1"}
    colleague.send(form, typed)
    published = time.perf_counter()
    watch("here", here)
    of_here = made[-1]
    elsewhere.join(30)
    # Who looks all the time may see it before the colleague has the answer.
    return Times(seen["here"] - published, of_here, max(seen["there"] - published, 0.0))
