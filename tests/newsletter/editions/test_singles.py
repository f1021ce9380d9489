"""Mails of one post: which go by themselves, which an editor sends, and that each goes once."""

from datetime import timedelta

import pytest

from blog.models import Post
from newsletter.editions.clock import turn
from newsletter.editions.singles import MailedAlreadyError, mail_post, plan_singles
from newsletter.models import Digest, Edition, MailSettings, Subscriber
from tests.factories import make_editor, make_post, make_subscriber
from tests.newsletter.editions.test_collecting import DUE, HOUR

pytestmark = pytest.mark.django_db

State = Edition.State
NOW = DUE


@pytest.fixture(autouse=True)
def _one_who_wants_each():
    Digest.objects.all().delete()
    make_subscriber(email="each@example.org", rhythm="each", confirmed_at=NOW - 90 * HOUR)


def just_published(**fields):
    return make_post(**{"title": "News", "published_at": NOW - HOUR} | fields)


def mailed_to(edition):
    return sorted(row.subscriber.email for row in edition.deliveries.all())


def test_published_post_goes_to_those_who_want_each():
    post = just_published()
    turn(now=NOW)
    edition = Edition.objects.get()
    assert (edition.kind, edition.post, edition.state) == ("post", post, State.SENDING)
    assert (edition.due_at, edition.number) == (post.published_at, 1)
    assert mailed_to(edition) == ["each@example.org"]


def test_it_goes_once_whatever_is_done_to_the_post_and_however_often_the_clock_turns():
    post = just_published()
    turn(now=NOW)
    post.title = "Another title"
    post.save()
    turn(now=NOW + timedelta(minutes=1))
    Post.objects.update(published_at=NOW)
    turn(now=NOW + timedelta(minutes=2))
    assert Edition.objects.get().deliveries.count() == 1


def test_only_public_posts_go():
    for status in (Post.Status.DRAFT, Post.Status.REVIEW, Post.Status.WITHDRAWN):
        just_published(status=status)
    just_published(published_at=NOW + HOUR)
    assert plan_singles(now=NOW) == 0
    assert plan_singles(now=NOW + HOUR) == 1  # the scheduled one, at its minute


def test_old_posts_never_go_by_themselves():
    late_after = MailSettings.load().late_after
    just_published(published_at=NOW - late_after)
    just_published(title="in time", published_at=NOW - late_after + timedelta(seconds=1))
    turn(now=NOW)
    assert [edition.post.title for edition in Edition.objects.all()] == ["in time"]


def test_nothing_is_planned_where_nobody_wants_each_post():
    Subscriber.objects.update(rhythm="daily")
    just_published()
    assert plan_singles(now=NOW) == 0


def test_one_that_an_editor_cancelled_is_not_made_again():
    just_published()
    plan_singles(now=NOW)
    Edition.objects.update(state=State.CANCELLED)
    assert plan_singles(now=NOW) == 0


def test_editor_mails_an_old_post_to_all_who_want_each():
    make_subscriber(email="daily@example.org")
    make_subscriber(email="late@example.org", rhythm="each", confirmed_at=NOW)
    edition = mail_post(make_post(), is_breaking=False, by=make_editor(), now=NOW)
    turn(now=NOW)
    assert mailed_to(edition) == ["each@example.org", "late@example.org"]


def test_breaking_news_goes_to_those_who_have_not_got_the_post():
    for rhythm in ("daily", "weekly", "breaking"):
        make_subscriber(email=f"{rhythm}@example.org", rhythm=rhythm)
    post = just_published()
    turn(now=NOW)
    breaking = mail_post(post, is_breaking=True, by=make_editor(), now=NOW + HOUR)
    turn(now=NOW + HOUR)
    assert mailed_to(breaking) == [
        "breaking@example.org",
        "daily@example.org",
        "weekly@example.org",
    ]


@pytest.mark.parametrize("is_breaking", [True, False])
def test_a_second_click_mails_nothing(is_breaking):
    post, editor = make_post(), make_editor()
    mail_post(post, is_breaking=is_breaking, by=editor, now=NOW)
    with pytest.raises(MailedAlreadyError):
        mail_post(post, is_breaking=is_breaking, by=editor, now=NOW)
    assert Edition.objects.count() == 1


def test_breaking_post_does_not_go_by_itself_too():
    post = just_published()
    mail_post(post, is_breaking=True, by=make_editor(), now=NOW)
    assert plan_singles(now=NOW) == 0


def test_post_goes_by_itself_though_it_is_no_breaking_news_after_all():
    post = just_published()
    breaking = mail_post(post, is_breaking=True, by=make_editor(), now=NOW)
    Edition.objects.filter(pk=breaking.pk).update(state=State.CANCELLED)
    assert plan_singles(now=NOW) == 1
