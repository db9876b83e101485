"""Dealing with what a reader says is wrong: the step itself, and the answer by mail."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from ..models import CorrectionProposal
from ..rules import Verdict


def deal_with(
    proposal: CorrectionProposal, verdict: Verdict, by, answer: str = "", *, by_mail: bool = False
) -> None:
    """Take the step, and mail the answer when that is asked for and there is an address.

    All or nothing: raises ValidationError when this person may not, or when the mail was
    refused; then the proposal and the address are as they were.
    """
    address = proposal.email
    steps: dict[Verdict, Callable[..., object]] = {
        Verdict.TAKE: proposal.take_over,
        Verdict.MENDED: proposal.adopt,
        Verdict.REJECT: proposal.reject,
        Verdict.SPAM: proposal.mark_as_spam,
    }
    with transaction.atomic():
        steps[verdict](by, answer)
        if by_mail and address and proposal.answer and verdict != Verdict.SPAM:
            proposal.was_mailed = True
            proposal.save()
            _mail(proposal, address)


def _mail(proposal: CorrectionProposal, address: str) -> None:
    """Send the answer. What the reader wrote is not repeated: the address may be another's."""
    text = render_to_string("mail/correction.txt", {"proposal": proposal})
    mail = EmailMessage(
        f"Antwoord op uw bericht {proposal.reference}",
        text,
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except OSError as error:
        raise ValidationError(
            "De mail is niet verstuurd en er is niets gewijzigd. Probeer het later opnieuw, of "
            "zet het vinkje bij mailen uit."
        ) from error
