"""What tests of stories share: headlines that came in, and the stories that were made of them."""

from datetime import UTC, datetime, timedelta

from aggregator.models import Headline, Story, StoryMember
from tests.factories import make_headline

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MARKET = (
    "Russian missile strike on Kharkiv market kills 5, injures 18",
    "Five killed as missile hits market in Ukraine's Kharkiv",
    "Ракетний удар по ринку у Харкові: п'ятеро загиблих, 18 поранених",
    "Россияне ударили ракетой по рынку в Харькове, погибли пять человек",
)
OTHER = "Lost Bosch panel found in Belgian farmhouse"


def tell(title, *, minutes=0, **fields):
    """A headline that an outlet of its own published some minutes after NOW, and we saw then."""
    at = NOW + timedelta(minutes=minutes)
    fields = {"first_seen_at": at, "published_at": at} | fields
    if "outlet" not in fields:
        fields["outlet"] = f"outlet{Headline.objects.count()}.example"
    return make_headline(title=title, **fields)


def groups():
    """The titles of each story, the first story first."""
    return [
        sorted(story.members.values_list("headline__title", flat=True))
        for story in Story.objects.order_by("pk")
    ]


def reason_of(headline):
    """Why a headline is in its story: kind, words, the headline that it agrees with."""
    member = StoryMember.objects.get(headline=headline)
    return member.reason, member.words, member.agrees_with
