"""Where editors bring pages from elsewhere."""

from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from aggregator.models import Decision, Feed, Headline, Pick
from blog.models import AuditEntry, Post
from tests.factories import (
    make_category,
    make_collection,
    make_editor,
    make_headline,
    make_pick,
    make_user,
)
from tests.newsandtimes.logging_in import PASSWORD, code_of, log_in

pytestmark = pytest.mark.django_db
SHARE = "/admin/share/"
PAGE = "https://kyivpost.example/news/1"
FORM = {
    "source_url": PAGE,
    "title": "Ports open again",
    "quote": "The first ship left.",
    "outlet": "Kyiv Post",
    "language": "uk",
}


@pytest.fixture
def edda(client):
    edda = make_editor(username="edda", password=PASSWORD)
    client.force_login(edda)
    return edda


def somebody_who_may(client, *names):
    user = make_user(is_staff=True)
    for name in names:
        app, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    client.force_login(user)
    return user


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def deeds():
    return AuditEntry.objects.exclude(kind="logged-in")


def initial(response):
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_what_is_handed_over_stands_in_the_form_and_nothing_changes(client, edda):
    make_collection(title="Selected Articles")
    text = f'"First <ship> left"\n{PAGE}#:~:text=First'
    with_query = (
        f"{SHARE}?{urlencode({'title': 'Ports & <b>more</b>', 'text': text, 'lang': 'uk'})}"
    )
    response = client.get(with_query)
    assert initial(response) == {
        "source_url": PAGE,
        "title": "Ports & <b>more</b>",
        "quote": "First <ship> left",
        "outlet": "",
        "language": "uk",
    }
    page = response.content.decode()
    assert "<b>more</b>" not in page
    assert 'placeholder="kyivpost.example"' in page
    assert ">Selected Articles</button>" in page
    assert "bookmarklet" not in page
    assert (Feed.objects.count(), Headline.objects.count(), Post.objects.count()) == (0, 0, 0)


def test_page_without_anything_says_how_to_bring_one(client, edda, settings):
    settings.SITE_URL = "https://review.example"
    page = client.get(SHARE).content.decode()
    assert page.count("open(%22https://review.example/admin/share/%22+") == 2
    assert 'class="bookmarklet" href="javascript:(()=&gt;{const%20d=document' in page


def test_page_is_picked_into_a_collection(client, edda):
    make_collection()
    links = make_collection(title="Links")
    response = client.post(SHARE, FORM | {"into": links.pk})
    assert (response.status_code, response["Location"]) == (302, SHARE)
    pick = Pick.objects.select_related("headline").get()
    assert (pick.collection, pick.picked_by) == (links, edda)
    assert (pick.headline.url, pick.headline.outlet) == (PAGE, "kyivpost.example")
    assert (pick.headline.language, pick.shown_summary) == ("uk", "The first ship left.")
    link = reverse("admin:aggregator_pick_change", args=[pick.pk])
    assert said(response) == [
        f'“Ports open again” stands in “Links”. <a href="{link}">Open the pick</a>'
    ]
    entry = deeds().get()
    assert (entry.user, entry.object_id) == (edda, str(pick.pk))
    assert entry.words == "Desk: picked into Links"
    readers = Client().get(links.get_absolute_url()).content.decode()
    assert "Ports open again" in readers
    assert "Shared by editors" not in readers


def test_page_becomes_a_draft(client, edda):
    make_category()
    response = client.post(SHARE, FORM | {"into": "post"})
    post = Post.objects.get()
    assert response["Location"] == reverse("admin:blog_post_change", args=[post.pk])
    assert (post.status, post.kind, post.source_url) == ("draft", "link", PAGE)
    assert (post.title, post.outlet, post.language) == ("Ports open again", "Kyiv Post", "uk")
    assert post.body == "<blockquote><p>The first ship left.</p></blockquote>"
    assert (post.created_by, deeds().get().kind) == (edda, "added")
    assert Headline.objects.count() == 0


def test_buttons_pressed_twice_do_it_once(client, edda):
    make_category()
    links = make_collection(title="Links")
    for into in (str(links.pk), "post"):
        first = client.post(SHARE, FORM | {"into": into})
        again = client.post(SHARE, FORM | {"into": into})
        assert again["Location"] == first["Location"]
        assert said(again)[-1] == said(first)[-1]
    assert (Pick.objects.count(), Decision.objects.count(), Post.objects.count()) == (1, 1, 1)
    assert deeds().count() == 2


def test_draft_that_says_something_else_by_now_is_another_one(client, edda):
    make_category()
    client.post(SHARE, FORM | {"into": "post"})
    client.post(SHARE, FORM | {"into": "post", "quote": "Another sentence of it."})
    Post.objects.filter(body__contains="Another").update(title="Worked on")
    client.post(SHARE, FORM | {"into": "post", "quote": "Another sentence of it."})
    assert Post.objects.count() == 3


def test_draft_without_a_category_is_refused_with_its_words_kept(client, edda):
    response = client.post(SHARE, FORM | {"into": "post"})
    assert response.context["form"].non_field_errors() == [
        "A post stands in a category, and there is none yet."
    ]
    assert initial(response)["quote"] == "The first ship left."


def test_page_is_left_at_the_desk_once(client, edda):
    response = client.post(SHARE, FORM | {"into": "desk"})
    headline = Headline.objects.get()
    link = reverse("admin:aggregator_headline_change", args=[headline.pk])
    assert said(response) == [
        f'“Ports open again” waits at the Desk. <a href="{link}">Open the headline</a>'
    ]
    assert (headline.seen_at, Pick.objects.count()) == (None, 0)
    response = client.post(SHARE, FORM | {"into": "desk", "title": "Another"})
    assert said(response)[-1].startswith("“Ports open again” is here already; nothing has changed.")
    assert Headline.objects.get().title == "Ports open again"
    assert deeds().count() == 1


def test_known_headline_keeps_its_title_and_says_where_it_stands(client, edda):
    known = make_headline(title="The feed’s title", url=PAGE, outlet="kyivpost.example")
    pick = make_pick(headline=known, collection=make_collection(title="Links"))
    make_pick(headline=known, collection=make_collection(title="Gone"), withdrawn_at=pick.placed_at)
    response = client.get(SHARE, {"title": "Ports | Kyiv Post", "url": f"{PAGE}?utm_source=x"})
    assert initial(response)["title"] == "The feed’s title"
    page = response.content.decode()
    assert "This article came in on Jan. 1, 2026, noon, from kyivpost.example" in page
    assert "It stands in: Links." in page


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("javascript:alert(1)", "This is no http or https address."),
        ("data:text/html,x", "This is no http or https address."),
        (
            "http://192.168.0.1/",
            "This address lies in a private network: your readers could not open it.",
        ),
    ],
)
def test_addresses_that_no_reader_can_open_are_refused(client, edda, settings, address, sentence):
    settings.FETCH_ALLOWED_NETWORKS = []
    collection = make_collection()
    page = client.get(SHARE, {"url": address, "title": "T"}).content.decode()
    assert f"<li>{sentence}</li>" in page
    assert "data-fill" not in page
    assert f'href="{address}' not in page
    response = client.post(SHARE, FORM | {"source_url": address, "into": collection.pk})
    assert response.context["form"].errors == {"source_url": [sentence]}
    assert (Headline.objects.count(), Feed.objects.count()) == (0, 0)


@pytest.mark.parametrize("into", ["", "0", "x", "999999999999999999999999"])
def test_without_a_button_nothing_happens(client, edda, into):
    make_collection()
    response = client.post(SHARE, FORM | {"into": into})
    assert response.context["form"].non_field_errors() == [
        "Press one of the buttons below: where is this page to go?"
    ]
    assert Headline.objects.count() == 0


def test_a_page_needs_a_title(client, edda):
    response = client.post(SHARE, FORM | {"title": " \u202e ", "into": make_collection().pk})
    assert response.context["form"].errors == {"title": ["A page needs a title."]}


@pytest.mark.parametrize(
    ("right", "into"),
    [
        ("aggregator.add_pick", "pick"),
        ("aggregator.change_headline", "desk"),
        ("blog.add_post", "post"),
    ],
)
def test_each_button_needs_its_right(client, right, into):
    make_category()
    values = {"pick": str(make_collection(title="Links").pk), "desk": "desk", "post": "post"}
    somebody_who_may(client, right)
    page = client.get(SHARE).content.decode()
    assert [name for name, value in values.items() if f'value="{value}">' in page] == [into]
    for name, value in values.items():
        response = client.post(SHARE, FORM | {"into": value})
        assert response.status_code == (302 if name == into else 403), name
    assert (Pick.objects.count(), Post.objects.count()) == (into == "pick", into == "post")


def test_who_may_do_nothing_with_it_does_not_get_in(client):
    somebody_who_may(client, "blog.view_post")
    assert client.get(SHARE).status_code == 403
    assert client.post(SHARE, FORM | {"into": "post"}).status_code == 403


def test_who_may_only_write_is_not_told_of_headlines(client):
    make_headline(title="The feed’s title", url=PAGE)
    somebody_who_may(client, "blog.add_post")
    response = client.get(SHARE, {"title": "Ports", "url": PAGE})
    assert initial(response)["title"] == "Ports"
    assert "The feed’s title" not in response.content.decode()


def test_login_in_between_keeps_what_was_handed_over(client):
    make_editor(username="edda", password=PASSWORD)
    path = f"{SHARE}?{urlencode({'title': 'Порти & more', 'text': 'A=1', 'url': PAGE})}"
    led = client.get(path)
    assert led["Location"] == f"/admin/login/?next={quote(path)}"
    assert log_in(client, "edda", to=quote(path))["Location"] == path
    assert initial(client.get(path))["title"] == "Порти & more"


def test_second_factor_in_between_keeps_it_too(client, with_phone):
    path = f"{SHARE}?{urlencode({'title': 'Порти & more', 'url': PAGE})}"
    asked = log_in(client, with_phone.username, to=quote(path))
    done = client.post(asked["Location"], {"code": code_of(with_phone)})
    assert done["Location"] == path


def test_foreign_forms_are_refused(edda):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(edda)
    response = browser.post(SHARE, FORM | {"into": make_collection().pk})
    assert (response.status_code, Headline.objects.count()) == (403, 0)


@pytest.mark.parametrize("collections", [1, 30])
def test_page_needs_the_same_queries_however_much_there_is(
    client, edda, django_assert_num_queries, collections
):
    known = make_headline(url=PAGE)
    for _ in range(collections):
        make_pick(headline=known, collection=make_collection())
        make_headline()
    client.get(SHARE)
    with django_assert_num_queries(7):
        client.get(SHARE, {"url": PAGE})


def test_front_page_of_the_newsroom_leads_there_those_who_may(client, edda):
    assert f'href="{SHARE}"' in client.get("/admin/").content.decode()
    somebody_who_may(client, "blog.view_post")
    assert f'href="{SHARE}"' not in client.get("/admin/").content.decode()
