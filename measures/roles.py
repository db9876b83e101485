"""The roles, as groups with rights. The table in docs/rollen.md is made from this.

A role gives rights; `measures/rules.py` says what they are good for, per report and state.
"""

from collections.abc import Iterable

# What stands on the screens: each role may look at all of it.
RECORDS = [
    "parties.party",
    *(
        f"measures.{name}"
        for name in [
            "theme",
            "measure",
            "involvement",
            "provenance",
            "findinglink",
            "progressupdate",
            "deadlinechange",
            "evidence",
            "contribution",
            "correctionproposal",
            "letter",
            "motion",
            "proposer",
            "commitment",
            "timelineevent",
            "source",
            "evaluation",
            "finding",
            "effect",
            "glossaryterm",
            "statement",
            "reportingmoment",
        ]
    ),
]
# What belongs to a measure and its reports.
ABOUT_MEASURES = [
    "measures.measure",
    "measures.involvement",
    "measures.provenance",
    "measures.findinglink",
    "measures.progressupdate",
    "measures.deadlinechange",
    "measures.evidence",
    "measures.source",
]
REPORTS = ["measures.progressupdate", "measures.deadlinechange"]


def rights(verbs: str, models: Iterable[str]) -> set[str]:
    """'change measures.measure' as Django names it: 'measures.change_measure'."""
    return {
        f"{app}.{verb}_{name}"
        for verb in verbs.split()
        for app, name in (model.split(".") for model in models)
    }


READER = rights("view", [*RECORDS, "measures.internalnote"])
EDITOR = (
    READER
    | rights("add change delete", ABOUT_MEASURES)
    | rights("add change", ["measures.internalnote", "measures.reportingmoment"])
    # To answer it; its text stays as it came.
    | rights("change", ["measures.correctionproposal"])
)
APPROVER = (
    READER
    | rights("approve", REPORTS)
    | rights("add change", ["measures.internalnote", "measures.reportingmoment"])
    | {"measures.freeze_reportingmoment"}
)
KEEPER = (
    EDITOR
    | rights("add change delete", [*RECORDS, "measures.internalnote"])
    # What a party wrote is not for us to change.
    - rights("add change delete", ["measures.contribution"])
    - rights("add delete", ["measures.correctionproposal"])
    | rights("view add change", ["auth.user", "measures.assignment"])
    | rights("view", ["auth.group"])
    | {"measures.freeze_reportingmoment"}
)

ROLES: dict[str, set[str]] = {
    "lezer": READER,
    "redacteur": EDITOR,
    "fiatteur": APPROVER,
    "beheerder": KEEPER,
    # Sees no staff screen: their own pages ask whether they speak for a party.
    "partij-contactpersoon": {"measures.contribute_measure"},
}


def install(group_model, permission_model) -> None:
    """Make the groups that are not there yet, with their rights; safe to repeat.

    A group that the ministry gave other rights keeps those.
    """
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in permission_model.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for name, names in ROLES.items():
        group, is_new = group_model.objects.get_or_create(name=name)
        if is_new:
            # A model that a later migration makes comes with its rights: `add_rights`.
            group.permissions.set([known[name] for name in names if name in known])


def add_rights(group_model, permission_model, model: str) -> None:
    """Give the groups that are there their rights on a model that is new ('measures.letter')."""
    app, name = model.split(".")
    for permission in permission_model.objects.filter(
        content_type__app_label=app, content_type__model=name
    ):
        right = f"{app}.{permission.codename}"
        roles = [role for role, names in ROLES.items() if right in names]
        for group in group_model.objects.filter(name__in=roles):
            group.permissions.add(permission)
