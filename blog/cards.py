"""What a page says of itself to other programs: Open Graph, Twitter cards, schema.org. No queries.

What a post's card shows must be loaded: category, image, authors, tags.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from blog import share_images
from blog.addresses import absolute
from blog.icons import icon_url
from blog.models import Author, Image, Post, SiteSettings
from blog.pictures import plan

type Json = dict[str, Any]

_LOCALES = {"en": "en_US", "uk": "uk_UA", "ru": "ru_RU"}
_ARTICLE_TYPES = {
    Post.Kind.ARTICLE: "NewsArticle",
    Post.Kind.OPINION: "OpinionNewsArticle",
    Post.Kind.LINK: "BlogPosting",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardImage:
    """A picture of a card, with its size in pixels."""

    url: str
    width: int
    height: int
    alt: str = ""

    @property
    def linked_data(self) -> Json:
        """The picture for schema.org."""
        return {
            "@type": "ImageObject",
            "url": self.url,
            "width": self.width,
            "height": self.height,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that the head of a page says beside its title. Addresses are absolute."""

    title: str
    url: str
    description: str
    language: str
    type: str = "website"
    images: Sequence[CardImage] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str = ""
    keywords: Sequence[str] = ()
    linked_data: Json = field(default_factory=dict)

    @property
    def locale(self) -> str:
        """The language as Open Graph writes it."""
        return _LOCALES.get(self.language, self.language)

    @property
    def twitter_card(self) -> str:
        """How large the picture is shown."""
        return "summary_large_image" if self.images else "summary"


def images_of(image: Image | None) -> list[CardImage]:
    """Return what there is of a picture, the crop for cards first; nothing is waited for."""
    if image is None:
        return []
    found = [
        CardImage(
            url=absolute(image.base_url + name),
            width=width,
            height=plan.height_at(shape, width, (image.width, image.height)),
            alt=image.alt,
        )
        for shape in (plan.WIDE, plan.SQUARE)
        for width, name in plan.listed(image.made, shape, "webp")[-1:]
    ]
    address, width, height = image.fallback
    whole = CardImage(url=absolute(address), width=width, height=height, alt=image.alt)
    return [*found[:1], whole, *found[1:]]


def drawn_image(post: Post, *, site: SiteSettings) -> CardImage:
    """Return the picture that is drawn for a post without one."""
    return CardImage(
        url=absolute(share_images.path_of(post, site=site)),
        width=share_images.WIDTH,
        height=share_images.HEIGHT,
        alt=post.title,
    )


def post_card(post: Post, *, site: SiteSettings) -> Card:
    """Return the card of a post."""
    published_at = timezone.localtime(post.published_at or post.created_at)
    # Machines are told of a correction, not of every comma, as in our feeds.
    modified_at = max(timezone.localtime(post.corrected_at or published_at), published_at)
    images = images_of(post.image) or [drawn_image(post, site=site)]
    keywords = [tag.name for tag in post.tags.all()]
    card = Card(
        title=post.title,
        url=absolute(post.get_absolute_url()),
        description=post.summary or post.title,
        language=post.language,
        type="article",
        images=images,
        published_at=published_at,
        modified_at=modified_at if modified_at > published_at else None,
        section=post.category.name,
        keywords=keywords,
    )
    return _with_data(card, _article(post, card, site=site, modified_at=modified_at))


def _article(post: Post, card: Card, *, site: SiteSettings, modified_at: datetime) -> Json:
    published_at = card.published_at or modified_at
    return _without_empty(
        {
            "@type": _ARTICLE_TYPES.get(Post.Kind(post.kind), "Article"),
            "mainEntityOfPage": card.url,
            "url": card.url,
            "headline": card.title,
            "description": post.summary,
            "image": [image.linked_data for image in card.images],
            "datePublished": published_at.isoformat(),
            "dateModified": modified_at.isoformat(),
            "author": _authors(post, site=site),
            "publisher": organization(site),
            "inLanguage": post.language,
            "articleSection": card.section,
            "keywords": list(card.keywords),
            "isBasedOn": post.source_url,
        }
    )


def _authors(post: Post, *, site: SiteSettings) -> list[Json]:
    """Return the bylines; the publisher's own is no person."""
    return [_author(author, site=site) for author in post.authors.all()] or [organization(site)]


def _author(author: Author, *, site: SiteSettings) -> Json:
    if author.name == site.publisher:
        return organization(site)
    url = absolute(author.get_absolute_url())
    return {"@type": "Person", "name": author.name, "url": url}


def organization(site: SiteSettings) -> Json:
    """Return who stands behind the site."""
    return {
        "@type": "Organization",
        "@id": f"{absolute('/')}#publisher",
        "name": site.publisher,
        "url": absolute("/"),
        "logo": CardImage(url=absolute(icon_url(site, "512")), width=512, height=512).linked_data,
    }


def site_card(site: SiteSettings, *, path: str, is_front: bool) -> Card:
    """Return the card of the front page, or of a page of older posts."""
    card = plain_card(site.title, site.description or site.tagline, site=site, path=path)
    if not is_front:
        return card
    website = {
        "@type": "WebSite",
        "@id": f"{absolute('/')}#site",
        "name": site.title,
        "url": absolute("/"),
        "description": site.description or site.tagline,
        "inLanguage": site.language,
        "publisher": {"@id": f"{absolute('/')}#publisher"},
    }
    return _with_data(card, {"@graph": [_without_empty(website), organization(site)]})


def list_card(
    title: str,
    description: str,
    entries: Iterable[tuple[str, str]],
    *,
    site: SiteSettings,
    path: str,
    image: Image | None = None,
) -> Card:
    """Return the card of a list; ``entries`` are the name and the address of each of its rows."""
    card = replace(plain_card(title, description, site=site, path=path), images=images_of(image))
    rows = [
        {"@type": "ListItem", "position": position, "url": absolute(url), "name": name}
        for position, (name, url) in enumerate(entries, start=1)
    ]
    page = {
        "@type": "CollectionPage",
        "name": title,
        "url": card.url,
        "description": description,
        "inLanguage": site.language,
        "isPartOf": {"@type": "WebSite", "name": site.title, "url": absolute("/")},
        "mainEntity": {"@type": "ItemList", "numberOfItems": len(rows), "itemListElement": rows},
    }
    return _with_data(card, _without_empty(page))


def plain_card(title: str, description: str, *, site: SiteSettings, path: str) -> Card:
    """Return the card of a page that is nothing in particular; its picture is the site's icon."""
    return Card(
        title=title,
        url=absolute(path),
        description=description or site.description or site.tagline or title,
        language=site.language,
    )


def _with_data(card: Card, data: Mapping[str, Any]) -> Card:
    parts = {name: getattr(card, name) for name in Card.__slots__}
    return Card(**parts | {"linked_data": {"@context": "https://schema.org", **data}})


def _without_empty(parts: Json) -> Json:
    return {name: part for name, part in parts.items() if part}
