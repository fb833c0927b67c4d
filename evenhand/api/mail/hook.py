"""Where a mail service brings a letter. It is answered 200 when, and only when, the letter is on the disk."""

from __future__ import annotations

import logging
import warnings

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenhand.api.door import refused
from evenhand.channels.models import Letter

from .provider import PROVIDERS, NotSigned

log = logging.getLogger("evenhand.mail")
NOT_SIGNED = "This is not signed with the secret that this desk has for the service."
NO_LETTER = "There is no raw letter in this: switch on the full MIME message at the service."
AWAY = "It cannot be stored just now; please try again later."


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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about services that anymail's makers cannot test themselves
            known.check(request, secret)
        letters = list(known.letters(request))
    except NotSigned:
        return refused(NOT_SIGNED, 401)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        log.warning("A letter of %s could not be found in what was posted: %s", provider, type(error).__name__)
        return refused(NO_LETTER, 400)
    try:
        Letter.keep_all(letters)
    except (DatabaseError, InterfaceError) as error:
        log.warning("A letter of %s could not be stored: %r", provider, str(error))
        return refused(AWAY, 503)
    return JsonResponse({"stored": len(letters)})
