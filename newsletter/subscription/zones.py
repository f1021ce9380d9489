"""Time zones to choose from: the places of the IANA database by continent and ocean."""

import zoneinfo
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}


@cache
def by_region() -> list[tuple[str | Promise, list[tuple[str, str]] | str]]:
    """Return the zones as groups for a select, region → (name, place), and UTC."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, place = name.partition("/")
        if region in groups and place:
            groups[region].append((name, place.replace("_", " ").replace("/", ", ")))
    named: list[tuple[str | Promise, list[tuple[str, str]] | str]] = [
        (REGIONS[region], places) for region, places in groups.items()
    ]
    return [*named, ("UTC", "UTC")]
