"""Every address of the newsroom, asked by everybody: who gets in, what they see, what changes."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_editor
from tests.newsandtimes.leaking import MARKERS, addresses, log_in, make_rows, path_for
from tests.newsandtimes.who_may import NOBODY, OWN_TESTS, WHO_MAY, Who

pytestmark = [pytest.mark.django_db, pytest.mark.long]

EVERYBODY = [who for who in Who if who is not NOBODY]
SHUT = {403, 404, 405}
# What a mere visit may write: who is logged in.
NOT_COUNTED = ("django_session",)


def is_shut(response):
    """Whether somebody was kept out, or sent to log in or back to the index."""
    doors = {reverse("admin:login"), reverse("admin:index")}
    led_away = response.status_code == 302 and response.url.partition("?")[0] in doors
    return response.status_code in SHUT or led_away


def writes(queries):
    """Return the statements that changed something."""
    kinds = ("INSERT", "UPDATE", "DELETE", "REPLACE")
    return [
        one["sql"]
        for one in queries.captured_queries
        if one["sql"].lstrip().upper().startswith(kinds)
        and not any(table in one["sql"] for table in NOT_COUNTED)
    ]


def leaks(response, who):
    """Return the words in an answer that somebody may not read."""
    body = b"".join(response) if response.streaming else response.content
    heads = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    whole = body.decode(errors="replace").lower() + heads.lower()
    return [word for word, least in MARKERS.items() if word in whole and who < least]


def ask(client, method, path, who):
    """Send a request that leaves no trace; return the answer and what it wrote."""
    cookies = client.cookies.copy()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        response = getattr(client, method)(path)
        assert leaks(response, who) == [], f"{method} {path} as {who.name}"
        transaction.set_rollback(True)
    client.cookies = cookies  # one of the addresses logs out
    return response, writes(queries)


def test_it_is_said_of_every_address_who_may_open_it():
    names = {name for name, _ in addresses()}
    unknown = sorted(names - set(WHO_MAY))
    assert not unknown, (
        f"Nobody has said who may open {', '.join(unknown)}. Add a line for each to WHO_MAY in "
        "tests/newsandtimes/who_may.py: who may GET it and who may POST to it where the row "
        "behind it is somebody else’s. See blog/rights.py for how to enforce it."
    )
    assert sorted(set(WHO_MAY) - names) == [], "These addresses are gone: take out their lines."


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_every_address_lets_in_whom_it_should_and_tells_nobody_else_anything(client, who):
    rows = make_rows()
    log_in(client, who)
    wrong = []
    for name, route in addresses():
        path = path_for(name, route, rows)
        allowed = WHO_MAY[name]
        for method, least in zip(("get", "post"), allowed, strict=True):
            # What searches, searches for what it may not find; the rest does not look.
            asked = f"{path}?q=zebra" if method == "get" else path
            response, written = ask(client, method, asked, who)
            if method == "get" and written:
                wrong.append(f"GET {path} writes: {written}")
            if least is OWN_TESTS:
                continue
            may = who >= least
            if is_shut(response) is may:
                wrong.append(
                    f"{method.upper()} {path} ({name}) answers {response.status_code}, "
                    f"and {'may' if may else 'may not'} let in {who.name}"
                )
            if not may and written:
                wrong.append(f"{method.upper()} {path} changes something: {written}")
    assert not wrong, "\n".join(wrong)


def test_whatever_changes_something_is_kept_in_the_audit(client):
    """What is typed and not saved is no deed, nor is a look at an address, nor a form unchanged."""
    rows = make_rows()
    log_in(client, Who.SUPERUSER)
    unkept = ("blog_writing", "aggregator_probe", "aggregator_glance")
    changed = []
    for name, route in addresses():
        if name.endswith("_change"):
            continue
        path = path_for(name, route, rows)
        body = {"post": "yes"} if name.endswith("_delete") else {}
        cookies = client.cookies.copy()
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            client.post(path, body)
            transaction.set_rollback(True)
        client.cookies = cookies
        written = [one for one in writes(queries) if not any(table in one for table in unkept)]
        if written:
            changed.append(name)
            assert any("blog_auditentry" in one for one in written), (
                f"POST {path} changes something and leaves nothing in the audit. Let the view call "
                f"self.log_change() or blog.audit.record(): {written}"
            )
    assert {"blog_post_delete", "blog_post_restore", "blog_user_delete"} <= set(changed)
    assert len(changed) > 15


def actions_of(model_admin, user):
    request = RequestFactory().get("/")
    request.user = user
    return list(model_admin.get_actions(request))


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_actions_on_several_rows_are_for_those_who_may_change_each(client, who):
    rows = make_rows()
    boss = make_editor()
    log_in(client, who)
    tried = 0
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        row = rows.row_for(name)
        if row is None:
            continue
        for action in actions_of(model_admin, boss):
            least = WHO_MAY[f"{name}_{'delete' if action == 'delete_selected' else 'change'}"][1]
            if who >= least:
                continue
            path = reverse(f"admin:{name}_changelist")
            for extra in ({}, {"select_across": "1", "index": "0"}):
                body = {"action": action, "_selected_action": row.pk, "post": "yes"} | extra
                with CaptureQueriesContext(connection) as queries, transaction.atomic():
                    response = client.post(path, body)
                    assert leaks(response, who) == [], f"{action} {path}"
                    transaction.set_rollback(True)
                assert writes(queries) == [], f"{action} on {path} as {who.name}"
                tried += 1
    assert tried > 20 or who >= Who.EDITOR


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_autocompletes_offer_what_one_may_see(client, who):
    """Every relation of every model, whether or not a form has it."""
    make_rows()
    log_in(client, who)
    asked = 0
    for model in admin.site._registry:
        for one in model._meta.get_fields(include_hidden=True):
            if one.is_relation and not one.auto_created and one.remote_field:
                names = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": one.name,
                }
                for term in ("", "zebra"):
                    response = client.get("/admin/autocomplete/", names | {"term": term})
                    assert leaks(response, who) == [], names
                    asked += 1
    assert asked > 20


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_searching_a_list_finds_what_one_may_see(client, who):
    make_rows()
    log_in(client, who)
    lists = [route for name, route in addresses() if name.endswith("_changelist")]
    assert len(lists) > 15
    for route in lists:
        for query in ("q=zebra", "_facets=True&all="):
            response = client.get(f"/{route}?{query}")
            assert leaks(response, who) == [], route


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_the_way_to_a_public_page_tells_no_address_that_one_may_not_know(client, who):
    """The address of a draft says its title, and that of a secret link is the key itself."""
    make_rows()
    log_in(client, who)
    told = set()
    for model in apps.get_models():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        # A proxy has a number of its own, under which its rows may be asked for as well.
        content_type = ContentType.objects.get_for_model(model, for_concrete_model=False).pk
        for pk in model._base_manager.values_list("pk", flat=True)[:3]:
            response = client.get(f"/admin/r/{content_type}/{pk}/")
            assert leaks(response, who) == [], model
            if not is_shut(response):
                told.add(name)
                assert who >= WHO_MAY.get(f"{name}_change", (NOBODY,))[0], name
    assert ("blog_category" in told) is (who >= Who.CONTRIBUTOR)
    assert ("blog_page" in told) is (who >= Who.EDITOR)
