"""What the index knows of a post, a page and a headline: stems, by where they stand, and marks.

The library asks for models of its own kind; these are proxies, so that the floors below know
nothing of searching. Only what readers may meet, now or at its date, becomes a document.
"""

import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from modelsearch.index import FilterField, Indexed, SearchField

from aggregator.models import Headline, Pick
from blog.folding import WORD, fold, other_spelling
from blog.models import Author, Category, Page, Post
from blog.text import plain_text

MOST_WORDS = 20_000
"""Of a longer text its beginning is found."""
_TAG = re.compile("<[^>]*>")


class Document(NamedTuple):
    """One row of an index. Stems stand in their order, so that phrases are found."""

    pk: int
    at: datetime
    """Its date: the newest are looked at first."""
    title: list[str]
    lead: list[str]
    text: list[str]
    marks: list[str]


def stems_of(*texts: str) -> list[str]:
    """Return the stems of texts in their order, and behind them other spellings of some."""
    words = list(chain.from_iterable(map(WORD.findall, texts)))[:MOST_WORDS]
    stems = [stem for stem in map(fold, words) if stem]
    others = [other_spelling(word) for word in words if word[0] in "гГ"]
    return [*stems, *filter(None, others)]


def text_of(body: str) -> str:
    """Return the plain text of a post's or page's HTML, for finding and never for showing as HTML.

    The HTML is our cleaner's, so its tags can be told from text quickly.
    """
    return " ".join(html.unescape(_TAG.sub(" ", body)).split())


def year_mark(year: int) -> str:
    """Return the mark of what is dated in a year of the site's time zone."""
    return f"y{year}"


def span_of(mark: str) -> tuple[datetime, datetime] | None:
    """Return instants between which everything lies that bears a year's mark, in any time zone."""
    if not mark.startswith("y"):
        return None
    year, day = int(mark[1:]), timedelta(days=1)
    return datetime(year, 1, 1, tzinfo=UTC) - day, datetime(year, 12, 31, tzinfo=UTC) + 2 * day


def category_mark(category: int) -> str:
    """Return the mark of what stands in a section."""
    return f"c{category}"


class Searched(Indexed):  # type: ignore[misc]  # the library has no types
    """A model whose rows are found by their words."""

    search_auto_update = False
    search_fields = [
        SearchField("search_title", boost=4),
        SearchField("search_lead", boost=2),
        SearchField("search_text"),
        FilterField("search_marks"),
        FilterField("search_at", type="DateTimeField"),
    ]

    def document(self) -> Document:
        """Return what the index knows of this row."""
        raise NotImplementedError

    @classmethod
    def get_indexed_objects(cls) -> QuerySet[Any]:
        """Return the rows that may be found, with what their documents need."""
        raise NotImplementedError

    @cached_property
    def _document(self) -> Document:
        return self.document()

    @property
    def search_title(self) -> str:
        """The stems of the title."""
        return " ".join(self._document.title)

    @property
    def search_lead(self) -> str:
        """The stems of what leads into the text."""
        return " ".join(self._document.lead)

    @property
    def search_text(self) -> str:
        """The stems of everything else."""
        return " ".join(self._document.text)

    @property
    def search_at(self) -> datetime:
        """The date by which the newest come first."""
        return self._document.at

    @property
    def search_marks(self) -> list[str]:
        """What may be filtered by."""
        return self._document.marks


class PostDocument(Searched, Post):  # type: ignore[django-manager-missing]  # taggit has no types
    """A post, as the search knows it."""

    search_fields = [*Searched.search_fields, FilterField("status"), FilterField("published_at")]

    class Meta:
        proxy = True
        default_permissions = ()

    @classmethod
    def get_indexed_objects(cls) -> QuerySet[Any]:
        """Return what is published, scheduled posts too: they appear by themselves."""
        names: list[Prefetch[Any] | str] = [
            "tagged_posts__tag",  # taggit's own way builds a query for each post
            Prefetch("authors", Author.objects.only("name")),
            Prefetch("categories", Category.objects.only("name")),
        ]
        return cls.objects.filter(status=Post.Status.PUBLISHED).prefetch_related(*names)

    def document(self) -> Document:
        """Return its words: tags and names of authors and sections lead into it, too."""
        tags = [one.tag for one in self.tagged_posts.all()]
        names = [row.name for row in (*tags, *self.categories.all(), *self.authors.all())]
        at = self.published_at or self.created_at
        return Document(
            pk=self.pk,
            at=at,
            title=stems_of(self.title),
            lead=stems_of(plain_text(self.standfirst), *names),
            text=stems_of(text_of(self.body), self.outlet),
            marks=[_year_of(at), *(category_mark(row.pk) for row in self.categories.all())],
        )


class PageDocument(Searched, Page):
    """A page, as the search knows it."""

    search_fields = [*Searched.search_fields, FilterField("status")]

    class Meta:
        proxy = True
        default_permissions = ()

    @classmethod
    def get_indexed_objects(cls) -> QuerySet[Any]:
        """Return what is published."""
        return cls.objects.published()

    def document(self) -> Document:
        """Return its words."""
        return Document(
            pk=self.pk,
            at=self.updated_at,
            title=stems_of(self.title),
            lead=[],
            text=stems_of(text_of(self.body)),
            marks=[_year_of(self.updated_at)],
        )


class HeadlineDocument(Searched, Headline):  # type: ignore[django-manager-missing]  # as above
    """A headline, as the search knows it."""

    search_fields = [*Searched.search_fields, FilterField("is_hidden")]

    class Meta:
        proxy = True
        default_permissions = ()

    @classmethod
    def get_indexed_objects(cls) -> QuerySet[Any]:
        """Return what nobody has hidden."""
        columns = ("title", "summary", "outlet", "author", "published_at")
        # One whose time is over may be found by our words still; they are no longer shown.
        standing = Pick.objects.filter(withdrawn_at__isnull=True, collection__is_public=True)
        ours = Prefetch("picks", standing.order_by("pk"), to_attr="own_words")
        return cls.objects.public().only(*columns).prefetch_related(ours)

    def document(self) -> Document:
        """Return its words, and what we say about it where it was picked."""
        own: list[Pick] = self.own_words
        titles = [title for pick in own for title in (pick.title, pick.translated_title)]
        texts = [text for pick in own for text in (pick.excerpt, pick.note)]
        return Document(
            pk=self.pk,
            at=self.published_at,
            title=stems_of(self.title, *titles),
            lead=stems_of(self.summary, *texts),
            text=stems_of(self.outlet, self.author),
            marks=[_year_of(self.published_at)],
        )


def documents_of(rows: Iterable[Searched]) -> list[Document]:
    """Return the documents of rows."""
    return [row.document() for row in rows]


def _year_of(at: datetime) -> str:
    return year_mark(timezone.localtime(at).year)
