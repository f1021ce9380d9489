"""A site in which every table holds something that not everybody may read."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.redirects.models import Redirect
from django.urls import get_resolver
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from aggregator.models import (
    Announcement,
    DeskView,
    Feed,
    FeedAccess,
    Glance,
    PreferredOutlet,
    Probe,
    Rule,
    SourceWatch,
    Story,
    StoryMember,
)
from blog import audit, versions, writing
from blog.models import NavLink, Page, Post, PreviewLink
from newsletter.models import Bounce, MailSettings, SubscriberImport
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_edition,
    make_editor,
    make_feed,
    make_headline,
    make_image,
    make_member,
    make_pick,
    make_post,
    make_subscriber,
)
from tests.newsandtimes.who_may import ADMINISTRATOR, EDITOR, NOBODY, Who

MARKERS = {
    # Words, and who may meet them anywhere in the newsroom.
    "zebradraft": EDITOR,
    "zebrapage": EDITOR,
    "zebrafeedkey": EDITOR,
    "zebraheadline": EDITOR,
    "zebraedition": EDITOR,
    "zebrasubscriber": ADMINISTRATOR,
    "zebraperson": ADMINISTRATOR,
    "zebraaudit": ADMINISTRATOR,
    "zebratyped": NOBODY,  # but whoever types it
    "zebrasecret": NOBODY,
    "zebrahash": NOBODY,
}


@dataclass
class Rows:
    """The rows behind the addresses, by the beginnings of the addresses' names."""

    by_name: dict[str, object] = field(default_factory=dict)
    arguments: dict[str, object] = field(default_factory=dict)

    def row_for(self, name):
        """Return the row for an address: that of the longest beginning of its name."""
        found = [start for start in self.by_name if name.startswith(start)]
        return self.by_name[max(found, key=len)] if found else None


def make_rows():
    """Fill the site; everything belongs to people whom nobody in the tests is."""
    boss = make_editor(username="boss", email="zebraperson@example.org", password="zebrahash")
    boss.password = "md5$salt$zebrahash"
    boss.save()
    colleague = make_member("author", email="zebraperson2@example.org")
    now = timezone.now()
    post = make_post(
        title="Zebradraft merger",
        standfirst="zebradraft",
        body="<p>zebradraft</p>",
        review_note="zebradraft",
        status=Post.Status.DRAFT,
        published_at=None,
        created_by=colleague,
        image=make_image(created_by=colleague),
        category=make_category(),
        authors=[make_author(user=colleague)],
        tags=["quiet"],
    )
    make_post(  # for the calendar and for what comes next
        title="Zebradraft scheduled",
        published_at=now + timedelta(minutes=1),
        created_by=colleague,
    )
    page = Page.objects.create(title="zebrapage", body="<p>zebrapage</p>")
    for text in (post, page):
        versions.keep(text, by=colleague, now=now)
        sheet = writing.Sheet(colleague, type(text), text.pk, "token")
        writing.note(sheet, now=now, form={"title": ["zebratyped"]})
    link = PreviewLink.objects.create(post=post, created_by=colleague)
    feed = make_feed(
        url="https://feed.example/rss?key=zebrafeedkey",
        title="zebrafeedkey",
        health=Feed.Health.FAILING,
        last_error="zebrafeedkey",
    )
    secrets = dict.fromkeys(FeedAccess.SECRETS, "zebrasecret")
    FeedAccess.objects.create(feed=feed, header_name="X-Key", **secrets)
    headline = make_headline(title="zebraheadline", feed=feed)
    story = Story.objects.create(first_seen_at=now, last_seen_at=now, lead=headline, count=1)
    StoryMember.objects.create(headline=headline, story=story, reason="first", joined_at=now)
    collection = make_collection()
    SourceWatch.objects.create(
        headline=headline, title="zebraheadline", state="dead", next_at=now, asks_at=now
    )
    edition = make_edition(state="open", frozen_at=None, due_at=now + timedelta(days=1))
    item = edition.items.create(kind="post", key="post:0", title="zebraedition", url="/", at=now)
    subscriber = make_subscriber(email="zebrasubscriber@example.org", key="zebrasecret")
    rows = {
        "newsletter_post": post,
        "newsletter_digest": edition.digest,
        "newsletter_edition": edition,
        "blog_post": post,
        "view_on_site": post,
        "blog_page": page,
        # What the draft stands in and with: a page that lists their posts must leave it out.
        "blog_image": post.image,
        "blog_category": post.category,
        "blog_tag": post.tags.get(),
        "blog_author": post.authors.get(),
        "blog_navlink": NavLink.objects.create(label="About", target="/about/"),
        "redirects_redirect": Redirect.objects.create(site_id=1, old_path="/a/", new_path="/b/"),
        "blog_user": boss,
        "auth_user": boss,
        **dict.fromkeys(("security_of", "reset_second_factor", "end_sessions_of"), boss),
        "end_session": UserSession.objects.create(
            user=colleague, ip="192.0.2.5", session_key="zebrasecret", user_agent="zebrasecret"
        ),
        "auth_group": Group.objects.create(name="Photographers"),
        "aggregator_feed": feed,
        "aggregator_feed_probe": Probe.objects.create(
            address="https://zebrafeedkey.example", asked_by=colleague, asked_at=now
        ),
        "aggregator_glance": Glance.objects.create(
            address="https://zebrafeedkey.example", asked_by=colleague, asked_at=now
        ),
        "aggregator_headline": headline,
        "aggregator_story": story,
        "desk_view": DeskView.objects.create(owner=colleague, name="zebratyped"),
        "aggregator_preferredoutlet": PreferredOutlet.objects.create(outlet="zebraheadline"),
        "aggregator_collection": collection,
        "newsandtimes_frontblock": collection.front_block,
        "aggregator_pick": make_pick(headline=headline, collection=collection),
        "aggregator_announcement": Announcement.objects.create(topic="/zebraheadline/feed/"),
        "aggregator_rule": Rule.objects.create(name="A rule", words="zebraheadline"),
        "newsletter_subscriber": subscriber,
        "newsletter_bounce": Bounce.objects.create(
            subscriber=subscriber, kind="hard", source="mail", at=now, evidence="zebrasubscriber"
        ),
        "newsletter_subscriber_import_one": SubscriberImport.objects.create(
            name="zebrasubscribers.csv", file="nowhere.csv", state="done"
        ),
        "newsletter_mailsettings": MailSettings.objects.create(),
        "blog_auditentry": audit.record(
            audit.Kind.CHANGED,
            by=colleague,
            obj=post,
            changes=[{"field": "title", "old": "zebraaudit", "new": "zebraaudit"}],
        ),
        "django_tasks_database_dbtaskresult": DBTaskResult.objects.create(
            task_path="newsandtimes.tasks.sweep",
            args_kwargs={"args": [], "kwargs": {}},
            backend_name="default",
        ),
    }
    arguments = {
        "number": 1,
        "way": "down",
        "link": link.pk,
        "item": item.pk,
        "content_type_id": ContentType.objects.get_for_model(Post).pk,
        "url": "nowhere/",
        "uidb64": "MQ",
        "token": "c-0",
        "app_label": "blog",
    }
    return Rows(rows, arguments)


def addresses(start="admin/"):
    """Yield name and pattern of every address under ``start``, as the resolver has them."""
    for pattern, route in _walk(get_resolver(), ""):
        if route.startswith(start):
            yield pattern.name or _name_of_unnamed(route), route


def _walk(resolver, before):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, route)
        else:
            yield pattern, route


def _name_of_unnamed(route):
    """Django leads from an object's bare address to its form, without a name."""
    match = re.fullmatch(r"admin/(\w+)/(\w+)/<path:object_id>/", route)
    return f"{match[1]}_{match[2]}_" if match else ""


def path_for(name, route, rows):
    """Return a path that leads to the row of an address; raises LookupError for what is unknown."""
    row = rows.row_for(name)
    if name.startswith("blog_sitesettings"):
        own = dict.fromkeys(("object_id", "pk", "id"), 1)
    else:
        own = {} if row is None else dict.fromkeys(("object_id", "pk", "id"), row.pk)
    values = rows.arguments | own

    def fill(match):
        if match[1] not in values:
            raise LookupError(
                f"The address {name} ({route}) asks for “{match[1]}”. Add a row that has something "
                "to leak, or the argument, to make_rows() in tests/newsandtimes/leaking.py."
            )
        return str(values[match[1]])

    if "(?P<" in route:
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", fill, route).replace("^", "").replace("$", "")
    else:
        route = re.sub(r"<(?:\w+:)?(\w+)>", fill, route)
    return f"/{route}"


def log_in(client, who):
    """Log somebody of that kind in; return them."""
    makers = {
        Who.READER: lambda: make_member_of_nothing(is_staff=False),
        Who.STAFF: lambda: make_member_of_nothing(is_staff=True),
        Who.SUPERUSER: make_editor,
    }
    if who is Who.ANYBODY:
        return None
    user = makers[who]() if who in makers else make_member(who.name.lower())
    client.force_login(user)
    return user


def make_member_of_nothing(*, is_staff):
    """Somebody without a role."""
    user = make_editor()
    user.is_superuser, user.is_staff = False, is_staff
    user.save()
    return user
