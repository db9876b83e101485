"""Plain Dutch sentences about numbers of measures, right for none, one and more."""

from collections.abc import Mapping
from typing import Any

from .models import Status

# How a number of measures with a status reads; the order is that of the sentence.
_PHRASES = {
    Status.IMPLEMENTED: ("{} is geïmplementeerd", "{} zijn geïmplementeerd"),
    Status.BEING_INTRODUCED: ("{} wordt doorgevoerd", "{} worden doorgevoerd"),
    Status.IN_DEVELOPMENT: ("{} wordt uitgewerkt", "{} worden uitgewerkt"),
    Status.PLANNED: ("{} is gepland", "{} zijn gepland"),
    Status.DROPPED: ("{} is vervallen", "{} zijn vervallen"),
    Status.MERGED: (
        "{} is opgegaan in een andere maatregel",
        "{} zijn opgegaan in een andere maatregel",
    ),
    Status.UNKNOWN: ("van {} is de stand onbekend", "van {} is de stand onbekend"),
}


def enumeration(parts: list[str]) -> str:
    """'a', 'a en b', 'a, b en c'."""
    *head, last = parts
    return f"{', '.join(head)} en {last}" if head else last


def measures(number: int) -> str:
    """'1 maatregel', '7 maatregelen'."""
    return f"{number} maatregel" if number == 1 else f"{number} maatregelen"


def today(counts: Mapping[Any, int]) -> str:
    """What today says, for whoever looks at a day in the past; `counts` per status."""
    done, known = counts[Status.IMPLEMENTED], sum(counts.values())
    verb = "is" if done == 1 else "zijn"
    return f"Vandaag {verb} {done} van de {measures(known)} geïmplementeerd."


def headline(counts: Mapping[Any, int], total: str = "") -> str:
    """The state of the whole in one sentence, for who has ten seconds; see `summary`."""
    known = sum(counts.values())
    if not (known and total):
        return summary(counts, total)
    return (
        f"Van de {total} maatregelen van de Taskforce kennen wij er {known} uit openbare "
        f"bronnen: {enumeration(_phrases(counts))}."
    )


def since_letter(reported: int, implemented: int, shifted: int) -> str:
    """What is new since a letter, in numbers of measures, as sentences without a subject."""
    if not (reported or shifted):
        return "Er is nog niets nieuws gemeld."
    found = []
    if reported:
        found.append(f"Nieuws over {measures(reported)}.")
    if implemented:
        verb = "is" if implemented == 1 else "zijn"
        found.append(f"Daarvan {verb} er {implemented} geïmplementeerd.")
    if shifted:
        found.append(f"Van {measures(shifted)} is de streefdatum verschoven.")
    return " ".join(found)


def summary(counts: Mapping[Any, int], total: str = "") -> str:
    """The state of the whole in one or two sentences.

    `counts` has a number per status; `total` is what the sources say of how many
    measures there are ('circa 40'), or empty when none says so.
    """
    known = sum(counts.values())
    opening = f"De Taskforce stelde {total} maatregelen op. " if total else ""
    if not known:
        return f"{opening}Hier staat nog geen maatregel."
    phrases = _phrases(counts)
    if not total:
        return (
            f"Hier {'staat' if known == 1 else 'staan'} {measures(known)}: {enumeration(phrases)}."
        )
    return (
        f"{opening}Van {known} daarvan kennen wij de inhoud uit openbare bronnen: "
        f"{enumeration(phrases)}."
    )


def _phrases(counts: Mapping[Any, int]) -> list[str]:
    """A phrase per status that occurs: '3 zijn geïmplementeerd'."""
    return [
        (one if counts[status] == 1 else more).format(counts[status])
        for status, (one, more) in _PHRASES.items()
        if counts.get(status)
    ]
