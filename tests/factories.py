"""Makers of test data: every field that a test does not name has one dull, valid value."""

import io
import itertools
from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile
from PIL import Image as PillowImage

from aggregator.models import Collection, Feed, Headline, Pick, Story, StoryMember
from aggregator.stories.keeping import refresh
from blog.models import Author, Category, Image, Post, Role, User
from newsletter.addresses import email_key
from newsletter.models import Delivery, Digest, Edition, Subscriber, Variant

numbers = itertools.count(1)
colours = itertools.count(1)  # the same picture twice would be one

LONG_AGO = datetime(2026, 1, 1, 12, tzinfo=UTC)


def make_user(**fields):
    number = next(numbers)
    fields = {"username": f"user{number}", "email": f"user{number}@example.org"} | fields
    return User.objects.create_user(**fields)


def make_editor(**fields):
    return make_user(is_staff=True, is_superuser=True, **fields)


def make_author(**fields):
    return Author.objects.create(**{"name": f"Author {next(numbers)}"} | fields)


def make_category(**fields):
    return Category.objects.create(**{"name": f"Category {next(numbers)}"} | fields)


def make_post(*, authors=(), tags=(), **fields):
    """A published article of long ago."""
    number = next(numbers)
    fields = {
        "title": f"Post {number}",
        "body": f"<p>Text of post {number}.</p>",
        "status": Post.Status.PUBLISHED,
        "published_at": LONG_AGO + timedelta(minutes=number),
    } | fields
    if "category" not in fields:
        fields["category"] = make_category()
    post = Post.objects.create(**fields)
    post.authors.set(authors)
    post.tags.set(tags)
    return post


def make_feed(**fields):
    number = next(numbers)
    return Feed.objects.create(
        **{"url": f"https://feed{number}.example/rss", "title": f"Feed {number}"} | fields
    )


def make_headline(**fields):
    number = next(numbers)
    fields = {
        "key": f"{number:064d}",
        "title": f"Headline {number}",
        "summary": f"Summary of headline {number}.",
        "url": f"https://outlet.example/{number}",
        "outlet": "outlet.example",
        "first_seen_at": LONG_AGO,
        "published_at": LONG_AGO + timedelta(minutes=number),
    } | fields
    if "feed" not in fields:
        fields["feed"] = make_feed()
    fields.setdefault("canonical_url", fields["url"])
    return Headline.objects.create(**fields)


def make_collection(**fields):
    return Collection.objects.create(**{"title": f"Collection {next(numbers)}"} | fields)


def make_pick(**fields):
    fields = {"placed_at": LONG_AGO} | fields
    if "headline" not in fields:
        fields["headline"] = make_headline()
    if "collection" not in fields:
        fields["collection"] = make_collection()
    return Pick.objects.create(**fields)


def make_story(*headlines):
    """A story of some headlines, led as one that the worker has made."""
    story = Story.objects.create(first_seen_at=LONG_AGO, last_seen_at=LONG_AGO)
    for headline in headlines:
        StoryMember.objects.create(
            headline=headline, story=story, reason="words", joined_at=LONG_AGO
        )
    refresh([story.pk])
    story.refresh_from_db()
    return story


def make_subscriber(**fields):
    """Somebody who confirmed long ago."""
    fields = {
        "email": f"reader{next(numbers)}@example.org",
        "state": Subscriber.State.ACTIVE,
        "confirmed_at": LONG_AGO,
    } | fields
    return Subscriber.objects.create(email_key=email_key(fields["email"]), **fields)


def make_digest(**fields):
    """A list that subscribers choose by name, with nothing collected yet."""
    number = next(numbers)
    return Digest.objects.create(
        **{"title": f"Digest {number}", "slug": f"digest-{number}", "started_at": LONG_AGO} | fields
    )


def make_edition(**fields):
    """An edition of a digest that goes out right now; its window is the day before."""
    fields = {"state": Edition.State.SENDING, "due_at": LONG_AGO, "frozen_at": LONG_AGO} | fields
    if fields.get("kind", Edition.Kind.DIGEST) == Edition.Kind.DIGEST:
        fields.setdefault("digest", fields.get("digest") or make_digest())
        fields.setdefault("window_start", fields["due_at"] - timedelta(days=1))
    return Edition.objects.create(**fields)


def make_variant(edition, **fields):
    """A mail without anything of its own but the reader's link."""
    mark = f"{next(numbers):032x}"
    fields = {
        "digest_key": mark,
        "language": "en",
        "mark": mark,
        "subject": "The daily review",
        "text": f"Read this.\n\nhttps://review.example/subscription/{mark}/\n",
        "html": f'<p>Read this. <a href="https://review.example/subscription/{mark}/">You</a></p>',
    } | fields
    return Variant.objects.create(edition=edition, **fields)


def make_delivery(**fields):
    """A row of the ledger that may leave at once."""
    edition = fields.pop("edition", None) or make_edition()
    variant = fields.pop("variant", None) or edition.variants.first() or make_variant(edition)
    subscriber = fields.pop("subscriber", None) or make_subscriber()
    message_id = f"delivery-{next(numbers)}@review.example"
    fields = {"due_at": LONG_AGO, "message_id": message_id} | fields
    return Delivery.objects.create(
        edition=edition, variant=variant, subscriber=subscriber, **fields
    )


def make_image(**fields):
    """A picture of four by three pixels, of another colour than all others."""
    png = io.BytesIO()
    PillowImage.new("RGB", (4, 3), next(colours)).save(png, "PNG")
    fields = {"file": ContentFile(png.getvalue(), name="a.png"), "alt": "A picture"} | fields
    return Image.objects.create(**fields)


def make_member(role, **fields):
    """Somebody with one of the roles, by its key: ``make_member("author")``."""
    member = make_user(is_staff=True, **fields)
    member.groups.add(Role.objects.get(key=role).group)
    return member
