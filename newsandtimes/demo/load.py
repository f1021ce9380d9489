"""Puts the demo into the database, all at once or not at all, and keeps its feeds reachable."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.utils.html import format_html

from aggregator.models import Collection, Feed
from blog.cleaning import clean_html
from blog.models import Author, Category, Image, NavLink, Page, Post, SiteSettings, Tag
from blog.text import slug_for
from newsandtimes.demo import art, content, feeds, troubles
from newsandtimes.demo.made import Made

PICTURES_FOLDER = "images/demo"
CREDIT = "Drawn for The News And Times"
LICENCE = "Ours, part of the demo"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a loading did: whether it was the first, and how many feeds got another address."""

    is_first: bool
    feeds_moved: int = 0
    documents_written: int = 0


def load(*, now: datetime) -> LoadReport:
    """Load the demo; where it is loaded already, only make its feeds reachable again.

    What an editor has changed or deleted since is left as it is.
    """
    if is_loaded():
        made = Made.read()
        written = feeds.write_documents(now=made.loaded_at if made else now, is_fresh=False)
        return LoadReport(False, move_feeds(now=now), written)
    files = _store_pictures()
    feeds.write_documents(now=now, is_fresh=True)
    with transaction.atomic():
        builder = Builder(Made(now), files)
        builder.build()
        # Before the commit: a memory of rows that never came to be harms nobody.
        builder.made.write()
    return LoadReport(True, documents_written=len(feeds.sample_feeds()))


def is_loaded() -> bool:
    """Whether the demo is in the database, however much of it editors have deleted since."""
    made = Made.read()
    return bool(demo_feeds()) or (made is not None and made.has_unchanged_rows())


def recognised(*, now: datetime) -> Made | None:
    """Find the demo's unchanged rows by what they say, where the memory of them was lost.

    Returns None where neither a feed nor a picture shows that the demo ever was here.
    """
    if not (demo_feeds() or _stored_pictures()):
        return None
    builder = Builder(Made(now), _stored_pictures(), is_only_looking=True)
    builder.build()
    return builder.made


def demo_feeds() -> dict[str, Feed]:
    """Return the demo's registered feeds, at whatever port, by the names of their files."""
    on_loopback = Feed.objects.filter(
        url__startswith=f"http://{feeds.HOST}:", url__contains=feeds.PATH
    )
    found: dict[str, Feed] = {}
    for feed in on_loopback.order_by("-pk"):
        address, _, name = feed.url.rpartition("/")
        if name in feeds.names() and f"{address}/".endswith(feeds.PATH):
            found[name] = feed
    return found


def move_feeds(*, now: datetime) -> int:
    """Let the feeds' addresses follow the site to its present port; return how many moved."""
    moved = 0
    for name, feed in demo_feeds().items():
        url = feeds.base_address() + name
        if feed.url != url:
            feed.url, feed.next_poll_at = url, now
            feed.save(update_fields=["url", "host", "next_poll_at"])
            moved += 1
    return moved


def _store_pictures() -> dict[str, str]:
    """Draw the pictures and store them; return their names in the storage by their scenes."""
    names: dict[str, str] = {}
    for scene in art.SCENES:
        picture = art.drawn(scene)
        # Uploads are cached for ever, so a picture that is drawn differently needs another name.
        name = f"{PICTURES_FOLDER}/{scene}-{sha256(picture).hexdigest()[:8]}.jpg"
        if not default_storage.exists(name):
            name = default_storage.save(name, ContentFile(picture))
        names[scene] = name
    return names


def _stored_pictures() -> dict[str, str]:
    stored = Image.objects.filter(file__startswith=f"{PICTURES_FOLDER}/").values_list("file")
    return {name.rpartition("/")[2].rpartition("-")[0]: name for (name,) in stored}


@dataclass(slots=True)
class Builder:
    """Makes the rows in the order of their dependence, or only looks which of them are there."""

    made: Made
    files: dict[str, str]
    is_only_looking: bool = False
    images: dict[str, Image] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    collections: dict[str, Collection] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)

    def build(self) -> None:
        """Go through the whole content."""
        site = content.site()
        self.place(SiteSettings(**site["settings"], pk=1), pk=1)
        self.place_links(site["links"])
        self.authors = self.place_all(Author, site["authors"])
        self.categories = self.place_all(Category, site["categories"])
        self.place_collections(site["collections"])
        self.place_tags()
        self.place_images()
        self.place_all(Page, content.pages())
        for text in content.posts():
            self.place_post(text)
        if not self.is_only_looking:
            self.register_feeds()

    def place[M: Model](self, row: M, **known_by: Any) -> M | None:
        """Save the row unless one is there that is ``known_by`` the same; return what is there."""
        found = type(row)._default_manager.filter(**known_by).first()
        if self.is_only_looking and found is not None:
            row.pk = found.pk
            self.made.add(row)
        if found is not None or self.is_only_looking:
            return found
        row.save()
        self.made.add(row)
        return row

    def place_all[M: Model](self, model: type[M], rows: Sequence[dict[str, Any]]) -> dict[str, M]:
        """Place rows that are known by their slugs."""
        placed = {row["slug"]: self.place(model(**row), slug=row["slug"]) for row in rows}
        return {slug: row for slug, row in placed.items() if row is not None}

    def place_links(self, places: Sequence[dict[str, Any]]) -> None:
        """Place the rows of links, if nobody has made any yet."""
        if NavLink.objects.exists() and not self.is_only_looking:
            return
        for place in places:
            for position, (label, target) in enumerate(place["rows"]):
                link = NavLink(label=label, target=target, place=place["place"], position=position)
                self.place(link, place=link.place, target=target)

    def place_collections(self, rows: Sequence[dict[str, Any]]) -> None:
        """Place the collections. Those that every site begins with are there: they get an intro."""
        if self.is_only_looking:
            own = Collection.objects.filter(slug__in=[row["slug"] for row in rows], desk_key="")
            rows = [row for row in rows if own.filter(slug=row["slug"]).exists()]
        self.collections = self.place_all(Collection, rows)
        for row in rows:
            Collection.objects.filter(slug=row["slug"], intro="").update(intro=row["intro"])

    def place_tags(self) -> None:
        """Place the keywords; one that differs in capitals only is the same."""
        for name in content.tag_names():
            tag = self.place(Tag(name=name, slug=slug_for(name)), name__iexact=name)
            if tag is not None:
                self.tags[name.lower()] = tag

    def place_images(self) -> None:
        """Place a row for each stored picture."""
        for scene, words in content.pictures().items():
            if name := self.files.get(scene):
                said = words | {"credit": CREDIT, "licence": LICENCE}
                drawn = Image(file=name, width=art.WIDTH, height=art.HEIGHT, **said)
                image = self.place(drawn, file=name)
                if image is not None:
                    self.images[scene] = image

    def place_post(self, text: content.PostText) -> None:
        """Place a post with its bylines, sections and keywords."""
        post = Post(
            slug=text.slug,
            kind=text.kind,
            title=text.title,
            standfirst=text.standfirst,
            body=clean_html(content.PICTURE.sub(self.figure, text.body)),
            source_url=text.source_url,
            outlet=text.outlet,
            image=self.images.get(text.picture),
            category=self.categories.get(text.category),
            language=text.language,
            status=text.status,
            published_at=None if text.status == "draft" else self.made.loaded_at - text.age,
        )
        if self.place(post, slug=text.slug) is post:
            post.authors.set(self.authors[slug] for slug in text.authors)
            post.categories.add(*(self.categories[slug] for slug in text.categories))
            post.tags.set([self.tags[name] for name in text.keywords])

    def figure(self, match: re.Match[str]) -> str:
        """Return the figure that stands where a text asks for a picture."""
        image = self.images.get(match[1])
        if image is None:
            return ""
        return format_html(
            '<figure><img src="{}" alt="{}" width="{}" height="{}">'
            "<figcaption>{}</figcaption></figure>",
            *(image.file.url, image.alt, image.width, image.height, image.caption),
        )

    def register_feeds(self) -> None:
        """Register the feeds with the poller; they are due at once."""
        for name, feed in feeds.sample_feeds().items():
            Feed.objects.get_or_create(
                url=feeds.base_address() + name,
                defaults={
                    "title": feed.text.title,
                    "site_url": feed.text.site_url,
                    "language": feed.text.language,
                    "collection": self.collections.get(feed.collection),
                    "next_poll_at": self.made.loaded_at,
                },
            )
        for name, trouble in troubles.TROUBLES.items():
            Feed.objects.get_or_create(
                url=feeds.base_address() + name,
                defaults={
                    "title": trouble.title,
                    "folder": troubles.FOLDER,
                    "next_poll_at": self.made.loaded_at,
                },
            )
