"""The example of alert rules asks for what there is, in words that Prometheus understands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from kwalibo.monitoring import gauges, metrics
from kwalibo.operations.models import TaskRun
from kwalibo.signin.models import SignInEvent
from tests.operations.test_deploy import ROOT

ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
TASKS = {
    *("release_due", "send_digests", "send_follow_mails"),
    *("backup", "verify_snapshots", "forget_addresses"),
}


def expressions() -> list[str]:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule["expr"] for rule in group["rules"]]


@pytest.mark.django_db
def test_every_figure_that_an_alert_looks_at_is_there():
    TaskRun.objects.create(name="backup", at=timezone.now(), went_well_at=timezone.now(), number=1)
    families = [*metrics.REGISTRY.collect(), *gauges.DatabaseCollector().describe()]
    families += list(gauges.families())
    known = {"kwalibo_database_up"}
    for family in families:
        known.add(family.name)
        known |= {f"{family.name}_total", f"{family.name}_bucket", f"{family.name}_count"}
    asked = {name for text in expressions() for name in re.findall(r"kwalibo_\w+", text)}

    assert asked <= known


def test_every_task_and_kind_that_an_alert_names_is_one_of_ours():
    text = "\n".join(expressions())
    tasks = {one for found in re.findall(r'task=~?"([^"]+)"', text) for one in found.split("|")}
    kinds = {one for found in re.findall(r'kind=~?"([^"]+)"', text) for one in found.split("|")}

    assert tasks == TASKS
    assert kinds <= set(SignInEvent.Kind.values)


@pytest.mark.parametrize("name", sorted(TASKS))
def test_each_of_those_tasks_says_that_it_ran(name):
    (found,) = Path(ROOT).glob(f"[kmp]*/**/management/commands/{name}.py")

    assert f'name="{name}"' in found.read_text()


def test_prometheus_understands_the_rules():
    promtool = shutil.which("promtool")
    if not promtool:
        # A hundred megabytes for one file: not asked of the machine that runs all tests.
        pytest.skip("promtool is not on this machine (Debian: prometheus)")

    done = subprocess.run([promtool, "check", "rules", ALERTS], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
