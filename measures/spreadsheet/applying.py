"""Doing what a plan says, all or nothing."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction

from ..models import Measure
from .planning import Plan, plan
from .reading import Sheet


class Moved(Exception):
    """What the sheet would change is not any more what was shown; `plan` is what it is now."""

    def __init__(self, plan: Plan):
        super().__init__("Intussen is er iets gewijzigd. Bekijk het voorbeeld opnieuw.")
        self.plan = plan


def apply(sheet: Sheet, user, digest: str, *, submit: bool = False) -> Plan:
    """Do what the plan with this digest said; with `submit` offer the reports for approval.

    Under a lock the plan is made again. Raises Moved when it says something else by now, or
    has a problem: then nothing is changed.
    """
    with transaction.atomic():
        list(Measure.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
        made = plan(sheet, user)
        if made.problems or made.digest != digest:
            raise Moved(made)
        for row in made.rows:
            if row.fields:
                row.measure.save()
            for report in (row.update, row.deadline):
                if report is not None:
                    report.write(user)
                    if submit:
                        report.submit(user)
            told = "uit een spreadsheet: " + "; ".join(str(change) for change in row.changes)
            LogEntry.objects.log_actions(user.pk, [row.measure], CHANGE, told, single_object=True)
    return made
