"""A post's whole way: written, handed in, scheduled, public at its minute, corrected, withdrawn."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import Post, Role
from blog.rights import give_role
from tests.factories import make_category, make_image, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk_of(browser, live_server):
    """Return a function that gives somebody with a role a page of their own, logged in."""
    contexts = []

    def sit_down(role, **fields):
        user = make_user(is_staff=True, **fields)
        give_role(user, Role.objects.get(key=role))
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        context.add_cookies([cookie])
        return context.new_page()

    yield sit_down
    for context in contexts:
        context.close()


def choose(page, name, row):
    page.evaluate(
        "([name, pk, text]) => document.querySelector(`#id_${name}`)"
        ".append(new Option(text, pk, true, true))",
        [name, row.pk, str(row)],
    )


def save(page):
    with page.expect_navigation():
        page.click("[name=_continue]")
    page.wait_for_selector(".tiptap")
    assert page.locator(".errornote").count() == 0


PASTED = (
    '<p class="MsoNormal" style="margin:0"><b style="font-weight:normal">The bridge at Kvemo</b> '
    'has <span style="font-weight:700">nine</span> arches.</p><script>alert(1)</script>'
)


@pytest.mark.long
def test_post_goes_its_whole_way(desk_of, live_server, client):
    category = make_category(name="Review")
    picture = make_image(alt="Nine arches")
    contributor = desk_of("contributor", first_name="Cleo")
    contributor.goto(live_server.url + reverse("admin:blog_post_add"))
    contributor.wait_for_selector(".tiptap")
    contributor.fill("#id_title", "On #bridges")
    contributor.locator(".tiptap").click()
    contributor.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "The bridge at Kvemo has nine arches.");
            const options = { clipboardData: data, bubbles: true, cancelable: true };
            const event = new ClipboardEvent("paste", options);
            document.querySelector(".tiptap").dispatchEvent(event);
        }""",
        PASTED,
    )
    choose(contributor, "category", category)
    choose(contributor, "image", picture)
    states = contributor.locator("#id_status option").evaluate_all("all => all.map(o => o.value)")
    assert states == ["draft", "review"]
    contributor.select_option("#id_status", "review")
    contributor.fill("#id_review_note", "Please check the number of arches.")
    save(contributor)
    post = Post.objects.get()
    assert post.body == "<p>The bridge at Kvemo has <strong>nine</strong> arches.</p>"
    assert (post.status, post.image) == ("review", picture)
    assert sorted(post.tags.names()) == ["bridges"]

    editor = desk_of("editor", first_name="Edda")
    editor.goto(f"{live_server.url}/admin/")
    editor.get_by_role("link", name="On #bridges").first.click()
    editor.wait_for_selector(".tiptap")
    assert editor.input_value("#id_review_note") == "Please check the number of arches."
    at = timezone.now() + timedelta(seconds=20)
    editor.select_option("#id_status", "published")
    editor.fill("#id_published_at_0", f"{at:%Y-%m-%d}")
    editor.fill("#id_published_at_1", f"{at:%H:%M:%S}")
    save(editor)
    post.refresh_from_db()
    path = post.get_absolute_url()
    assert client.get(path).status_code == 404

    reader = desk_of("contributor")  # any browser will do
    reader.context.clear_cookies()
    reader.wait_for_timeout(max(0, (at - timezone.now()).total_seconds() * 1000) + 1200)
    reader.goto(live_server.url + path)
    assert reader.inner_text("h1") == "On #bridges"
    assert reader.locator("article img[alt='Nine arches']").count() == 1
    reader.goto(f"{live_server.url}/feed/")
    assert "On #bridges" in client.get("/feed/").content.decode()

    editor.goto(live_server.url + reverse("admin:blog_post_change", args=[post.pk]))
    editor.wait_for_selector(".tiptap")
    editor.get_by_text("Add another Correction").click()
    editor.fill("#id_corrections-0-text", "The bridge has eleven arches, not nine.")
    save(editor)
    for place in (path, "/corrections/"):
        reader.goto(live_server.url + place)
        assert "eleven arches, not nine" in reader.inner_text("main")

    editor.get_by_role("link", name="Withdraw").click()
    editor.get_by_role("button", name="Withdraw it").click()
    editor.wait_for_selector("text=is withdrawn")
    answer = reader.goto(live_server.url + path)
    assert answer.status == 410
    assert "This text was taken down" in reader.inner_text("main")
    reader.goto(live_server.url)
    assert "On #bridges" not in reader.inner_text("body")
