"""How pictures stand in pages: in widths and encodings that suit, at no cost in queries."""

from html.parser import HTMLParser

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Template
from django.utils import timezone

from blog import renditions
from blog.models import Image, SiteSettings
from blog.templatetags.posts import stored_html
from tests.factories import make_image, make_post
from tests.pictures import drawn, saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


@pytest.fixture
def image():
    content = ContentFile(saved(drawn((900, 600)), "JPEG"), name="a.jpg")
    made = make_image(file=content, alt='A "road" & more')
    renditions.make(made.pk, now=timezone.now())
    return Image.objects.get(pk=made.pk)


def tag(image, arguments):
    template = Template("{% load pictures %}{% picture image " + arguments + " %}")
    return template.render(Context({"image": image}))


def test_picture_names_each_encoding_and_width(image):
    base = f"/media/{image.folder}/"
    assert tag(image, 'sizes="50vw"') == (
        f'<picture><source type="image/avif" srcset="{base}whole400.1.avif 400w, '
        f'{base}whole900.1.avif 900w" sizes="50vw">'
        f'<source type="image/webp" srcset="{base}whole400.1.webp 400w, '
        f'{base}whole900.1.webp 900w" sizes="50vw">'
        f'<img src="{image.file.url}" width="900" height="600" alt="A &quot;road&quot; &amp; more" '
        'loading="lazy" decoding="async"></picture>'
    )


def test_first_picture_of_a_page_is_loaded_first(image):
    shown = tag(image, 'sizes="50vw" priority=True alt=""')
    assert 'alt="" fetchpriority="high"' in shown
    assert "lazy" not in shown


def test_crop_is_shown_in_its_own_shape(image):
    shown = tag(image, 'sizes="20rem" crop="square"')
    assert f'src="/media/{image.folder}/square400-50-50.1.webp" width="400" height="400"' in shown
    assert "whole" not in shown


@pytest.mark.parametrize("crop", ["", 'crop="wide"'])
def test_picture_of_which_nothing_is_made_yet_is_the_one_file(crop):
    image = make_image(alt="A road")
    assert tag(image, f'sizes="50vw" {crop}') == (
        f'<img src="{image.file.url}" width="4" height="3" alt="A road" '
        'loading="lazy" decoding="async">'
    )


def test_pictures_in_a_text_are_shown_alike(image, django_assert_num_queries):
    markup = f'<figure><img src="{image.file.url}" alt="Own &amp; words" width="1"></figure>' * 9
    with django_assert_num_queries(1):
        shown = stored_html(markup)
    assert shown.count("<picture>") == 9
    assert 'width="900" height="600" alt="Own &amp; words" loading="lazy"' in shown
    assert 'width="1"' not in shown


def test_text_without_pictures_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert stored_html('<p>a <img src="/static/a.png"></p>') == (
            '<p>a <img src="/static/a.png"></p>'
        )


def test_picture_that_was_deleted_leaves_no_gap():
    markup = (
        '<p>a</p><figure><img src="/media/pictures/2026/11/x/full.jpg" alt="x">'
        "<figcaption>Its caption</figcaption></figure><p>b</p>"
    )
    assert stored_html(markup) == "<p>a</p><p>b</p>"


def test_feed_names_the_one_file(image, client):
    make_post(body=f'<p>Text</p><figure><img src="{image.file.url}" alt="x"></figure>', image=image)
    feed = client.get("/feed/").content.decode()
    assert "picture&gt;" not in feed
    assert f"http://testserver{image.file.url}" in feed


@pytest.mark.parametrize("rows", [1, 30])
def test_list_with_pictures_costs_the_same_for_any_number(
    client, rows, image, django_assert_num_queries
):
    SiteSettings.objects.create(posts_per_page=30)
    for _ in range(rows):
        make_post(image=make_image())
    Image.objects.update(made=image.made, width=image.width, height=image.height)
    with django_assert_num_queries(6):
        page = client.get("/").content.decode()
    assert page.count("<picture>") == rows


class Structure(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_no_word_of_a_picture_gets_out_of_its_place(image):
    image.alt = '"><script>alert(1)</script>'
    parser = Structure()
    parser.feed(tag(image, 'sizes="1px"'))
    assert [name for name, _ in parser.seen] == ["picture", "source", "source", "img"]
    assert parser.seen[-1][1]["alt"] == image.alt
