"""Logging in with a browser, by keyboard alone: set up a second factor, use it, lose the phone."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse
from django.utils import timezone

from blog.models import SiteSettings
from tests.factories import make_editor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-password"


def type_login(page, password=PASSWORD):
    """Type name and password where the page puts the cursor."""
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def code_for(secret, *, later=0):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + later))


def set_up(page):
    """Set up a second factor where the site asks for one; return its secret and the codes."""
    assert "Type your password once more" in page.content()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("img[src^='data:image/svg+xml']")
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.locator("#content").inner_text())[0]
    page.locator("[name=code]").focus()
    page.keyboard.type(code_for(secret))
    page.keyboard.press("Enter")
    page.wait_for_selector("li code")
    return secret, page.locator("li code").all_inner_texts()


def test_wrong_password_is_told_in_a_sentence_and_the_right_one_leads_on(open_page):
    make_editor(username="ada", password=PASSWORD)
    wanted = reverse("admin:blog_post_changelist")
    page = open_page(wanted)
    type_login(page, "wrong")
    alert = page.locator("[role=alert], .errornote")
    assert alert.inner_text().strip() == "The name or the password is not right."
    assert page.locator("#id_username").input_value() == "ada"
    page.locator("#id_password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")
    assert page.complaints == []


def test_required_second_factor_is_set_up_and_asked_for_at_the_next_login(open_page):
    make_editor(username="ada", password=PASSWORD)
    SiteSettings(second_factor="editors").save()
    page = open_page("/admin/")
    type_login(page)
    secret, codes = set_up(page)
    assert len(codes) == len(set(codes)) == 10
    page.goto(page.url.partition("/admin/")[0] + "/admin/")
    assert page.locator("#user-tools").is_visible()

    other = open_page("/admin/")
    type_login(other)
    other.keyboard.type("000000")
    with other.expect_navigation():
        other.keyboard.press("Enter")
    assert "Incorrect code" in other.locator("#content").inner_text()
    other.locator("[name=code]").fill(code_for(secret, later=1))
    other.keyboard.press("Enter")
    other.wait_for_selector("#user-tools")

    without_phone = open_page("/admin/")
    type_login(without_phone)
    without_phone.keyboard.type(codes[0])
    without_phone.keyboard.press("Enter")
    without_phone.wait_for_selector("#user-tools")
    without_phone.goto(without_phone.url.partition("/admin/")[0] + "/admin/account/")
    assert "9 recovery codes are left." in without_phone.content()

    with without_phone.expect_navigation():
        without_phone.get_by_role("button", name="End all others").click()
    for ended in (page, other):
        ended.reload()
        assert ended.locator("#id_username").is_visible()
    assert [page.complaints, other.complaints, without_phone.complaints] == [[], [], []]


@pytest.mark.parametrize("width", [360, 1440])
def test_login_fits_the_screen_and_says_where_one_is(open_page, width):
    SiteSettings(title="The Review").save()
    page = open_page("/admin/login/", width=width)
    assert "The Review" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.activeElement.id") == "id_username"
