"""A throw-away PostgreSQL cluster: `python -m tests.postgres COMMAND ...`.

Runs the command with DATABASE_URL naming the cluster, and removes it at the end. A
DATABASE_URL that names a PostgreSQL already is left alone.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def binaries() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them off the PATH."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


class Cluster:
    """Starts on a free loopback port, in a folder that `stop()` removes.

    A folder that is given stays, and with it what the databases in it hold. `is_durable`: what
    it said to have committed survives a crash, as on a real server.
    """

    def __init__(self, folder: Path | None = None, *, is_durable: bool = False):
        self.is_durable = is_durable
        self.is_kept = folder is not None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="kwalibo-postgres-"))
        self.folder.mkdir(exist_ok=True)
        # PostgreSQL refuses to run as root; Debian's package brings an account for it.
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.as_user:
            shutil.chown(self.folder, "postgres")

    def _run(self, program: str, *options: str, check: bool = True):
        bin_folder = binaries()
        assert bin_folder
        subprocess.run(
            [*self.as_user, str(bin_folder / program), "-D", f"{self.folder}/data", *options],
            check=check,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> str:
        """Start the cluster; returns its DATABASE_URL."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if not (self.folder / "data").exists():
            self._run(
                "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"
            )
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
        }
        if not self.is_durable:
            # It is thrown away: nothing has to survive a crash.
            settings |= dict.fromkeys(["fsync", "synchronous_commit", "full_page_writes"], "off")
        self.options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self.resume()
        return f"postgres://postgres@127.0.0.1:{port}/postgres"

    def resume(self):
        """Start it with what it holds."""
        options = f"--options={self.options}"
        self._run("pg_ctl", "--wait", f"--log={self.folder}/log", options, "start")

    def pause(self):
        """Stop it as a crash would, and keep what it holds."""
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    def stop(self):
        # A cluster that did not start cannot be stopped; its folder goes all the same.
        mode = "fast" if self.is_kept else "immediate"
        self._run("pg_ctl", f"--mode={mode}", "stop", check=False)
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)


def main(command: list[str]) -> int:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(command, check=False).returncode
    # Whoever ends this process, by a time limit too, leaves no server behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    cluster = Cluster()
    try:
        environment = os.environ | {"DATABASE_URL": cluster.start()}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
