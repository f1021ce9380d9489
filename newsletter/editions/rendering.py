"""Writes the mail of an edition, as those with the same language and items get it.

``mark`` stands in it for the reader's token. Nothing in it lies elsewhere: no picture, no
counted link; every address is the one that readers know from the site.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from blog.addresses import absolute
from blog.models import SiteSettings
from blog.text import excerpt
from newsletter.editions.collecting import part_of
from newsletter.editions.post_html import mail_text
from newsletter.editions.words import WITHDRAWN
from newsletter.models import Edition, EditionItem

MOST_HTML_BYTES = 90_000
"""Gmail shows no more than about 102 kB of a mail, and hides the rest with its foot."""
SUGGESTION_LENGTH = 110
_RULE_LENGTH = 72
_GAP = re.compile(r"\n{3,}")
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail's three texts, the keys of the items in it, and how many more there are."""

    subject: str
    text: str
    html: str
    item_keys: list[str]
    more: int

    @property
    def html_bytes(self) -> int:
        """The size of the HTML in bytes, by which mailbox providers cut."""
        return len(self.html.encode())


@dataclass(frozen=True, slots=True)
class Part:
    """Items that stand together, under a name or without one."""

    name: str
    items: Sequence[EditionItem]
    is_lead: bool = False
    is_whole: bool = False
    rule: str = "-" * _RULE_LENGTH


def render(
    edition: Edition,
    items: Sequence[EditionItem],
    *,
    language: str,
    site: SiteSettings,
    mark: str,
) -> Mail:
    """Return the mail with as many of ``items``, in their order, as it may and can hold."""
    most = edition.digest.max_items if edition.digest else len(items)
    with translation.override(language), timezone.override(site.time_zone):
        mail = _render(edition, items, most=most, site=site, mark=mark)
        while mail.html_bytes > MOST_HTML_BYTES and most > 1:
            most = min(most - 1, int(len(mail.item_keys) * MOST_HTML_BYTES / mail.html_bytes))
            mail = _render(edition, items, most=max(most, 1), site=site, mark=mark)
        if mail.html_bytes > MOST_HTML_BYTES and any(item.html for item in items):
            short = [_without_html(item) for item in items]
            mail = _render(edition, short, most=1, site=site, mark=mark)
    return mail


def shown_of(items: Sequence[EditionItem], *, most: int) -> list[EditionItem]:
    """Return the first ``most`` posts and articles, and whatever is corrected."""
    news = [item for item in items if item.kind != EditionItem.Kind.CORRECTION]
    corrections = [item for item in items if item.kind == EditionItem.Kind.CORRECTION]
    return [*news[:most], *corrections]


def suggestion(items: Sequence[EditionItem]) -> str:
    """Return a subject out of the first two titles."""
    titles = " · ".join(item.title for item in items[:2])
    return excerpt(titles, max_length=SUGGESTION_LENGTH)


def _render(
    edition: Edition, items: Sequence[EditionItem], *, most: int, site: SiteSettings, mark: str
) -> Mail:
    shown = shown_of(items, most=most)
    more = len(items) - len(shown)
    context = _context(edition, shown, site=site, mark=mark) | {"more": more}
    subject = render_to_string("emails/edition/subject.txt", context)
    text = render_to_string("emails/edition/body.txt", context)
    html = render_to_string("emails/edition/body.html", context)
    return Mail(
        subject=" ".join(subject.split())[:300],
        text=_GAP.sub("\n\n", text),
        html=_inliner.inline(html),
        item_keys=[item.key for item in shown],
        more=more,
    )


def _context(
    edition: Edition, items: Sequence[EditionItem], *, site: SiteSettings, mark: str
) -> dict[str, Any]:
    return {
        "edition": edition,
        "subject": edition.subject or suggestion(items),
        "name": edition.digest.title if edition.digest else _name_of(edition),
        "parts": _parts(edition, items),
        "reason": _reason(edition, site),
        "site": site,
        "site_url": settings.SITE_URL,
        "web_link": absolute(edition.get_absolute_url()),
        "own_page": absolute(reverse("newsletter:subscription", args=[mark])),
        "unsubscribe_link": absolute(reverse("newsletter:unsubscribe", args=[mark])),
    }


def _parts(edition: Edition, items: Sequence[EditionItem]) -> list[Part]:
    parts = []
    for (kind, _collection), group in groupby(items, key=part_of):
        together = list(group)
        for item in together:
            item.is_withdrawn = item.key.startswith(WITHDRAWN)  # type: ignore[attr-defined]
            item.whole_text = mail_text(item.html)  # type: ignore[attr-defined]
        if kind == EditionItem.Kind.POST:
            is_whole = edition.kind != Edition.Kind.DIGEST
            parts.append(Part("", together, is_lead=not is_whole, is_whole=is_whole))
        elif kind == EditionItem.Kind.PICK:
            parts.append(Part(together[0].section or _("Also worth reading"), together))
        else:
            parts.append(Part(_("Corrections"), together))
    return parts


def _name_of(edition: Edition) -> str:
    is_breaking = edition.kind == Edition.Kind.BREAKING
    return _("Breaking news") if is_breaking else _("New on the site")


def _reason(edition: Edition, site: SiteSettings) -> str:
    values = {"site": site.title, "digest": edition.digest.title if edition.digest else ""}
    if edition.kind == Edition.Kind.DIGEST:
        words = _("You get “%(digest)s” because you subscribed to %(site)s and confirmed it.")
    elif edition.kind == Edition.Kind.BREAKING:
        words = _("Breaking news goes to everybody who subscribed to %(site)s and confirmed it.")
    else:
        words = _("You get each post because you asked for that when you subscribed to %(site)s.")
    return words % values


def _without_html(item: EditionItem) -> EditionItem:
    """Return an item for a mail that cannot hold the whole post: its beginning and the link."""
    beginning = item.text or excerpt(mail_text(item.html), max_length=600)
    return EditionItem(
        **{
            field.attname: getattr(item, field.attname)
            for field in EditionItem._meta.concrete_fields
            if field.attname not in {"html", "text"}
        },
        text=beginning,
    )
