"""Single sign-on of the ministry, by OpenID Connect.

The provider tells who somebody is; which account that is, the keeper decides by making one with
the same mail address. At the first time the account is bound to the permanent mark that the
provider gives (issuer and subject); from then on only that counts, whatever the address.
"""

import logging
from functools import cache

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from joserfc.errors import JoseError

from . import doors, events
from .doors import next_of
from .models import Identity

logger = logging.getLogger(__name__)
BACKEND = "django.contrib.auth.backends.ModelBackend"
NEXT = "sso_next"
AWAY = "Inloggen met {name} lukt nu niet. Probeer het later nog eens, of log in met uw wachtwoord."
NOT_KNOWN = (
    "U bent bekend bij {name}, maar hebt hier geen account. Vraag de beheerder om een account "
    "met uw e-mailadres."
)


class Refused(Exception):
    """Who came has no account here; the message is for the log."""


@cache
def _client(issuer: str, client_id: str, secret: str):
    oauth = OAuth()
    return oauth.register(
        "sso",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": 10,
        },
    )


def client():
    """The provider of the settings; its addresses and keys are fetched at the first use."""
    if not settings.OIDC_ISSUER:
        raise Http404
    return _client(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@never_cache
@require_GET
def start(request):
    """Go to the provider."""
    request.session[NEXT] = next_of(request)
    try:
        return client().authorize_redirect(
            request, request.build_absolute_uri(reverse("sso_return"))
        )
    except (requests.RequestException, AuthlibBaseError, ValueError) as error:
        return _refuse(request, AWAY, f"aanbieder: {type(error).__name__}")


@never_cache
@require_GET
def come_back(request):
    """Let in whom the provider sends back, when we know them."""
    try:
        token = client().authorize_access_token(request)
        claims = token["userinfo"]
        person = person_of(claims)
    except Refused as refused:
        return _refuse(request, NOT_KNOWN, str(refused))
    except (requests.RequestException, AuthlibBaseError, JoseError, KeyError, ValueError) as error:
        # A forged or old answer, or a provider that is away: the kind of error says which.
        logger.warning("single sign-on failed: %s", type(error).__name__)
        return _refuse(request, AWAY, f"antwoord: {type(error).__name__}")
    after = request.session.get(NEXT) or reverse("admin:index")
    person.came_by_sso = True
    login(request, person, backend=BACKEND)
    request.session[doors.BY_SSO] = True
    events.note(events.Kind.SSO, request, user=person)
    return HttpResponseRedirect(after)


def person_of(claims):
    """The account of whom the provider vouches for. Raises Refused."""
    issuer, subject = claims["iss"], claims["sub"]
    people = get_user_model().objects.filter(is_active=True)
    bound = people.filter(identity__issuer=issuer, identity__subject=subject).first()
    if bound:
        return bound
    address = str(claims.get("email") or "").strip()
    if not address or claims.get("email_verified") is False:
        raise Refused("geen bevestigd e-mailadres")
    found = list(people.filter(email__iexact=address, identity__isnull=True)[:2])
    if len(found) != 1:
        raise Refused("geen account, of meer dan een, met dit e-mailadres")
    try:
        with transaction.atomic():
            Identity.objects.create(user=found[0], issuer=issuer, subject=subject)
    except IntegrityError as error:
        raise Refused("intussen aan een ander gekoppeld") from error
    return found[0]


def _refuse(request, text: str, detail: str):
    events.note(events.Kind.SSO_REFUSED, request, detail=detail)
    messages.error(request, text.format(name=settings.OIDC_NAME))
    return HttpResponseRedirect(reverse("admin:login"))
