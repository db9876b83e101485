"""The files of deploy/, looked at by the tools of those who run them."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.machine import needs
from tests.operations.proxy import PROGRAM, make_folder

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def variables_of(text: str) -> set[str]:
    """The names of the settings that a file with NAME=value lines gives."""
    return set(re.findall(r"^([A-Z][A-Z_]+)=", text, re.MULTILINE))


def known_variables() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def kubernetes():
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / "kwalibo.yaml").read_text()))


def test_hadolint_finds_nothing_in_the_dockerfile():
    hadolint = Path(sys.executable).with_name("hadolint")
    needs(hadolint.exists(), "hadolint is not here")

    done = subprocess.run(
        [hadolint, "--failure-threshold=style", DEPLOY / "Dockerfile"],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout


def test_the_image_runs_without_root_and_holds_what_the_site_reads():
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    last_stage = dockerfile.split("\nFROM ")[-1]

    assert re.search(r"^USER 10001$", last_stage, re.MULTILINE)
    assert "HEALTHCHECK" in last_stage
    assert "--frozen" in dockerfile
    # The same uv as `make` takes.
    (made_with,) = re.findall(r"uv==([\d.]+)", dockerfile)
    assert f"UV_VERSION := {made_with}\n" in (ROOT / "Makefile").read_text()
    taken = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert all((ROOT / path).exists() for path in taken)
    assert {"kwalibo", "measures", "parties", "templates", "static", "uv.lock"} <= set(taken)


def test_compose_holds_to_its_specification(compose):
    schema = json.loads(
        (Path(__file__).parent / "vendor" / "compose-spec" / "compose-spec.json").read_text()
    )
    # The schema is of before a project could name itself.
    named = {key: value for key, value in compose.items() if key != "name"}

    faults = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(named)]

    assert not faults


def test_compose_runs_two_of_the_site_that_write_nowhere_but_in_their_volumes(compose):
    services = compose["services"]
    ours = {name: service for name, service in services.items() if "kwalibo" in service["image"]}

    assert services["app"]["deploy"]["replicas"] == 2
    assert set(ours) == {"app", "migrate", "release", "digests", "nightly"}
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    # Nobody outside reaches anything but the proxy.
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    assert services["database"]["networks"] == services["cache"]["networks"] == ["inside"]


def test_kubernetes_knows_every_word_of_the_example(kubernetes):
    validate = pytest.importorskip("kubernetes_validate")

    for document in kubernetes:
        validate.validate(document, validate.latest_version(), strict=True)


def pods(kubernetes):
    """(name, pod) of everything that runs."""
    for document in kubernetes:
        spec = document.get("spec", {})
        if document["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield document["metadata"]["name"], spec["template"]["spec"]


def test_no_pod_runs_as_root_or_writes_to_its_image(kubernetes):
    seen = dict(pods(kubernetes))

    assert set(seen) == {"app", "migrate", "release", "digests", "verify", "backup"}
    for pod in seen.values():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert "memory" in container["resources"]["limits"]


def test_every_setting_that_deploy_names_is_one_of_ours(compose, kubernetes):
    named = variables_of((DEPLOY / "kwalibo.env.example").read_text())
    named |= set(kubernetes[0]["data"])
    named |= set(compose["services"]["migrate"]["environment"])
    named |= set(compose["services"]["app"]["environment"])
    for unit in UNITS:
        named |= set(re.findall(r"^Environment=([A-Z_]+)=", unit.read_text(), re.MULTILINE))
    for _, pod in pods(kubernetes):
        named |= {one["name"] for one in pod["containers"][0].get("env", [])}

    assert named <= known_variables()


def test_every_command_that_deploy_runs_is_one_of_ours(compose, kubernetes):
    from django.core.management import get_commands

    texts = [path.read_text() for path in [*UNITS, DEPLOY / "compose.yaml"]]
    texts += [" ".join(container["command"]) for _, pod in pods(kubernetes)
              for container in pod["containers"] if "command" in container]  # fmt: skip
    run = set(re.findall(r"manage\.py\W+(\w+)", "\n".join(texts)))

    assert run == {
        *("release_due", "send_digests", "send_follow_mails"),
        *("forget_addresses", "verify_snapshots", "backup", "migrate"),
    }
    assert run <= get_commands().keys()


def test_systemd_understands_the_units(tmp_path):
    needs(shutil.which("systemd-analyze"), "systemd is not on this machine")
    # It looks whether the programs are there.
    program = tmp_path / "opt" / ".venv" / "bin"
    program.mkdir(parents=True)
    for name in ("python", "gunicorn"):
        (program / name).write_text("#!/bin/sh\n")
        (program / name).chmod(0o755)
    for unit in UNITS:
        text = unit.read_text().replace("/opt/kwalibo", str(tmp_path / "opt"))
        (tmp_path / unit.name.replace("@.", "@8000.")).write_text(text)

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.glob("kwalibo*"))],
        capture_output=True,
        text=True,
    )

    ours = [line for line in done.stderr.splitlines() if "kwalibo" in line]
    assert (done.returncode, ours) == (0, [])


def test_every_timer_has_its_service():
    names = {unit.name for unit in UNITS}
    timers = {name for name in names if name.endswith(".timer")}

    assert {name.replace(".timer", ".service") for name in timers} <= names
    assert len(timers) == 3


@pytest.fixture
def nginx(tmp_path):
    """The folder /etc/nginx of a proxy with a certificate of its own."""
    needs(PROGRAM, "nginx is not here")
    needs(shutil.which("openssl"), "openssl is not here")
    make_folder(tmp_path / "nginx")
    return tmp_path / "nginx"


def test_nginx_understands_its_file(nginx):
    done = subprocess.run(
        [PROGRAM, "-t", "-p", nginx, "-c", nginx / "nginx.conf"], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_takes_no_cipher_without_forward_secrecy_and_authentication():
    text = (DEPLOY / "nginx" / "kwalibo.conf").read_text()
    (ciphers,) = re.findall(r"^ssl_ciphers (.+);$", text, re.MULTILINE)

    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
    for cipher in ciphers.split(":"):
        assert cipher.startswith("ECDHE-")
        assert "GCM" in cipher or "POLY1305" in cipher


def test_what_waits_for_a_stop_waits_longer_than_gunicorn(compose, kubernetes):
    settings: dict = {}
    exec((ROOT / "gunicorn.conf.py").read_text(), settings)
    stop = settings["graceful_timeout"]
    app = dict(pods(kubernetes))["app"]
    pause = app["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    unit = (DEPLOY / "systemd" / "kwalibo@.service").read_text()
    proxy = (DEPLOY / "nginx" / "kwalibo.conf").read_text()
    upstream = (DEPLOY / "nginx" / "upstream.conf").read_text()

    assert int(compose["services"]["app"]["stop_grace_period"].rstrip("s")) > stop
    assert app["terminationGracePeriodSeconds"] > stop + pause
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit).group(1)) > stop
    assert int(re.search(r"proxy_read_timeout (\d+)s", proxy).group(1)) > settings["timeout"]
    assert int(re.search(r"keepalive_timeout (\d+)s", upstream).group(1)) < settings["keepalive"]


def test_the_proxy_takes_the_largest_upload():
    from django.conf import settings

    proxy = (DEPLOY / "nginx" / "kwalibo.conf").read_text()

    assert int(re.search(r"client_max_body_size (\d+)m", proxy).group(1)) > settings.EVIDENCE_MAX_MB


def test_the_manual_names_commands_and_files_that_are_there():
    from django.core.management import get_commands

    manual = (ROOT / "docs" / "beheer.md").read_text()
    commands = set(re.findall(r"(?:(?:`|^ *|=0 )kwalibo|manage\.py) ([a-z_]+)\b", manual, re.M))
    files = set(re.findall(r"\b(?<![\w/])(deploy/[\w./@-]+\w)", manual))
    units = set(re.findall(r"\b(kwalibo-\w+\.timer)", manual))

    assert commands <= get_commands().keys()
    assert {"backup", "restore", "migrate", "make_backup_key"} <= commands
    assert all((ROOT / file).exists() for file in files)
    assert units == {unit.name for unit in UNITS if unit.suffix == ".timer"}


def test_metrics_are_on_a_port_that_no_proxy_or_service_leads_to(compose, kubernetes):
    app = dict(pods(kubernetes))["app"]["containers"][0]
    environment = {one["name"]: one["value"] for one in app["env"]}
    unit = (DEPLOY / "systemd" / "kwalibo@.service").read_text()
    proxies = "".join(path.read_text() for path in (DEPLOY / "nginx").iterdir())
    services = [one for one in kubernetes if one["kind"] in ("Service", "Ingress")]

    assert environment["METRICS_BIND"].endswith(":9100")
    assert "METRICS_BIND=127.0.0.1:9100" in unit
    assert compose["services"]["app"]["environment"]["METRICS_BIND"].endswith(":9100")
    assert "ports" not in compose["services"]["app"]
    assert "9100" not in proxies + str(services)
    assert "metrics" not in proxies + str(services)


def test_workers_count_in_memory_and_not_in_a_place_that_they_may_not_write(compose, kubernetes):
    app = dict(pods(kubernetes))["app"]
    folder = {one["name"]: one["value"] for one in app["containers"][0]["env"]}
    mounts = {one["mountPath"]: one["name"] for one in app["containers"][0]["volumeMounts"]}
    volumes = {one["name"]: one for one in app["volumes"]}
    unit = (DEPLOY / "systemd" / "kwalibo@.service").read_text()
    site = compose["services"]["app"]

    there = volumes[mounts[folder["PROMETHEUS_MULTIPROC_DIR"]]]
    assert there["emptyDir"]["medium"] == "Memory"
    # systemd makes /run/… on a tmpfs, for both of the units on a machine.
    assert "RuntimeDirectory=kwalibo-metrics\n" in unit
    assert "PROMETHEUS_MULTIPROC_DIR=/run/kwalibo-metrics\n" in unit
    assert site["environment"]["PROMETHEUS_MULTIPROC_DIR"].startswith(site["tmpfs"][0])
