"""Second factors: set up, asked for, required, taken away."""

import re
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from blog.models import Role, SiteSettings
from blog.rights import give_role
from tests.factories import make_editor, make_user
from tests.newsandtimes.logging_in import (
    ACTIVATE,
    CODE,
    PASSWORD,
    code_of,
    is_in,
    log_in,
)

pytestmark = pytest.mark.django_db


def test_second_factor_is_set_up_with_codes_and_asked_for(client, ada):
    log_in(client)
    asked = client.get(ACTIVATE, follow=True)
    assert "Type your password once more" in asked.text
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert secret in page.text
    assert 'src="data:image/svg+xml' in page.text
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    response = client.post(ACTIVATE, {"code": code}, follow=True)
    codes = re.findall(r"<li><code>(\d+)</code>", response.text)
    assert len(codes) == 10
    again = client.get("/admin/account/second-factor/codes/")
    assert not any(code in again.text for code in codes)
    other = Client()
    response = log_in(other)
    assert response["Location"].startswith(CODE)
    assert not is_in(other)
    assert other.post(CODE, {"code": codes[0]}).status_code == 302
    assert is_in(other)
    third = Client()
    log_in(third)
    assert "Incorrect code." in third.post(CODE, {"code": codes[0]}).text
    assert not is_in(third)


def test_password_alone_opens_nothing_of_an_account_with_a_second_factor(client, with_phone):
    log_in(client)
    for path in ("/admin/", "/admin/blog/post/", "/admin/account/"):
        assert client.get(path).status_code == 302
    assert client.post(CODE, {"code": code_of(with_phone)}).status_code == 302
    assert is_in(client)


def test_codes_are_braked_and_used_once(client, with_phone):
    log_in(client)
    for _ in range(10):
        client.post(CODE, {"code": "000000"})
    response = client.post(CODE, {"code": code_of(with_phone)})
    assert "too many tries" in response.text
    assert not is_in(client)


@pytest.fixture
def required(ada):
    SiteSettings.objects.create(second_factor="everybody")


@pytest.mark.parametrize("path", ["/admin/", "/admin/blog/post/", "/admin/blog/user/add/"])
def test_who_must_have_one_is_led_to_set_it_up(client, ada, required, path):
    log_in(client)
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (
        302,
        "/admin/account/second-factor/app/activate/",
    )
    assert client.get("/admin/account/").status_code == 200


def set_up(client, path):
    """Open a page, and set up the second factor to which it leads."""
    client.get(path)
    page = client.get(ACTIVATE, follow=True)
    if page.redirect_chain:  # the password was typed too long ago
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    return client.post(ACTIVATE, {"code": code}, follow=True)


def test_set_up_leads_on_to_the_page_that_was_opened(client, ada, required):
    path = f"/admin/share/?{urlencode({'title': 'Порти & more', 'text': '<b>'})}"
    log_in(client)
    codes = set_up(client, path)
    assert f'<a class="button" href="{escape(path)}">I have kept them</a>' in codes.text
    later = client.get(codes.redirect_chain[-1][0])
    assert f'href="{escape(path)}">Go on to the page that you opened</a>' in later.text
    form = client.get(path).context["form"]
    assert form["title"].value() == "Порти & more"
    over = client.get("/admin/account/second-factor/")
    assert "Go on to the page" not in over.text


def test_set_up_leads_on_where_there_are_recovery_codes_already(client, ada, required):
    log_in(client)
    set_up(client, "/admin/")
    Authenticator.objects.filter(type="totp").delete()
    over = set_up(client, "/admin/blog/post/?q=a")
    assert 'href="/admin/blog/post/?q=a">Go on to the page that you opened</a>' in over.text


def test_set_up_leads_on_to_no_request_of_a_script(client, ada, required):
    log_in(client)
    client.get("/admin/desk/rows/", headers={"sec-fetch-dest": "empty"})
    over = client.get("/admin/account/second-factor/")
    assert "Go on to the page" not in over.text


def test_who_must_have_one_changes_nothing_before(client, ada, required):
    log_in(client)
    path = "/admin/blog/category/add/"
    assert client.post(path, {"name": "New", "position": "0"}).status_code == 403
    answer = client.get("/admin/autocomplete/", headers={"accept": "application/json"})
    assert answer.status_code == 403
    assert "Set up your second factor first" in answer.json()["error"]


def test_rule_for_editors_leaves_authors_alone(client):
    SiteSettings.objects.create(second_factor="editors")
    for key, status in [("author", 200), ("editor", 302)]:
        user = make_user(is_staff=True)
        give_role(user, Role.objects.get(key=key))
        client.force_login(user)
        assert client.get("/admin/blog/post/").status_code == status


def test_where_nobody_must_the_rule_costs_no_query(client, ada, django_assert_num_queries):
    client.force_login(ada)
    client.get("/admin/account/")
    with django_assert_num_queries(6) as queries:
        client.get("/admin/account/of/999/")
    assert not [query for query in queries.captured_queries if "authenticator" in query["sql"]]


def test_administrator_takes_it_away_after_a_lost_phone(client, with_phone):
    phone = Client()
    log_in(phone)
    phone.post(CODE, {"code": code_of(with_phone)})
    client.force_login(make_editor(username="boss"))
    page = f"/admin/account/of/{with_phone.pk}/"
    assert "Is the phone lost?" in client.get(page).text
    assert client.get(f"{page}reset/").status_code == 405
    client.post(f"{page}reset/")
    assert not Authenticator.objects.filter(user=with_phone).exists()
    assert not is_in(phone)
    assert log_in(Client())["Location"] == "/admin/"


def test_nobody_touches_those_who_may_do_more(client, with_phone):
    user = make_user(is_staff=True)
    give_role(user, Role.objects.get(key="administrator"))
    client.force_login(user)
    for path in ("", "reset/", "end/"):
        address = f"/admin/account/of/{with_phone.pk}/{path}"
        response = client.post(address) if path else client.get(address)
        assert response.status_code == 403
    assert Authenticator.objects.filter(user=with_phone).exists()


def test_command_is_the_way_back_for_the_owner(client, with_phone):
    output = StringIO()
    call_command("reset_second_factor", "ada", stdout=output)
    assert output.getvalue() == "“ada” logs in with the password alone now.\n"
    assert log_in(client)["Location"] == "/admin/"
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("reset_second_factor", "nobody")


def test_switching_it_off_asks_who_is_there(client, with_phone, time_machine):
    log_in(client)
    client.post(CODE, {"code": code_of(with_phone)})
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    off = "/admin/account/second-factor/app/deactivate/"
    response = client.post(off)
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert Authenticator.objects.filter(user=with_phone, type="totp").exists()
