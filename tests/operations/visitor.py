"""People who visit a real server: with a browser that keeps cookies, by the door they choose."""

import http.client
import json
import ssl
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from lxml import html
from urllib3.filepost import encode_multipart_formdata


@dataclass(frozen=True)
class Door:
    """Where to knock: a port of this machine, over TLS or not, with what a proxy would add."""

    port: int
    tls: ssl.SSLContext | None = None
    headers: dict = field(default_factory=dict)

    def open(self, source: str = "127.0.0.1", timeout: float = 30) -> http.client.HTTPConnection:
        options: dict = {"timeout": timeout, "source_address": (source, 0)}
        if self.tls:
            return http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, **options)
        return http.client.HTTPConnection("127.0.0.1", self.port, **options)


@dataclass(frozen=True)
class Answer:
    """`headers` by their names in lower case."""

    status: int
    headers: dict
    content: bytes
    cookies: SimpleCookie

    @property
    def status_code(self) -> int:
        return self.status

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    def json(self):
        return json.loads(self.content)


class Visitor:
    """Follows no redirect; `at` is the door for one question, else `door` is."""

    def __init__(self, door: Door, source: str = "127.0.0.1"):
        self.door, self.source = door, source
        self.cookies: dict[str, str] = {}

    def ask(self, method, address, *, at=None, body=None, **headers) -> Answer:
        door = at or self.door
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = door.headers | sent
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line = door.open(self.source)
        try:
            line.request(method, address, body=body, headers=sent)
            found = line.getresponse()
            cookies = SimpleCookie()
            for header in found.headers.get_all("Set-Cookie", []):
                cookies.load(header)
            told = {name.lower(): value for name, value in found.headers.items()}
            answer = Answer(found.status, told, found.read(), cookies)
        finally:
            line.close()
        for name, cookie in answer.cookies.items():
            if cookie.value and cookie["max-age"] != "0" and cookie["max-age"] != 0:
                self.cookies[name] = cookie.value
            else:
                self.cookies.pop(name, None)
        return answer

    def get(self, address, *, at=None, **headers) -> Answer:
        return self.ask("GET", address, at=at, **headers)

    def post(self, address, data, *, at=None, files=None, **headers) -> Answer:
        """Send a form; `files` are {name: (file name, bytes)}."""
        if files:
            rows = [(name, one) for name, value in data.items() for one in _all(value)]
            body, kind = encode_multipart_formdata([*rows, *files.items()])
        else:
            body, kind = urlencode(data, doseq=True), "application/x-www-form-urlencoded"
        headers = {"Content_Type": kind, "Referer": _referer(at or self.door)} | headers
        return self.ask("POST", address, at=at, body=body, **headers)

    def log_in(self, name: str, password: str, *, at=None) -> Answer:
        address = "/beheer/login/"
        page = self.get(address, at=at)
        values = {"username": name, "password": password, "next": "/beheer/"}
        return self.post(address, form_of(page, "username") | values, at=at)

    def log_out(self, *, at=None) -> Answer:
        page = self.get("/beheer/", at=at)
        return self.post("/beheer/logout/", form_of(page, "csrfmiddlewaretoken"), at=at)


def form_of(page: Answer, field_name: str) -> dict:
    """What a browser sends of the first form on a page that has this field."""
    forms = html.fromstring(page.content).forms
    form = next(form for form in forms if field_name in form.fields)
    data: dict = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return data


def _all(value):
    return value if isinstance(value, list) else [value]


def _referer(door: Door) -> str:
    """Django asks for it over HTTPS. The port is that of the site, not that of a test."""
    return f"https://{door.headers.get('Host', '127.0.0.1')}/"
