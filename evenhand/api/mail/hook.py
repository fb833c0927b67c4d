"""Where a mail service brings a letter. It is answered 200 when, and only when, the letter is on the disk."""

from __future__ import annotations

import logging
import warnings

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenhand.api.door import refused
from evenhand.channels.letter import Arrival
from evenhand.channels.models import Letter

from . import body
from .provider import PROVIDERS
from .service import NotNow, NotSigned, Service, TooLarge

log = logging.getLogger("evenhand.mail")
NOT_SIGNED = "This is not signed with the secret that this desk has for the service."
NO_LETTER = "There is no raw letter in this: switch on the full MIME message at the service."
AWAY = "It cannot be stored just now; please try again later."
CROWDED = "Too many large letters are being read; please try again later."


@csrf_exempt
@never_cache
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponseBase:
    """The same path as every letter's: stored raw, with the job that reads it."""
    secret, known = settings.EVENHAND_HOOK_SECRETS.get(provider), PROVIDERS[provider]
    if not secret:
        raise Http404
    if known.bytewise:
        request.encoding = "latin-1"  # every byte is one character, and none is lost
    try:
        with body.read(request):
            return _taken(request, known, secret)
    except NotSigned:
        return refused(NOT_SIGNED, 401)
    except (body.TooLong, RequestDataTooBig):  # nobody has said yet who it is from: a line, and no row
        log.warning("More than any letter becomes was posted for %s.", provider)
        return refused(_too_large(), 413)
    except body.Crowded:
        return refused(CROWDED, 503, **{"Retry-After": "20"})
    except NotNow as error:
        log.warning("A letter of %s has to wait: %s", provider, error)
    except (DatabaseError, InterfaceError) as error:
        log.warning("A letter of %s could not be stored: %r", provider, str(error))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        log.warning("A letter of %s could not be found in what was posted: %s", provider, type(error).__name__)
        return refused(NO_LETTER, 400)
    return refused(AWAY, 503)


def _taken(request: HttpRequest, known: Service, secret: str) -> HttpResponseBase:
    """Raises what a service raises, and what a database does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about services that anymail's makers cannot test themselves
        known.check(request, secret)
    limit = settings.EVENHAND_LETTER_BYTES
    large: list[tuple[Arrival, int]] = []
    kept: list[Arrival] = []
    try:
        for each in known.letters(request):
            if len(each.raw) > limit:
                large.append((each, len(each.raw)))
            else:
                kept.append(each)
    except TooLarge as error:
        large.append((error.begin, error.size))
    except RequestDataTooBig:  # a form, of which Django reads no more
        large.append((Arrival(request.body, "hook"), len(request.body)))
    with transaction.atomic():
        Letter.keep_all(kept)
        for begin, size in large:
            Letter.refuse(begin, size, _too_large())
    return refused(_too_large(), 413) if large and not kept else JsonResponse({"stored": len(kept)})


def _too_large() -> str:
    return f"It is larger than {settings.EVENHAND_LETTER_BYTES / 2**20:.3g} MB, which is the most that one letter may have."
