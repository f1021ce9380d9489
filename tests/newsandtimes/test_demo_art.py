"""The demo's pictures."""

from io import BytesIO

import pytest
from PIL import Image

from newsandtimes.demo import art, content


def test_every_picture_has_words_and_every_word_a_picture():
    assert sorted(art.SCENES) == sorted(content.pictures())


def test_every_picture_that_a_post_asks_for_is_drawn():
    asked = {post.picture for post in content.posts()} - {""}
    asked |= {name for post in content.posts() for name in content.PICTURE.findall(post.body)}

    assert asked == set(art.SCENES)


@pytest.mark.parametrize("scene", sorted(art.SCENES))
def test_picture_is_the_same_jpeg_each_time(scene):
    first = art.drawn(scene)

    picture = Image.open(BytesIO(first))
    assert (picture.format, picture.size) == ("JPEG", (1600, 1000))
    assert len(first) < 320_000
    assert len(picture.getcolors(maxcolors=1_600_000)) > 5_000  # an empty canvas has one
    assert art.jpeg(art.SCENES[scene]()) == first
