"""What is made of a picture: once, resumably, and for pictures of former times too."""

import os
import signal
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image as PillowImage

from blog import renditions, tasks
from blog.models import Image
from blog.pictures import files, plan
from tests.factories import make_image
from tests.pictures import drawn, fetched, gif, saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


def picture_file(size=(900, 600), kind="JPEG", **options):
    return ContentFile(saved(drawn(size), kind, **options), name="a.jpg")


def old_image(content, name="images/2025/03/abcd.jpg", **fields):
    """A picture as it was stored before its metadata was taken off."""
    default_storage.save(name, ContentFile(content))
    return Image.objects.create(file=name, alt="Old", **fields)


def with_metadata(size=(900, 600)):
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker of cameras"
    return saved(drawn(size), "JPEG", exif=exif)


def made_of(image):
    image.refresh_from_db()
    return image.made


def names_of(image):
    return sorted(default_storage.listdir(image.folder)[1])


def test_renditions_are_made_in_every_width_up_to_the_pictures_own():
    image = make_image(file=picture_file())
    assert image.stage == Image.Stage.CLEAN
    assert renditions.make(image.pk, now=timezone.now())
    made = made_of(image)
    assert image.stage == Image.Stage.READY
    widths = {
        (shape, encoding): [width for width, _ in rows]
        for shape, by_encoding in made.items()
        if shape in plan.SHAPES
        for encoding, rows in by_encoding.items()
    }
    assert widths == {
        ("whole", "avif"): [400, 900],
        ("whole", "webp"): [400, 900],
        ("wide", "avif"): [400],
        ("wide", "webp"): [400],
        ("square", "avif"): [200, 400],
        ("square", "webp"): [200, 400],
    }
    for shape, by_encoding in ((s, made[s]) for s in plan.SHAPES):
        for rows in by_encoding.values():
            for width, name in rows:
                with default_storage.open(f"{image.folder}/{name}") as file:
                    size = PillowImage.open(file).size
                assert size == (width, plan.height_at(plan.SHAPES[shape], width, (900, 600)))


def test_work_is_done_once():
    image = make_image(file=picture_file())
    now = timezone.now()
    Image.objects.update(claimed_until=now + timedelta(minutes=1))
    assert not renditions.make(image.pk, now=now)
    assert renditions.make(image.pk, now=now + timedelta(minutes=2))
    assert not renditions.make(image.pk, now=now + timedelta(minutes=3))


def test_work_that_broke_off_goes_on_where_it_was():
    image = make_image(file=picture_file())
    renditions.make(image.pk, now=timezone.now())
    names = names_of(image)
    kept, *lost = [Path(default_storage.path(image.folder), name) for name in names]
    at = kept.stat().st_mtime_ns
    for path in lost:
        if path.name != "full.jpg":
            path.unlink()
    Image.objects.update(stage=Image.Stage.CLEAN)
    renditions.make(image.pk, now=timezone.now())
    assert names_of(image) == names
    assert kept.stat().st_mtime_ns == at


def test_another_focus_makes_other_crops_and_the_old_ones_stay_until_then():
    image = make_image(file=picture_file())
    renditions.make(image.pk, now=timezone.now())
    before = made_of(image)
    image.focus_x, image.focus_y = 10, 90
    image.save()
    image.refresh_from_db()
    assert (image.stage, image.made) == (Image.Stage.CLEAN, before)
    renditions.make(image.pk, now=timezone.now())
    after = made_of(image)
    assert after["whole"] == before["whole"]
    assert after["wide"]["avif"] == [[400, "wide400-10-90.1.avif"]]
    # The picture's upper left corner is red, its lower right one green.
    image.focus_x, image.focus_y = 0, 0
    image.save()
    renditions.make(image.pk, now=timezone.now())
    with default_storage.open(f"{image.folder}/square400-0-0.1.webp") as file:
        red, green, _ = PillowImage.open(file).convert("RGB").getpixel((5, 5))
    assert red > 150 > green


@pytest.mark.parametrize(
    ("focus", "box"),
    [
        (plan.Focus(50, 50), (150, 0, 750, 600)),
        (plan.Focus(0, 50), (0, 0, 600, 600)),
        (plan.Focus(100, 0), (300, 0, 900, 600)),
        (plan.Focus(40, 50), (60, 0, 660, 600)),
    ],
)
def test_crop_lies_around_the_focus_and_never_beyond_the_edge(focus, box):
    assert plan.crop_box(plan.SQUARE, (900, 600), focus) == box


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (300, []),
        (400, [400]),
        (450, [450]),
        (500, [400, 500]),
        (2400, list(plan.WIDTHS)),
    ],
)
def test_nothing_is_made_larger_than_it_is(width, widths):
    assert plan.widths_of(plan.WHOLE, (width, 300)) == widths


def test_animation_keeps_moving():
    image = make_image(file=ContentFile(gif(frames=3, size=(500, 300)), name="a.gif"))
    renditions.make(image.pk, now=timezone.now())
    made = made_of(image)
    assert image.is_animated
    assert list(made["whole"]) == ["webp"]
    for name in ("full.gif", made["whole"]["webp"][0][1]):
        with default_storage.open(f"{image.folder}/{name}") as file:
            assert PillowImage.open(file).n_frames == 3
    with default_storage.open(f"{image.folder}/{made['square']['webp'][0][1]}") as file:
        assert not PillowImage.open(file).is_animated


def test_picture_of_former_times_loses_its_metadata_and_keeps_its_address(client):
    content = with_metadata()
    image = old_image(content)
    assert image.stage == Image.Stage.RAW
    assert renditions.make(image.pk, now=timezone.now())
    image.refresh_from_db()
    assert (image.stage, image.width, image.height) == (Image.Stage.READY, 600, 900)
    with files.originals().open(image.original) as original:
        assert original.read() == content
    assert image.file.url == "/media/images/2025/03/abcd.jpg"
    served = fetched(client, image.file.url)
    assert b"Maker" not in served
    assert PillowImage.open(BytesIO(served)).size == (600, 900)


def test_cleaning_that_broke_off_is_done_again():
    content = with_metadata()
    image = old_image(content)
    # It broke off when the original was moved, and the public file half written.
    image.original = files.originals().save("x.jpg", ContentFile(content))
    image.save()
    files.put(image.file.name, b"half")
    assert renditions.make(image.pk, now=timezone.now())
    image.refresh_from_db()
    assert (image.stage, image.original) == (Image.Stage.READY, "x.jpg")
    with default_storage.open(image.file.name) as file:
        assert PillowImage.open(file).size == (600, 900)


def test_same_file_stored_twice_in_former_times_stays_two_pictures():
    content = with_metadata()
    pictures = [old_image(content, name=f"images/2025/03/{n}.jpg") for n in range(2)]
    for image in pictures:
        renditions.make(image.pk, now=timezone.now())
    assert [bool(image.digest) for image in Image.objects.order_by("pk")] == [True, False]
    assert set(Image.objects.values_list("stage", flat=True)) == {"ready"}


def test_picture_without_its_file_is_lost_and_not_tried_for_ever(caplog):
    image = Image.objects.create(file="images/gone.jpg", alt="Gone")
    other = old_image(b"no picture", name="images/2025/03/bad.jpg")
    assert tasks.catch_up.call() == 2
    assert set(Image.objects.values_list("stage", flat=True)) == {Image.Stage.LOST}
    assert tasks.catch_up.call() == 0
    assert f"Picture {image.pk} cannot be read" in caplog.text
    assert f"Picture {other.pk} cannot be read" in caplog.text


def test_worker_makes_what_an_upload_needs(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image(file=picture_file())
    image.refresh_from_db()
    assert image.stage == Image.Stage.READY


def test_files_go_with_the_picture_once_that_is_certain(django_capture_on_commit_callbacks):
    image = make_image(file=picture_file())
    renditions.make(image.pk, now=timezone.now())
    folder = Path(default_storage.path(image.folder))
    with django_capture_on_commit_callbacks(execute=True):
        Image.objects.all().delete()
        assert folder.is_dir()
    assert not folder.exists()
    assert not files.originals().exists(image.original)


class InterruptedAtTheFirst(StringIO):
    """Where Ctrl-C is pressed as soon as the first picture is told of."""

    def write(self, text):
        if text.startswith("1 of"):
            os.kill(os.getpid(), signal.SIGINT)
        return super().write(text)


@pytest.fixture
def _ctrl_c():
    """Let an interrupt be one: a process that a shell has put into the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c")
def test_command_that_is_interrupted_goes_on_from_there():
    for number in range(4):
        make_image(file=picture_file(size=(1700 + number, 1100)))
    out = InterruptedAtTheFirst()
    call_command("make_renditions", stdout=out)
    assert out.getvalue().endswith("Interrupted. Run it again: it goes on from there.\n")
    assert Image.objects.exclude(stage=Image.Stage.READY).exists()
    call_command("make_renditions", stdout=StringIO())
    assert not Image.objects.exclude(stage=Image.Stage.READY).exists()


def test_command_tells_how_far_it_is_and_goes_on():
    for number in range(3):
        make_image(file=picture_file(size=(500 + number, 300)), alt=f"Picture {number}")

    def run(*args):
        out = StringIO()
        call_command("make_renditions", *args, stdout=out)
        return out.getvalue().splitlines()

    last = "Done. 0 of the pictures have no file that can be read."
    assert run() == [*(f"{n + 1} of 3: Picture {n}" for n in range(3)), last]
    assert run() == [last]
    assert len(run("--again")) == 4
