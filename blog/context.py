"""What every template knows of the publication."""

from typing import Any

from django.http import HttpRequest

from blog.models import NavLink, SiteSettings


def publication(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``site`` (SiteSettings) and ``nav`` (place → links, one lazy query)."""
    site = getattr(request, "publication", None) or SiteSettings()
    return {"site": site, "nav": getattr(request, "nav", None) or NavLinks()}


class NavLinks:
    """The links around the page by place, read when a template first asks."""

    def __init__(self) -> None:
        self._by_place: dict[str, list[NavLink]] | None = None

    def __getitem__(self, place: str) -> list[NavLink]:
        """Return the links of one place in their order."""
        if self._by_place is None:
            by_place: dict[str, list[NavLink]] = {}
            for link in NavLink.objects.all():
                by_place.setdefault(link.place, []).append(link)
            self._by_place = by_place  # whole at once: threads share it
        return self._by_place.get(place, [])
