"""The library of pictures in an editor's browser."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from blog.models import Image, Post
from tests.factories import make_editor, make_image, make_post
from tests.pictures import drawn, gif, saved

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media_folder"),
]

PASSWORD = "a-long-password"
LIBRARY = "/admin/blog/image/"


@pytest.fixture
def newsroom(open_page):
    """Return a function that opens a page of the admin as a logged-in editor."""
    make_editor(username="editor", password=PASSWORD)

    def open_as_editor(path, **options):
        page = open_page(f"/admin/login/?next={path}", **options)
        page.fill("#id_username", "editor")
        page.fill("#id_password", PASSWORD)
        with page.expect_navigation():
            page.click("[type=submit]")
        return page

    return open_as_editor


def sent(name, content):
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def photograph(number):
    return saved(drawn((640, 400 + number)), "JPEG")


def jpegs(count):
    return [sent(f"picture {number}.jpg", photograph(number)) for number in range(count)]


def without_refusals(page):
    """The complaints but the browser's own note of an answer that is a refusal."""
    return [line for line in page.complaints if "400 (Bad Request)" not in line]


def test_twenty_files_at_once_with_two_bad_ones(newsroom):
    page = newsroom(LIBRARY)
    page.evaluate(
        """() => {
          window.parts = [];
          new MutationObserver(() => {
            for (const bar of document.querySelectorAll("progress")) window.parts.push(bar.value);
          }).observe(document.body, {subtree: true, attributes: true, childList: true});
        }"""
    )
    good = jpegs(18)
    bad = [
        sent("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
        sent("half.jpg", photograph(50)[:-2000]),
    ]
    page.set_input_files("#image-page input[type=file]", [*good[:9], *bad, *good[9:]])
    page.get_by_text("20 of 20 done").wait_for()
    refusals = page.locator(".is-refused .image-upload-state").all_inner_texts()
    assert [text.removeprefix("✕ ") for text in refusals] == [
        "“drawing.svg” is an SVG drawing, which may hold scripts. Export it as PNG and send that.",
        (
            "“half.jpg” is damaged or not complete. Open it on your own machine, save it anew and "
            "try again."
        ),
    ]
    assert Image.objects.count() == 18
    assert page.evaluate("window.parts.some((part) => part > 0)")
    fields = page.locator("#image-page textarea")
    assert fields.count() == 18
    for number in range(18):
        fields.nth(number).fill(f"What is on picture {number}")
    page.get_by_role("button", name="Save and show them").click()
    page.locator(".image-library-grid").wait_for()
    assert page.locator(".image-card").count() == 18
    assert page.get_by_text("No alternative text").count() == 0
    assert Image.objects.exclude(alt="").count() == 18
    assert without_refusals(page) == []


def test_files_are_dropped_on_the_library(newsroom):
    page = newsroom(LIBRARY)
    data = page.evaluate_handle(
        """async (bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "dropped.jpg", {type: "image/jpeg"}));
          return data;
        }""",
        list(photograph(1)),
    )
    page.dispatch_event("#image-page .image-drop", "drop", {"dataTransfer": data})
    page.get_by_text("1 of 1 done").wait_for()
    assert Image.objects.get().name == "dropped.jpg"
    assert page.complaints == []


def test_lead_picture_is_chosen_by_keyboard_alone(newsroom):
    make_image(file=ContentFile(photograph(1), name="1.jpg"), alt="A road")
    wanted = make_image(file=ContentFile(photograph(2), name="2.jpg"), alt="")
    make_image(file=ContentFile(photograph(3), name="3.jpg"), alt="A hill")
    post = make_post()
    page = newsroom(reverse("admin:blog_post_change", args=[post.pk]))
    page.locator("[data-do=choose]").focus()
    page.keyboard.press("Enter")
    page.locator("#image-dialog .image-grid button").nth(2).wait_for()
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    page.locator("#image-dialog").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.do") == "choose"
    page.keyboard.press("Enter")
    page.keyboard.type("2.jpg")
    page.locator("#image-dialog .image-grid li:only-child").wait_for()
    for _ in range(2):  # past the button for uploads
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "alt"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # refused: it says nothing to those who do not see it
    assert page.locator("#image-dialog").is_visible()
    page.keyboard.type("A bridge")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#image-dialog").wait_for(state="hidden")
    assert page.locator(".image-field-name").inner_text() == "A bridge"
    with page.expect_navigation():
        page.click("[name=_save]")
    assert Post.objects.get().image == wanted
    assert Image.objects.get(pk=wanted.pk).alt == "A bridge"
    assert page.complaints == []


def test_focus_is_set_by_a_click_and_by_its_numbers(newsroom):
    image = make_image(file=ContentFile(photograph(1), name="1.jpg"))
    page = newsroom(reverse("admin:blog_image_change", args=[image.pk]))
    box = page.locator(".image-focus img").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    assert page.input_value("#id_focus_x") == "25"
    assert page.input_value("#id_focus_y") == "75"
    page.fill("#id_focus_y", "100")
    place = page.locator(".image-crop-square img").evaluate("image => image.style.objectPosition")
    assert place == "0% 50%"
    assert page.locator(".image-focus-mark").evaluate("mark => mark.style.top") == "100%"
    with page.expect_navigation():
        page.click("[name=_save]")
    image.refresh_from_db()
    assert [*image.focus] == [25, 100]
    assert image.made["focus"] == [25, 100]
    assert page.complaints == []


@pytest.mark.parametrize(
    "hostile",
    [
        gif(frames=2, size=(30, 20)) + b"<html><script>document.title='run'</script>",
        gif(frames=1, size=(30, 20)) + b"<html><script>document.title='run'</script>",
        saved(drawn(), "PNG") + b"<html><script>document.title='run'</script>",
        saved(drawn(), "JPEG", comment=b"<html><script>document.title='run'</script>"),
    ],
    ids=["animation", "gif", "png", "jpeg"],
)
def test_nothing_runs_where_a_picture_is_opened(open_page, hostile):
    image = make_image(file=ContentFile(hostile, name="a.html"))
    page = open_page(image.file.url)
    assert page.title() != "run"
    assert page.locator("img").count() == 1
    assert page.evaluate("document.images[0].naturalWidth") > 0
    assert page.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_library_fits_every_screen(newsroom, width, scheme):
    for number in range(3):
        make_image(file=ContentFile(photograph(number), name="1.jpg"), alt="A road " * number)
    page = newsroom(LIBRARY, width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(page.url.replace("/image/", f"/image/{Image.objects.first().pk}/change/"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


def test_reader_gets_the_small_and_modern_file(open_page):
    image = make_image(file=ContentFile(photograph(1), name="1.jpg"), alt="A road")
    make_post(image=image, title="With a picture", body=f'<p><img src="{image.file.url}"></p>')
    page = open_page(Post.objects.get().get_absolute_url(), width=360)
    shown = page.locator("article picture img")
    assert shown.count() == 2
    for number in range(2):
        shown.nth(number).scroll_into_view_if_needed()
        page.wait_for_function("n => document.images[n].complete", arg=number)
        source = shown.nth(number).evaluate("image => image.currentSrc")
        assert source.endswith("/whole400.1.avif")
        box = shown.nth(number).evaluate("image => [image.width, image.height]")
        assert abs(box[0] / box[1] - image.width / image.height) < 0.02
    assert page.complaints == []


def test_picture_is_put_into_a_text_from_the_library(newsroom):
    image = make_image(file=ContentFile(photograph(1), name="1.jpg"), alt="A road", credit="Ada")
    post = make_post(body="<p>Before.</p>")
    page = newsroom(reverse("admin:blog_post_change", args=[post.pk]))
    page.locator(".tiptap").click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Picture", exact=True).click()
    page.locator("#image-dialog .image-grid button").click()
    page.locator("#image-dialog").get_by_role("button", name="Insert").click()
    page.locator(".tiptap figure img").wait_for()
    with page.expect_navigation():
        page.click("[name=_save]")
    post.refresh_from_db()
    assert f'<img src="{image.file.url}" alt="A road"' in post.body
    assert [use.image for use in post.pictures.all()] == [image]
    assert page.complaints == []


def test_pasted_picture_is_taken_in_and_asks_what_it_shows(newsroom):
    post = make_post(body="<p>Before.</p>")
    page = newsroom(reverse("admin:blog_post_change", args=[post.pk]))
    page.locator(".tiptap").click()
    page.evaluate(
        """(bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "pasted.jpg", {type: "image/jpeg"}));
          const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
          document.querySelector(".tiptap").dispatchEvent(paste);
        }""",
        list(photograph(1)),
    )
    page.locator("#image-dialog textarea:visible").fill("A road")
    page.locator("#image-dialog").get_by_role("button", name="Insert").click()
    page.locator(".tiptap figure img").wait_for()
    with page.expect_navigation():
        page.click("[name=_save]")
    image = Image.objects.get()
    post.refresh_from_db()
    assert (image.alt, image.name) == ("A road", "pasted.jpg")
    assert f'<img src="{image.file.url}" alt="A road"' in post.body
    assert page.complaints == []
