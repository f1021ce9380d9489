"""Pictures beside the rows of the Desk, for editors who have switched them on.

They are asked for here and fetched by the poller, so a script asks again a little later for those
that are still to come.
"""

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from aggregator.models import Headline
from aggregator.thumbnails import small, want
from aggregator.thumbnails.wanting import MOST_AT_ONCE


@require_POST
def pictures_view(request: HttpRequest) -> JsonResponse:
    """Answer which of the posted headlines (``headline``, up to 100 ids) have a picture.

    ``pictures`` holds by id what is there, ``coming`` the ids of what the poller is to fetch.
    """
    asked = request.POST.getlist("headline")[:MOST_AT_ONCE]
    keys = [int(one) for one in asked if one.isascii() and one.isdecimal() and len(one) < 19]
    want(Headline.objects.filter(pk__in=keys, thumbnail=None), now=timezone.now())
    there, coming = small.found(keys)
    pictures = {pk: asdict(picture) for pk, picture in there.items()}
    return JsonResponse({"pictures": pictures, "coming": coming})
