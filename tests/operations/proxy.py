"""The proxy of deploy/nginx, as it is shipped, on ports and in a folder of its own."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

from tests.operations.visitor import Door

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "nginx"
PROGRAM = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
NAME = "kwalibo.example.nl"


def make_folder(folder: Path) -> None:
    """What /etc/nginx would hold, with a certificate of its own."""
    (folder / "tls").mkdir(parents=True)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", f"/CN={NAME}", "-keyout", folder / "tls" / "privkey.pem"),
            *("-out", folder / "tls" / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    shutil.copy(SHIPPED / "upstream.conf", folder)
    text = (SHIPPED / "kwalibo.conf").read_text()
    (folder / "kwalibo.conf").write_text(text.replace("/etc/nginx/kwalibo", str(folder)))
    scratch = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Root's own folders are closed to the account that workers would take.
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{ access_log off;\n{scratch}include {folder}/kwalibo.conf; }}\n"
    )


def what_arrives(environ, start_response):
    """An application that says what it was asked with."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    names = ("REMOTE_ADDR", "HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
    told = [environ.get(name, "") for name in (*names, "HTTP_X_REQUEST_ID")]
    return ["|".join(told).encode()]


class Proxy:
    """nginx before the servers on two ports. Only ports and folders differ from what is shipped."""

    def __init__(self, folder: Path, ports: tuple[int, int]):
        self.folder = folder
        make_folder(folder)
        self.plain, self.secure = _free_port(), _free_port()
        _replace(folder / "kwalibo.conf", " 80 default_server;", f" {self.plain} default_server;")
        _replace(folder / "kwalibo.conf", " 443 ssl;", f" {self.secure} ssl;")
        _replace(folder / "kwalibo.conf", "listen ", "listen 127.0.0.1:")
        _replace(folder / "kwalibo.conf", "    listen 127.0.0.1:[::]", "    # [::]")
        for shipped, port in zip((8000, 8001), ports, strict=True):
            _replace(folder / "upstream.conf", f"127.0.0.1:{shipped} ", f"127.0.0.1:{port} ")
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        assert PROGRAM
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(PROGRAM, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")),
                    *("-g", "daemon off;"),
                ],
                stderr=log,
            )
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.secure), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None, self.log
                time.sleep(0.05)
        raise AssertionError(self.log)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def door(self) -> Door:
        context = ssl.create_default_context(cafile=self.folder / "tls" / "fullchain.pem")
        context.check_hostname = False
        return Door(self.secure, context, {"Host": NAME})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new))
