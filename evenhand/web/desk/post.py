"""The letters' account: every letter fetched is one of its outcomes, and the sum is shown."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from evenhand.channels.models import Letter

from .page import desk_page
from .signed_in import DeskRequest, signed_in


@require_GET
@signed_in
def letters(request: DeskRequest) -> HttpResponse:
    """fetched = stored + duplicates + quarantined + bounces + automatic replies + rejected + not read yet."""
    return desk_page(request, "letters", accounts=Letter.account(), box=None)
