"""What is taken in as a picture, what of it becomes public, and what is refused."""

import struct
import tracemalloc
import zlib
from io import BytesIO

import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

from blog.pictures import encoding, plan, reading
from blog.pictures.errors import (
    DamagedError,
    DrawingError,
    NotAPictureError,
    PictureError,
    TooLargeError,
    TooLongError,
    TooManyPixelsError,
)
from tests.pictures import drawn, gif, png_of_size, saved


def read(content, name="a.jpg"):
    return reading.read(BytesIO(content), name=name)


@pytest.mark.parametrize(
    ("kind", "extension"),
    [
        ("JPEG", "jpg"),
        ("PNG", "png"),
        ("GIF", "png"),
        ("WEBP", "jpg"),
        ("AVIF", "jpg"),
        ("HEIF", "jpg"),
    ],
)
def test_every_kind_is_read_whatever_its_name_says(kind, extension):
    picture = read(saved(drawn(), kind), name="picture.exe")
    content, given = encoding.published(picture)
    assert (picture.format, picture.still.size, given) == (kind, (600, 400), extension)
    assert PillowImage.open(BytesIO(content)).size == (600, 400)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<!doctype html><script>alert(1)</script>", NotAPictureError),
        (b'<?xml version="1.0"?><svg xmlns="x"><script>alert(1)</script></svg>', DrawingError),
        (b"PK\x03\x04" + b"\0" * 60, NotAPictureError),
        (b"MZ" + b"\0" * 300, NotAPictureError),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NotAPictureError),
        (b"BLP2" + b"\1\0\0\0" + b"\0" * 276, NotAPictureError),
        (b"", NotAPictureError),
        (saved(drawn(), "TIFF"), NotAPictureError),
        (saved(drawn(), "BMP"), NotAPictureError),
        (b"\x89PNG\r\n\x1a\n", DamagedError),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(content, error):
    with pytest.raises(error) as caught:
        read(content, name="../../etc/Holiday\x00\n.jpg")
    assert str(caught.value).startswith("“Holiday .jpg” ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_truncated_files_are_refused(kind, part):
    content = saved(drawn(), kind)
    with pytest.raises(PictureError, match=r"“a\.jpg” is (damaged|not a picture)"):
        read(content[: int(len(content) * part)])


def test_bomb_is_refused_by_its_header_alone():
    bomb = png_of_size(60_000, 60_000)
    tracemalloc.start()
    with pytest.raises(TooManyPixelsError, match="at most 36 million"):
        read(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("size", [(7000, 6000), (12_000, 9000), (20_000, 20_000)])
def test_bomb_that_can_be_decoded_is_refused(size):
    with pytest.raises(TooManyPixelsError):
        read(png_of_size(*size))


def test_progressive_jpeg_may_have_fewer_pixels_than_a_cameras():
    flat = PillowImage.new("L", (5500, 5000))
    assert read(saved(flat, "JPEG")).still.size == (2400, 2182)
    with pytest.raises(TooManyPixelsError, match="at most 24 million"):
        read(saved(flat, "JPEG", progressive=True))


def test_file_beyond_the_limit_is_not_read():
    with pytest.raises(TooLargeError, match=r"“a\.jpg” is too large: at most 25.0.MB\. Save it"):
        read(b"\xff\xd8\xff" + b"\0" * reading.MAX_BYTES)


def test_animation_without_end_is_refused():
    with pytest.raises(TooLongError):
        read(gif(frames=reading.MAX_FRAMES + 1, size=(2, 2)))


def test_text_chunk_that_unpacks_without_end_is_refused():
    text = b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000, 9)
    with pytest.raises(PictureError):
        read(png_of_size(4, 4, chunks=[(b"zTXt", text)]))


def test_where_it_was_taken_is_not_published_and_it_stands_upright():
    exif = PillowImage.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "Maker of cameras"
    exif.get_ifd(0x8825)[2] = (50.0, 27.0, 0.0)
    picture = drawn()
    picture.putpixel((0, 0), (255, 0, 0))
    content = saved(picture, "JPEG", exif=exif, comment=b"secret", quality=95, subsampling=0)
    assert b"Maker of cameras" in content
    published, extension = encoding.published(read(content))
    shown = PillowImage.open(BytesIO(published))
    assert (extension, shown.size, dict(shown.getexif())) == ("jpg", (400, 600), {})
    for trace in (b"Maker", b"secret", b"Exif", b"GPS"):
        assert trace not in published


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_the_metadata_is_published(kind):
    exif = PillowImage.Exif()
    exif[0x010F] = "Maker of cameras"
    content = saved(drawn(), kind, exif=exif, xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
    assert b"Maker" in content
    picture = read(content)
    for rendition in plan.renditions_of(picture.still.size, extension="jpg"):
        made = encoding.render(picture.still, rendition, plan.Focus())
        assert b"secret" not in made
        assert b"Maker" not in made
    assert b"secret" not in encoding.published(picture)[0]


def test_colours_of_a_wide_profile_stay_what_they_were():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    # A profile that swaps nothing is applied without a trace; a broken one is ignored.
    flat = PillowImage.new("RGB", (8, 8), (200, 30, 60))
    for profile in (lab.tobytes(), b"not a profile"):
        picture = read(saved(flat, "PNG", icc_profile=profile))
        pixel = picture.still.getpixel((4, 4))
        assert all(abs(a - b) <= 1 for a, b in zip(pixel, (200, 30, 60), strict=True))
        assert "icc_profile" not in PillowImage.open(BytesIO(encoding.published(picture)[0])).info


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("L", 128, (128, 128, 128)),
        ("P", 0, (0, 0, 0)),
        ("1", 255, (255, 255, 255)),
        ("I;16", 32_896, (128, 128, 128)),
        ("LA", (128, 255), (128, 128, 128)),
        ("RGBA", (1, 2, 3, 255), (1, 2, 3)),
    ],
)
def test_every_mode_of_a_png_becomes_colours(mode, colour, expected):
    picture = read(saved(PillowImage.new(mode, (8, 8), colour), "PNG"))
    assert picture.still.getpixel((2, 2))[:3] == expected


def test_printers_colours_become_those_of_a_screen():
    picture = read(saved(PillowImage.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = picture.still.getpixel((2, 2))
    assert red > 200
    assert green < 60
    assert blue < 60


def test_transparency_stays():
    clear = PillowImage.new("RGBA", (600, 400), (10, 20, 30, 0))
    content, extension = encoding.published(read(saved(clear, "WEBP")))
    assert extension == "png"
    assert PillowImage.open(BytesIO(content)).getpixel((3, 3))[3] == 0


def test_photograph_in_a_png_is_published_as_jpeg():
    noise = PillowImage.effect_noise((1600, 1200), 90).convert("RGB")
    assert encoding.published(read(saved(noise, "PNG")))[1] == "jpg"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animation_moves_and_carries_nothing_else(kind):
    frames = [PillowImage.new("RGB", (60, 40), (n * 60, 0, 0)) for n in range(4)]
    options = {"comment": b"<script>secret</script>"} if kind == "GIF" else {"exif": _exif()}
    content = saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    assert b"secret" in content
    picture = read(content + b"<script>trailing</script>PK\x03\x04")
    published, extension = encoding.published(picture)
    shown = PillowImage.open(BytesIO(published))
    assert (extension, shown.n_frames, shown.size) == (kind.lower(), 4, (60, 40))
    for number in range(4):
        shown.seek(number)
        red = shown.convert("RGB").getpixel((5, 5))[0]
        assert abs(red - number * 60) < 12
    for trace in (b"secret", b"trailing", b"PK\x03\x04"):
        assert trace not in published


def test_animated_gif_has_a_smaller_twin_that_moves():
    picture = read(gif(frames=3, size=(500, 300)))
    (whole, *crops) = plan.renditions_of((500, 300), extension="gif", is_animated=True)
    assert (whole.encoding, whole.width, whole.height) == ("webp", 500, 300)
    assert {crop.shape.name for crop in crops} == {"wide", "square"}
    assert PillowImage.open(BytesIO(encoding.render_animation(picture.animation))).n_frames == 3


def _exif():
    exif = PillowImage.Exif()
    exif[0x010E] = "secret"
    return exif


def test_structure_that_lies_about_its_length_is_refused():
    content = bytearray(gif(frames=2, size=(4, 4)))
    del content[-20:]
    with pytest.raises(PictureError):
        read(bytes(content))
    assert struct.unpack("<H", content[6:8]) == (4,)
