"""Twenty colleagues at once, on fifty measures: nothing lost, nothing broken, all of it logged.

    python -m tests.stress --seconds 60

Works on the database that DATABASE_URL names, which must be new. Each colleague does at random
what staff do: write, offer, approve, send back, change a measure, move a deadline. At the end
every text that a screen said was saved must be there, now or in the history, by its writer.
"""

import argparse
import os
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from lxml import html

PEOPLE, MEASURES = 20, 50


@dataclass
class Colleague:
    """One person with a browser; `saved` are the texts that the screens accepted, `published`
    the addresses of what they said is public now."""

    name: str
    dice: random.Random
    saved: list = field(default_factory=list)
    published: list = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    faults: list = field(default_factory=list)
    is_stopped: bool = False

    def work(self, until: float = float("inf")) -> None:
        """Until that time (of `time.monotonic`), or until somebody says `stop()`."""
        try:
            self.sign_in()
            tasks = [self.write, self.write, self.review, self.review, self.change, self.look]
            while self.goes_on(until):
                self.take(self.dice.choice(tasks))
        except Exception as error:
            self.faults.append(f"{self.name}: {error!r}")
        finally:
            self.leave()

    def stop(self) -> None:
        self.is_stopped = True

    def goes_on(self, until: float) -> bool:
        return time.monotonic() < until and not (self.is_stopped or self.faults)

    def sign_in(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        self.client = Client(raise_request_exception=False)
        self.client.force_login(get_user_model().objects.get(username=self.name))

    def leave(self) -> None:
        from django.db import connections

        connections.close_all()

    def take(self, task) -> None:
        task()

    def waiting(self) -> list[str]:
        """The addresses where something waits for approval."""
        from measures.models import ProgressUpdate

        keys = ProgressUpdate.objects.waiting().values_list("pk", flat=True)[:30]
        return [f"/beheer/measures/progressupdate/{key}/beoordelen/" for key in keys]

    def get(self, address):
        return self._seen(address, self.client.get(address))

    def post(self, address, data):
        return self._seen(address, self.client.post(address, data))

    def _seen(self, address, answer):
        self.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            self.faults.append(f"{self.name}: {answer.status_code} at {address}")
        return answer

    def measure(self):
        return self.dice.randrange(1, MEASURES + 1)

    def write(self):
        """Write an update, as a concept or offered for approval."""
        address = f"/beheer/measures/measure/{self.measure()}/stand-van-zaken/"
        page = self.get(address)
        text = f"{self.name} {self.dice.random()}"
        button = self.dice.choice(["_concept", "_submit"])
        values = {"status": "in-uitwerking", "explanation": text, button: "1"}
        if self.post(address, typed(page, **values)).status_code == 302:
            self.saved.append(("explanation", text))

    def review(self):
        """Decide about something that waits."""
        if not (waiting := self.waiting()):
            return
        address = self.dice.choice(waiting)
        page = self.get(address)
        button = self.dice.choice(["_approve", "_approve_publish", "_send_back"])
        if "opened_version" in page.text:
            answer = self.post(address, typed(page, comment="Gezien.", **{button: "1"}))
            if answer.status_code == 302 and button == "_approve_publish":
                self.published.append(address)

    def change(self):
        """Change a measure, and change it again when somebody else was first."""
        address = f"/beheer/measures/measure/{self.measure()}/change/"
        page = self.get(address)
        text = f"{self.name} {self.dice.random()}"
        for _ in range(5):
            answer = self.post(address, typed(page, done_when=text))
            if answer.status_code == 302:
                self.saved.append(("done_when", text))
                return
            page = answer

    def look(self):
        self.get(self.dice.choice(["/beheer/", "/beheer/measures/measure/", "/", "/maatregelen/"]))


def typed(page, **values) -> dict:
    """What the browser sends of the form on a page, with `values` typed in."""
    forms = html.fromstring(page.content).forms
    form = next(form for form in forms if "opened_version" in form.fields or "seen" in form.fields)
    data: dict = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return data | values


def prepare(people: int = PEOPLE) -> None:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.core.management import call_command

    from tests.factories import make_measure

    call_command("migrate", verbosity=0)
    groups = Group.objects.filter(name__in=["redacteur", "fiatteur"])
    for n in range(people):
        person = get_user_model().objects.create_user(f"collega{n}", is_staff=True)
        person.groups.set(groups)
    for _ in range(MEASURES):
        make_measure()


def faults_after(people: list[Colleague]) -> list[str]:
    """What is lost, wrong or not logged, in sentences."""
    from auditlog.models import LogEntry

    from measures.models import Measure, ProgressUpdate, ReviewStep

    faults = [fault for person in people for fault in person.faults]
    known = {"explanation": set(), "done_when": set()}
    who = {}
    entries = LogEntry.objects.filter(content_type__model__in=["progressupdate", "measure"])
    for changes, actor in entries.values_list("changes", "actor__username"):
        for name in known:
            if name in (changes or {}):
                known[name].add(changes[name][1])
                who[changes[name][1]] = actor
    for person in people:
        for name, text in person.saved:
            if text not in known[name]:
                faults.append(f"{text}: saved, and not in the history")
            elif who[text] != person.name:
                faults.append(f"{text}: in the history as by {who[text]}")
    texts = set(ProgressUpdate.objects.values_list("explanation", flat=True))
    for person in people:
        for name, text in person.saved:
            if name == "explanation" and text not in texts:
                faults.append(f"{text}: the update is gone")
    public = set(ProgressUpdate.objects.published().values_list("pk", flat=True))
    for person in people:
        for address in person.published:
            if int(address.split("/")[4]) not in public:
                faults.append(f"{address}: {person.name} published it, and it is not public")
    for update in ProgressUpdate.objects.exclude(author=None):
        kinds = list(update.steps.values_list("kind", flat=True))
        if update.is_public and kinds.count(ReviewStep.Kind.PUBLISHED) != 1:
            faults.append(f"update {update.pk}: published without a step ({kinds})")
        if ReviewStep.Kind.WRITTEN not in kinds:
            faults.append(f"update {update.pk}: written without a step ({kinds})")
        if update.approved_by_id and ReviewStep.Kind.APPROVED not in kinds:
            faults.append(f"update {update.pk}: approved without a step ({kinds})")
        if update.explanation not in known["explanation"]:
            faults.append(f"update {update.pk}: not in the history of fields")
        if update.approved_by_id and update.approved_by_id == update.author_id:
            faults.append(f"update {update.pk}: approved by its author")
    for measure in Measure.objects.all():
        latest = measure.updates.published().latest_first().first()
        if measure.status != (latest.status if latest else "onbekend"):
            faults.append(f"{measure.code}: status {measure.status} does not follow")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    os.environ["DJANGO_SETTINGS_MODULE"] = "kwalibo.settings"
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    settings.SECOND_FACTOR = False
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    prepare()
    people = [Colleague(f"collega{n}", random.Random(n)) for n in range(PEOPLE)]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=person.work, args=[until]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faults = faults_after(people)
    answers = sum((person.answers for person in people), Counter())
    saved = sum(len(person.saved) for person in people)
    sys.stdout.write(
        f"{seconds} s: {sum(answers.values())} answers {dict(answers)}, {saved} texts saved\n"
    )
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
