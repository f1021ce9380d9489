"""The page on which readers search."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from urllib.parse import urlencode

from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from aggregator.models import Headline
from blog.addresses import absolute
from blog.models import Category, Post
from newsandtimes.search.backends import SearchUnavailableError
from newsandtimes.search.documents import category_mark, year_mark
from newsandtimes.search.finding import LAST_PAGE, NOTHING, Results, Wanted, find
from newsandtimes.search.models import Kind
from newsandtimes.search.query import Query, parse

logger = logging.getLogger(__name__)

MOST_SUGGESTIONS = 4
_KINDS = {
    "posts": (Kind.POST, gettext_lazy("Posts")),
    "pages": (Kind.PAGE, gettext_lazy("Pages")),
    "headlines": (Kind.HEADLINE, gettext_lazy("Headlines")),
}
_NEWEST = "newest"
_MOST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another search that may find something."""

    text: str
    link: str


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what it does not know is passed over."""

    query: Query
    parameters: QueryDict
    categories: Sequence[Category]
    years: Sequence[int]

    @cached_property
    def kind(self) -> str:
        """What is searched; empty for everything."""
        kind = self.parameters.get("kind", "")
        return kind if kind in _KINDS else ""

    @cached_property
    def category(self) -> Category | None:
        """The section in which posts are searched."""
        slug = self.parameters.get("category", "")
        return next((one for one in self.categories if one.slug == slug), None)

    @cached_property
    def year(self) -> int | None:
        """The year that is searched."""
        year = self.parameters.get("year", "")
        return next((one for one in self.years if str(one) == year), None)

    @cached_property
    def is_newest_first(self) -> bool:
        """Whether the newest come first, whatever else."""
        return self.parameters.get("sort") == _NEWEST

    @cached_property
    def number(self) -> int:
        """The page."""
        number = self.parameters.get("page", "")
        is_number = number.isascii() and number.isdecimal() and len(number) < _MOST_DIGITS
        return min(max(int(number), 1), LAST_PAGE) if is_number else 1

    @property
    def wanted(self) -> Wanted:
        """The same, in the words of the index. Only posts stand in sections."""
        kinds = [_KINDS[self.kind][0]] if self.kind else list(Kind)
        marks = []
        if self.category:
            kinds = [Kind.POST]
            marks.append(category_mark(self.category.pk))
        if self.year:
            marks.append(year_mark(self.year))
        return Wanted(
            kinds=kinds,
            marks=marks,
            is_newest_first=self.is_newest_first,
            number=self.number,
        )

    def address(self, **changed: str) -> str:
        """Return the address of this search, with some parameters changed."""
        parameters = {
            "q": self.query.text,
            "kind": self.kind,
            "category": self.category.slug if self.category else "",
            "year": str(self.year or ""),
            "sort": _NEWEST if self.is_newest_first else "",
        } | changed
        given = {name: value for name, value in parameters.items() if value}
        return f"{reverse('search')}?{urlencode(given)}" if given else reverse("search")

    @property
    def is_filtered(self) -> bool:
        """Whether not everything is searched."""
        return bool(self.kind or self.category or self.year)


@require_safe
@gzip_page  # nothing on it is a secret that its length could tell
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found. Any address is a search, if perhaps one for nothing."""
    now = timezone.now()
    categories, years = _choices(now)
    asked = Asked(parse(request.GET.get("q", "")), request.GET, categories, years)
    results = _found(asked, now=now)
    status = HTTPStatus.OK if results else HTTPStatus.SERVICE_UNAVAILABLE
    context = _context(asked, results or NOTHING) | {"is_out_of_order": results is None}
    response = render(request, "search/search.html", context, status=status)
    # Of searches there is no end: engines need not walk them, and no cache keeps them.
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-cache"
    return response


def _found(asked: Asked, *, now: datetime) -> Results | None:
    """Return what was found; None where a server that should search does not answer."""
    try:
        return find(asked.query, asked.wanted, now=now)
    except SearchUnavailableError:
        logger.exception("The search does not answer")
        return None


def _context(asked: Asked, results: Results) -> dict[str, object]:
    return {
        "asked": asked,
        "query": asked.query,
        "results": results,
        "kinds": [Choice("", _("Everything"), not asked.kind)]
        + [Choice(key, str(label), asked.kind == key) for key, (_kind, label) in _KINDS.items()],
        "categories": [Choice("", _("All sections"), asked.category is None)]
        + [Choice(one.slug, one.name, one == asked.category) for one in asked.categories],
        "years": [Choice("", _("Any year"), asked.year is None)]
        + [Choice(str(one), str(one), one == asked.year) for one in asked.years],
        "orders": [
            Choice("", _("Best match"), not asked.is_newest_first),
            Choice(_NEWEST, _("Newest"), asked.is_newest_first),
        ],
        "canonical": f"{absolute(reverse('search'))}?{urlencode({'q': asked.query.text})}",
        "newer": asked.address(page=str(results.newer)) if results.newer else "",
        "older": asked.address(page=str(results.older)) if results.older else "",
        "suggestions": [] if results.rows else _suggestions(asked),
    }


def _suggestions(asked: Asked) -> list[Suggestion]:
    """Return searches for less: without filters, without one of the words."""
    found = []
    if asked.is_filtered and asked.query.wanted:
        everywhere = asked.address(kind="", category="", year="")
        found.append(Suggestion(_("Search everything, in all years"), everywhere))
    if len(asked.query.clauses) > 1 and asked.query.wanted:
        shorter = {asked.query.without(clause): None for clause in asked.query.clauses}
        found += [Suggestion(text, asked.address(q=text)) for text in shorter]
    return found[:MOST_SUGGESTIONS]


def _choices(now: datetime) -> tuple[Sequence[Category], list[int]]:
    """Return the sections and the years in which there may be something: one query for both."""
    posts = Post.objects.published(now=now).order_by("published_at").values("published_at")
    headlines = Headline.objects.order_by("published_at").values("published_at")
    categories = list(
        Category.objects.annotate(
            oldest_post=Subquery(posts[:1]), oldest_headline=Subquery(headlines[:1])
        )
    )
    first = categories[0] if categories else None
    known = [first.oldest_post, first.oldest_headline] if first else []
    oldest = min((at for at in known if at), default=now)
    years = range(timezone.localtime(now).year, timezone.localtime(oldest).year - 1, -1)
    return categories, list(years)


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Tell browsers how this site is searched (OpenSearch 1.1)."""
    return render(
        request, "search/opensearch.xml", content_type="application/opensearchdescription+xml"
    )
