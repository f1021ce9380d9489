"""Logging in: who gets in, the brake on guessing, second factors, sessions, new passwords."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.auth.hashers import get_hashers
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from blog.models import LoginFailure, Role, SiteSettings, User
from blog.rights import give_role
from tests.factories import make_editor, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password"
LOGIN = "/admin/login/"
ACTIVATE = "/admin/account/second-factor/app/activate/"
CODE = "/admin/account/second-factor/authenticate/"


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada():
    return make_editor(username="ada", password=PASSWORD, email="ada@example.org")


def log_in(client, name="ada", password=PASSWORD, *, address="192.0.2.1", to=""):
    body = {"login": name, "password": password}
    return client.post(f"{LOGIN}?next={to}" if to else LOGIN, body, REMOTE_ADDR=address)


def is_in(client):
    return client.get("/admin/").status_code == 200


def words(response):
    return re.sub(r"<input[^>]*>", "", response.content.decode())


# --- Name and password ----------------------------------------------------------------------------


def test_right_password_opens_the_newsroom_and_changes_the_key(client, ada):
    client.get(LOGIN)
    client.session["x"] = 1
    session = client.session
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    response = log_in(client)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert is_in(client)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize(
    ("to", "leads_to"),
    [
        ("/admin/blog/post/", "/admin/blog/post/"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
    ],
)
def test_login_leads_on_within_the_site_only(client, ada, to, leads_to):
    assert log_in(client, to=to)["Location"] == leads_to


def test_answer_is_the_same_for_a_wrong_name_a_wrong_password_and_who_may_not_enter(client, ada):
    make_user(username="reader", password=PASSWORD)
    make_editor(username="gone", password=PASSWORD, is_active=False)
    answers = [
        log_in(client, *pair)
        for pair in [
            ("ada", "wrong"),
            ("nobody", "wrong"),
            ("reader", PASSWORD),
            ("gone", PASSWORD),
        ]
    ]
    assert {answer.status_code for answer in answers} == {200}
    shown = {re.sub(r'value="\w+"|nonce="[^"]*"', "", words(answer)) for answer in answers}
    assert len(shown) == 1
    assert "The name or the password is not right." in shown.pop()
    assert not is_in(client)


def test_unknown_name_costs_as_much_hashing_as_a_known_one(client, ada, monkeypatch):
    calls = []
    hasher = type(get_hashers()[0])
    original = hasher.encode

    def counted(self, *args, **kwargs):
        calls.append(1)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(hasher, "encode", counted)
    log_in(client, "ada", "wrong")
    known = len(calls)
    calls.clear()
    log_in(client, "nobody", "wrong")
    assert len(calls) == known > 0


def test_login_needs_a_token(ada):
    client = Client(enforce_csrf_checks=True)
    assert log_in(client).status_code == 403


def test_account_that_lost_its_right_meets_the_login_and_no_loop(client, ada):
    log_in(client)
    User.objects.update(is_staff=False)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert "who has no place in the newsroom" in response.text
    response = client.post("/admin/account/logout/", {"next": LOGIN}, follow=True)
    assert 'id="login-form"' in response.text


def test_readers_get_no_cookie_and_no_sign_up(client):
    for path in ("/", "/feed/", "/subscribe/"):
        response = client.get(path)
        assert client.cookies == {}
        assert "Cookie" not in response.get("Vary", "")
    assert client.get("/admin/account/signup/")["Location"].startswith(LOGIN)
    assert client.get("/accounts/login/").status_code == 404


# --- The brake ------------------------------------------------------------------------------------


def test_tenth_wrong_password_is_the_last_for_a_quarter_of_an_hour(client, ada, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    for _ in range(10):
        assert "is not right" in log_in(client, password="wrong").text
    refused = log_in(client)
    assert "There were too many tries. You may try again at" in refused.text
    assert not is_in(client)
    time_machine.move_to(now + timedelta(minutes=15, seconds=1), tick=False)
    assert log_in(client).status_code == 302


def test_unknown_names_are_braked_alike(client):
    for _ in range(10):
        log_in(client, "nobody", "wrong")
    assert "too many tries" in log_in(client, "nobody", "wrong").text


def test_other_addresses_do_not_keep_the_owner_out_of_a_known_browser(client, ada):
    log_in(client)
    client.post("/admin/logout/")
    for number in range(40):
        log_in(Client(), password="wrong", address=f"198.51.100.{number}")
    assert "too many tries" in log_in(Client(), address="203.0.113.9").text
    assert log_in(client).status_code == 302


def test_known_browser_has_ten_tries_of_its_own_and_is_known_for_its_owner_only(client, ada):
    make_editor(username="ben", password=PASSWORD)
    log_in(client)
    client.post("/admin/logout/")
    for _ in range(10):
        log_in(client, password="wrong")
    assert "too many tries" in log_in(client).text
    for number in range(40):
        log_in(Client(), "ben", "wrong", address=f"198.51.100.{number}")
    assert "too many tries" in log_in(client, "ben").text


def test_forged_memory_of_a_browser_is_none(client, ada):
    client.cookies["known_browser"] = "WyJ4IiwiYWRhIl0:1:x"
    for _ in range(10):
        log_in(client, password="wrong")
    client.cookies["known_browser"] = "another"
    assert "too many tries" in log_in(client).text


def test_one_address_is_braked_over_all_names(client, ada):
    for number in range(50):
        log_in(client, f"name{number}", "wrong")
    assert "too many tries" in log_in(client).text
    assert log_in(client, address="192.0.2.2").status_code == 302


def test_good_logins_do_not_make_room_for_guesses(client, ada):
    make_editor(username="mallory", password=PASSWORD)
    for _ in range(10):
        log_in(client, password="wrong")
        assert log_in(Client(), "mallory").status_code == 302
    assert "too many tries" in log_in(client).text


def test_header_of_a_proxy_is_believed_only_where_there_is_one(client, ada, settings):
    for number in range(10):
        client.post(
            LOGIN,
            {"login": "ada", "password": "wrong"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
    assert set(LoginFailure.objects.values_list("address", flat=True)) == {"127.0.0.1"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client.post(
        LOGIN,
        {"login": "ada", "password": "wrong"},
        headers={"x-forwarded-for": "10.0.0.1, 203.0.113.77"},
    )
    assert LoginFailure.objects.filter(address="203.0.113.77").count() == 1
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    client.post(
        LOGIN, {"login": "eve", "password": "x"}, headers={"x-forwarded-for": "203.0.113.78"}
    )
    assert not LoginFailure.objects.filter(address="203.0.113.78").exists()


def test_what_is_typed_as_a_name_is_nowhere_kept_in_the_clear(client):
    log_in(client, "my-secret-password", "x")
    assert "my-secret-password" not in str(list(LoginFailure.objects.values()))


# --- The second factor ----------------------------------------------------------------------------


def code_of(user, *, ago=0):
    secret = Authenticator.objects.get(user=user, type="totp").wrap().instance.data["secret"]
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 - ago))


@pytest.fixture
def with_phone(ada):
    TOTP.activate(ada, generate_totp_secret())
    return ada


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


# --- Sessions -------------------------------------------------------------------------------------


def test_logins_are_listed_and_ended_one_by_one(client, ada):
    log_in(client, address="192.0.2.1")
    phone, tablet = Client(headers={"user-agent": "Phone"}), Client()
    for other in (phone, tablet):
        log_in(other, address="192.0.2.7")
    page = client.get("/admin/account/")
    assert "Phone" in page.text
    assert "192.0.2.7" in page.text
    row = UserSession.objects.get(session_key=phone.session.session_key)
    assert client.get(f"/admin/account/end/{row.pk}/").status_code == 405
    client.post(f"/admin/account/end/{row.pk}/")
    assert (is_in(phone), is_in(tablet), is_in(client)) == (False, True, True)
    client.post("/admin/account/end/")
    assert (is_in(tablet), is_in(client)) == (False, True)


def test_nobody_ends_anothers_login(client, ada):
    other = Client()
    log_in(other)
    client.force_login(make_editor(username="ben"))
    row = UserSession.objects.get(session_key=other.session.session_key)
    assert client.post(f"/admin/account/end/{row.pk}/").status_code == 404
    client.post("/admin/account/end/")
    assert is_in(other)


def test_new_password_ends_the_other_logins(client, ada):
    other = Client()
    log_in(client)
    log_in(other)
    body = {"old_password": PASSWORD, "new_password1": "qz-7-other", "new_password2": "qz-7-other"}
    assert client.post("/admin/password_change/", body).status_code == 302
    assert (is_in(client), is_in(other)) == (True, False)
    weak = {"old_password": "qz-7-other", "new_password1": "12345678", "new_password2": "12345678"}
    assert "This password is entirely numeric." in client.post("/admin/password_change/", weak).text


def test_visits_are_noted_every_few_minutes_only(client, ada, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    log_in(client)
    seen = []
    for minutes in (1, 4, 6):
        time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
        client.get("/admin/account/")
        seen.append(UserSession.objects.get().last_seen_at - now)
    assert seen == [timedelta(0), timedelta(0), timedelta(minutes=6)]


def test_logging_out_is_a_post(client, ada):
    log_in(client)
    assert client.get("/admin/logout/").status_code == 405
    assert is_in(client)
    client.post("/admin/logout/")
    assert not is_in(client)


# --- A new password by mail -----------------------------------------------------------------------


def ask(client, email):
    return client.post("/admin/password_reset/", {"email": email}, headers={"host": "localhost"})


def test_new_password_comes_by_mail_with_a_link_to_our_own_address(client, ada, settings):
    settings.SITE_URL = "https://review.example"
    answer = ask(client, "ada@example.org")
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "A new password for The News And Times Review"
    path = re.search(r"https://review\.example(/admin/password_reset/\S+)", message.body)[1]
    assert "localhost" not in message.body
    form = client.get(path, follow=True)
    body = {"new_password1": "qz-7-other", "new_password2": "qz-7-other"}
    assert client.post(form.redirect_chain[-1][0], body).status_code == 302
    assert log_in(Client(), password="qz-7-other").status_code == 302
    assert "new_password1" not in client.get(path, follow=True).text
    nobody = ask(client, "nobody@example.org")
    assert (nobody.status_code, nobody["Location"]) == (answer.status_code, answer["Location"])
    assert len(mail.outbox) == 1


def test_address_is_mailed_three_times_an_hour_at_most(client, ada):
    for _ in range(5):
        ask(client, "ada@example.org")
    assert len(mail.outbox) == 3
