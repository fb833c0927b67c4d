"""Where Stripe knocks. Events may come twice and in any order; what is said of somebody unknown is kept all the same."""

from __future__ import annotations

import logging
import time
from datetime import date

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenhand.api.door import refused
from evenhand.api.whose import Keys
from evenhand.ledger import slot

from .event import Event
from .signature import signed
from .subscription import fact_of

log = logging.getLogger("evenhand.stripe")
MOST_BYTES = 512 * 1024
CUSTOMER = ("customer.created", "customer.updated")
SUBSCRIPTION = tuple(f"customer.subscription.{what}" for what in ("created", "updated", "deleted", "paused", "resumed"))
NOT_SIGNED = "This is not signed by Stripe with the secret of this desk, or too long ago."


@csrf_exempt
@never_cache
@require_POST
def hook(request: HttpRequest) -> HttpResponseBase:
    """Every signed event is answered alike, whatever is made of it, so that nothing can be read from the answer."""
    if not settings.EVENHAND_STRIPE_SECRET:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return refused("An event of Stripe is smaller than this.", 413)
    given = request.headers.get("Stripe-Signature", "")
    if not signed(given, request.body, settings.EVENHAND_STRIPE_SECRET, time.time()):
        return refused(NOT_SIGNED, 401)
    try:
        take(Event.read(request.body))
    except (ValueError, KeyError, TypeError) as error:
        log.warning("An event signed by Stripe could not be read: %r", str(error)[:200])
        return refused("This is no event as Stripe sends them.", 400)
    return JsonResponse({"received": True})


@transaction.atomic
def take(event: Event) -> None:
    """Put into the ledger what an event says; kinds that say nothing of a subscription are left alone."""
    if event.kind in SUBSCRIPTION:
        slot.put(fact_of(event, event.key, settings.EVENHAND_STRIPE_CURRENCY))
    if event.kind in (*SUBSCRIPTION, *CUSTOMER):
        _say_whose(event)


def _say_whose(event: Event) -> None:
    customer, organisation = event.whose
    if not customer and not organisation:
        if event.kind in CUSTOMER:
            log.warning(
                "Stripe's customer %.60r has no address; what it says of them is kept until it has.", event.customer
            )
        return
    try:
        account = Keys().of(customer, organisation)
    except ValueError as error:
        log.warning("Stripe's customer %.60r is kept, and is nobody yet: %s.", event.customer, error)
        return
    slot.same(event.key, account, _since(event), event.said_at)


def _since(event: Event) -> date:
    try:
        return event.since
    except (ValueError, TypeError) as error:
        log.warning(
            "Stripe's customer %.60r counts from the event's day on, as evenhand_since is no day: %s.",
            event.customer,
            error,
        )
        return event.said_at.date()
