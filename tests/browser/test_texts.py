"""Writing in a real browser: nothing typed is lost, and two editors overwrite nothing."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from blog.models import Page, Post, Writing
from tests.browser.writing import meanwhile
from tests.factories import make_category, make_editor, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(browser, live_server):
    """Return a function that gives somebody a browser of their own in which they are logged in."""
    contexts = []

    def sit_down(user, **options):
        client = Client()
        client.force_login(user)
        context = browser.new_context(**options)
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return context

    yield sit_down
    for context in contexts:
        context.close()


def open_form(context, live_server, path):
    page = context.new_page()
    page.goto(live_server.url + path)
    page.wait_for_selector(".tiptap")
    return page


def change(text):
    return reverse(f"admin:blog_{text._meta.model_name}_change", args=[text.pk])


def write(page, words):
    page.locator(".tiptap").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def wait_until_kept(page):
    page.wait_for_selector("text=Kept at")


def test_what_was_typed_survives_a_crash_of_the_browser(desk, live_server):
    editor = make_editor()
    post = make_post(title="A bridge", body="<p>It stands.</p>")
    first = desk(editor)
    page = open_form(first, live_server, change(post))
    page.fill("#id_title", "A new bridge")
    write(page, " Every word counts.")
    wait_until_kept(page)
    first.close()  # no farewell: nothing more is sent
    page = open_form(desk(editor), live_server, change(post))
    assert page.input_value("#id_title") == "A bridge"
    page.click("text=Take it up")
    page.wait_for_selector(".tiptap")
    assert page.input_value("#id_title") == "A new bridge"
    assert page.inner_text(".tiptap") == "It stands. Every word counts."
    page.click("[name=_save]")
    page.wait_for_url(re.compile("/admin/blog/post/$"))
    assert Post.objects.get().title == "A new bridge"
    page = open_form(desk(editor), live_server, change(post))
    assert page.locator(".writing-unsaved").count() == 0


def test_no_keystroke_is_lost_when_the_page_goes_at_once(desk, live_server):
    context = desk(make_editor())
    page = open_form(context, live_server, reverse("admin:blog_page_add"))
    cookies = context.cookies()
    context.clear_cookies()  # the site takes nothing, not even what a closing page still sends
    page.fill("#id_title", "About us")
    page.locator("#id_title").press("End")
    page.keyboard.type("!")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close(run_before_unload=False)
    context.add_cookies(cookies)
    assert not meanwhile(Writing.objects.exclude(form={}).exists)
    page = open_form(context, live_server, reverse("admin:blog_page_add"))
    page.wait_for_selector("text=you began “About us!”")
    page.click("text=Take it up")
    page.wait_for_selector(".tiptap")
    assert page.input_value("#id_title") == "About us!"
    page.click("[name=_save]")
    page.wait_for_url(re.compile("/admin/blog/page/$"))
    assert Page.objects.get().title == "About us!"
    page = open_form(context, live_server, reverse("admin:blog_page_add"))
    page.wait_for_load_state("networkidle")
    assert page.locator(".writing-unsaved").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('writing:'))") == []


def test_what_was_on_its_way_when_the_text_was_saved_is_not_offered_again(desk, live_server):
    post = make_post(title="The bridge")
    page = open_form(desk(make_editor()), live_server, change(post))
    held = []

    def hold(route):
        held.append(route)

    page.route("**/writing/**?typed", hold)
    write(page, " It stands.")
    while not held:
        page.wait_for_timeout(50)
    late = held[0].request
    with page.expect_navigation():
        page.click("[name=_continue]")
    assert "It stands." in Post.objects.get().body
    answer = page.request.post(late.url, data=late.post_data_buffer, headers=late.headers)
    assert answer.status == 200
    page.reload()
    assert page.locator(".writing-unsaved").count() == 0


def test_leaving_with_unsaved_words_is_asked_about_and_leaving_without_is_not(desk, live_server):
    page = open_form(desk(make_editor()), live_server, change(make_post()))
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.wait_for_load_state("networkidle")
    page.goto(f"{live_server.url}/admin/")
    assert asked == []
    page.go_back()
    page.wait_for_selector(".tiptap")
    write(page, "More.")
    page.click("#site-name a", no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert "/change/" in page.url


def test_two_editors_see_each_other_and_nothing_is_overwritten(desk, live_server):
    post = make_post(title="The bridge", body="<p>It stands.</p>")
    ada, ben = make_editor(first_name="Ada"), make_editor(first_name="Ben")
    hers = open_form(desk(ada), live_server, change(post))
    hers.wait_for_load_state("networkidle")
    his = open_form(desk(ben), live_server, change(post))
    his.wait_for_selector("text=Here too: Ada")
    his.fill("#id_title", "The old bridge")
    with his.expect_navigation():
        his.click("[name=_continue]")
    write(hers, " For ever.")
    hers.wait_for_selector("text=Somebody has saved this text since you opened it")
    hers.click("[name=_save]")
    hers.wait_for_selector("text=Their text and yours")
    assert "For ever" in hers.inner_text(".stale ins")
    assert "old" in hers.inner_text(".stale")
    assert Post.objects.get().body == "<p>It stands.</p>"
    hers.fill("#id_title", "The old bridge")
    hers.click("[name=_save]")
    hers.wait_for_url(re.compile("/admin/blog/post/$"))
    saved = Post.objects.get()
    assert (saved.title, saved.body) == ("The old bridge", "<p>It stands. For ever.</p>")
    assert saved.version == 2


def test_ended_login_loses_nothing_and_a_new_one_goes_on(desk, live_server):
    editor = make_editor(username="ada", password="a-long-password")
    context = desk(editor)
    post = make_post(title="A bridge")
    page = open_form(context, live_server, change(post))
    page.wait_for_load_state("networkidle")
    context.clear_cookies()
    page.fill("#id_title", "Typed after the end")
    page.wait_for_selector("text=your login has ended")
    login = context.new_page()
    login.goto(f"{live_server.url}/admin/login/")
    login.fill("#id_username", "ada")
    login.fill("#id_password", "a-long-password")
    login.click("[type=submit]")
    login.wait_for_selector("#content-main")
    page.fill("#id_title", "Typed after the end, and on")
    page.wait_for_selector("text=Kept at")
    page.click("[name=_save]")
    page.wait_for_url(re.compile("/admin/blog/post/$"))
    assert Post.objects.get().title == "Typed after the end, and on"


def test_category_is_kept_and_comes_back(desk, live_server):
    category = make_category(name="Review")
    editor = make_editor()
    page = open_form(desk(editor), live_server, reverse("admin:blog_post_add"))
    page.fill("#id_title", "Begun")
    page.evaluate(
        "pk => document.querySelector('#id_category').append(new Option('Review', pk, true, true))",
        category.pk,
    )
    wait_until_kept(page)
    page.wait_for_timeout(2500)
    page = open_form(desk(editor), live_server, reverse("admin:blog_post_add"))
    page.click("text=Take it up")
    page.wait_for_selector(".tiptap")
    assert page.locator("#id_category option:checked").inner_text() == "Review"
