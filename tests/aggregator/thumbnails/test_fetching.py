"""Fetching the pictures of outside articles, at real and hostile servers."""

import gzip
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from aggregator.models import Headline, Thumbnail
from aggregator.thumbnails import fetching, making, sweeping, want
from aggregator.thumbnails.making import Made
from blog.pictures import files
from tests.aggregator.serving import Answer, FeedServer
from tests.aggregator.sidework import do_all, with_kit
from tests.factories import make_headline
from tests.pictures import drawn, gif, png_of_size, saved

pytestmark = pytest.mark.django_db
JPEG = {"Content-Type": "image/jpeg"}
HTML = {"Content-Type": "text/html"}


@pytest.fixture(autouse=True)
def media(media_folder):
    return media_folder


def wanted(address, **options):
    """A headline that names a picture which somebody wants to see."""
    headline = make_headline(image_url=address)
    want([headline], now=timezone.now(), **options)
    headline.refresh_from_db()
    return headline.thumbnail


def fetched(thumbnail, **options):
    do_all(fetching, **options)
    thumbnail.refresh_from_db()
    return thumbnail


def there(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def photo(size=(1200, 900), **options):
    return saved(drawn(size), "JPEG", **options)


def test_a_picture_is_cut_shrunk_and_kept(server, media):
    server.answers["/a.jpg"] = Answer(photo(), headers=JPEG)
    thumbnail = fetched(wanted(server.url("/a.jpg")))
    assert (thumbnail.state, thumbnail.error, thumbnail.claimed_until) == ("ready", "", None)
    assert (thumbnail.width, thumbnail.height) == (1200, 900)
    names = [
        f"small{width}-50-50.1.{kind}" for width in (160, 320, 640) for kind in ("avif", "webp")
    ]
    assert there(media) == names
    folder = media / thumbnail.folder
    assert folder.is_relative_to(media / "pictures" / "outside")
    with Image.open(folder / "small320-50-50.1.webp") as small:
        assert small.size == (320, 213)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 200_000
    assert thumbnail.fallback[1:] == (640, 427)
    assert server.asked[0].headers["Accept"].startswith("image/avif")
    assert not {"Referer", "Cookie"} & set(server.asked[0].headers)


def test_nothing_of_its_metadata_is_kept(server, media):
    exif = Image.Exif()
    exif[0x010E] = "At home, 50.45 30.52"
    server.answers["/a.jpg"] = Answer(photo(exif=exif.tobytes()), headers=JPEG)
    fetched(wanted(server.url("/a.jpg")))
    assert len(there(media)) == 6
    assert not [path for path in media.rglob("*.*p") if b"At home" in path.read_bytes()]


@pytest.mark.parametrize(
    ("kind", "says"),
    [("PNG", "image/jpeg"), ("WEBP", "text/plain"), ("AVIF", ""), ("GIF", "application/x-what")],
)
def test_content_decides_what_a_picture_is(server, kind, says):
    server.answers["/a"] = Answer(saved(drawn(), kind), headers={"Content-Type": says})
    assert fetched(wanted(server.url("/a"))).state == "ready"


HOSTILE = {
    "html with the name of a picture": (b"<script>alert(1)</script>", "is not a picture"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "is an SVG drawing"),
    "png header and html": (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "is damaged"),
    "cut off": (photo()[:9000], "is damaged"),
    "empty": (b"", "is not a picture"),
    "a bomb of pixels": (png_of_size(60_000, 60_000), "has too many pixels"),
    "an endless animation": (gif(frames=1200, size=(2, 2)), "is too long an animation"),
    "a pixel to count readers": (saved(drawn((1, 1)), "GIF"), "too small"),
    "an icon": (saved(drawn((64, 64)), "PNG"), "too small"),
    "a strip": (saved(drawn((2000, 10)), "PNG"), "too small"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_refused_for_good(server, media, name):
    body, words = HOSTILE[name]
    server.answers["/a.jpg"] = Answer(body, headers=JPEG)
    thumbnail = fetched(wanted(server.url("/a.jpg")))
    assert (thumbnail.state, there(media)) == ("failed", [])
    assert words in thumbnail.error
    do_all(fetching, clock=lambda: timezone.now() + timedelta(days=30))
    assert len(server.asked) == 1


def test_no_more_is_read_than_a_picture_may_have(server, media):
    server.answers["/a.jpg"] = Answer(photo() + b"\0" * making.MOST_BYTES, headers=JPEG)
    thumbnail = fetched(wanted(server.url("/a.jpg")))
    assert (thumbnail.state, there(media)) == ("failed", [])


def test_a_packed_bomb_is_not_unpacked(server):
    bomb = gzip.compress(b"\0" * 60_000_000)
    server.answers["/a.jpg"] = Answer(bomb, headers=JPEG | {"Content-Encoding": "gzip"})
    assert fetched(wanted(server.url("/a.jpg"))).state == "failed"


@pytest.mark.parametrize(
    "address", ["http://10.1.2.3/a.jpg", "http://169.254.169.254/a.jpg", "http://[::1]/a.jpg"]
)
def test_private_addresses_are_never_asked(address):
    thumbnail = fetched(wanted(address), allowed=())
    assert thumbnail.state == "failed"
    assert "is not on the public internet" in thumbnail.error


def test_a_redirect_into_our_network_is_refused(server):
    private = FeedServer("127.0.0.2")
    try:
        private.answers["/x.jpg"] = Answer(photo(), headers=JPEG)
        server.answers["/a.jpg"] = Answer(status=302, headers={"Location": private.url("/x.jpg")})
        thumbnail = fetched(wanted(server.url("/a.jpg")), allowed=("127.0.0.1/32",))
        assert (thumbnail.state, private.asked) == ("failed", [])
    finally:
        private.close()


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_is_not_there_is_not_asked_for_again(server, status):
    server.answers["/a.jpg"] = Answer(status=status)
    assert fetched(wanted(server.url("/a.jpg"))).state == "failed"
    do_all(fetching, clock=lambda: timezone.now() + timedelta(days=30))
    assert len(server.asked) == 1


def test_what_may_pass_is_tried_four_times_and_then_never(server):
    server.answers["/a.jpg"] = Answer(status=503)
    thumbnail, now, pauses = wanted(server.url("/a.jpg")), timezone.now(), []
    for _ in range(6):
        before = now
        fetched(thumbnail, clock=lambda at=now: at)
        now = max(now, thumbnail.next_at)
        pauses.append((now - before) // timedelta(hours=1))
    assert (thumbnail.state, len(server.asked)) == ("failed", 4)
    assert pauses[:4] == [1, 6, 24, 0]
    assert "(503)" in thumbnail.error


def test_who_comes_back_is_taken(server):
    server.answers["/a.jpg"] = [Answer(status=503), Answer(photo(), headers=JPEG)]
    thumbnail = fetched(wanted(server.url("/a.jpg")))
    assert thumbnail.state == "waiting"
    assert fetched(thumbnail, clock=lambda: thumbnail.next_at).state == "ready"


def test_the_same_picture_of_several_headlines_is_fetched_once(server):
    server.answers["/a.jpg"] = Answer(photo(), headers=JPEG)
    one, two = (wanted(server.url("/a.jpg")) for _ in range(2))
    assert one == two
    fetched(one)
    assert wanted(server.url("/a.jpg")).is_ready
    do_all(fetching)
    assert len(server.asked) == 1


def test_an_article_may_be_looked_at_for_its_picture(server):
    page = b'<meta property="og:image" content="/a.jpg?x=1&amp;copy=2"><title>T</title>'
    server.answers["/article"] = Answer(page, headers=HTML)
    server.answers["/a.jpg?x=1&copy=2"] = Answer(photo(), headers=JPEG)
    headline = make_headline(url=server.url("/article"))
    assert want([headline], now=timezone.now()) == 0
    assert want([headline], now=timezone.now(), looks_at_pages=True) == 1
    do_all(fetching)
    do_all(fetching)
    headline.refresh_from_db()
    assert (headline.thumbnail.state, headline.thumbnail.is_page) == ("ready", False)
    assert headline.thumbnail.address == server.url("/a.jpg?x=1&copy=2")
    assert [asked.path for asked in server.asked] == ["/article", "/a.jpg?x=1&copy=2"]


def test_an_article_that_names_a_known_picture_brings_no_second_one(server):
    server.answers["/a.jpg"] = Answer(photo(), headers=JPEG)
    known = fetched(wanted(server.url("/a.jpg")))
    server.answers["/article"] = Answer(
        b'<meta property="og:image" content="/a.jpg">', headers=HTML
    )
    headline = make_headline(url=server.url("/article"))
    want([headline], now=timezone.now(), looks_at_pages=True)
    do_all(fetching)
    headline.refresh_from_db()
    assert headline.thumbnail == known
    assert Thumbnail.objects.count() == 1


@pytest.mark.parametrize(
    "page",
    [
        Answer(b"<title>T</title>", headers=HTML),
        Answer(b'<meta property="og:image" content="javascript:alert(1)">', headers=HTML),
        Answer(b'<meta property="og:image" content="file:///etc/passwd">', headers=HTML),
        Answer(b"%PDF", headers={"Content-Type": "application/pdf"}),
    ],
)
def test_an_article_without_a_picture_is_looked_at_once(server, page):
    server.answers["/article"] = page
    headline = make_headline(url=server.url("/article"))
    want([headline], now=timezone.now(), looks_at_pages=True)
    do_all(fetching)
    do_all(fetching, clock=lambda: timezone.now() + timedelta(days=3))
    headline.refresh_from_db()
    assert headline.thumbnail.state == "failed"
    assert len(server.asked) == 1
    assert want([headline], now=timezone.now(), looks_at_pages=True) == 0


def test_who_dies_in_the_middle_leaves_no_orphans_and_the_next_goes_on(server, media):
    server.answers["/a.jpg"] = Answer(photo(), headers=JPEG)
    thumbnail, now = wanted(server.url("/a.jpg")), timezone.now()
    [lost] = fetching.claim_waiting(now=now, limit=4)
    files.put(f"{lost.folder}/small160-50-50.1.webp", b"half")
    assert fetching.claim_waiting(now=now, limit=4) == []
    fetched(thumbnail, clock=lambda: now + fetching.CLAIM)
    assert thumbnail.state == "ready"
    assert len(there(media)) == 6
    assert b"half" not in [path.read_bytes() for path in media.rglob("*.webp")]
    assert fetching.keep(lost, Made(1, 1, {}, {})) is False


def test_what_brings_pollers_down_is_given_up():
    wanted("https://a.example/poison.jpg")
    now = timezone.now()
    claims = [
        fetching.claim_waiting(now=now + fetching.CLAIM * number, limit=4) for number in range(6)
    ]
    assert [len(claim) for claim in claims] == [1, 1, 1, 1, 0, 0]
    assert Thumbnail.objects.get().state == "failed"


def test_a_picture_that_is_deleted_while_it_is_fetched_leaves_nothing(server, media):
    server.answers["/a.jpg"] = Answer(photo(), headers=JPEG)
    wanted(server.url("/a.jpg"))
    [claimed] = fetching.claim_waiting(now=timezone.now(), limit=4)
    Headline.objects.update(thumbnail=None)
    Thumbnail.objects.all().delete()
    with_kit(lambda kit: fetching.attend(claimed, kit))
    assert there(media) == []


def test_a_host_with_many_pictures_is_asked_for_one_at_a_time():
    many = [wanted(f"https://slow.example/{number}.jpg") for number in range(3)]
    other = wanted("https://other.example/a.jpg")
    now = timezone.now()
    assert fetching.claim_waiting(now=now, limit=8) == [many[0], other]
    assert fetching.claim_waiting(now=now, limit=8) == []
    Thumbnail.objects.filter(pk=many[0].pk).update(state="failed")
    assert fetching.claim_waiting(now=now, limit=8) == [many[1]]


def test_claiming_takes_so_many_queries_at_any_length(django_assert_num_queries, is_postgres):
    for number in range(30):
        wanted(f"https://a{number}.example/{number}.jpg")
    with django_assert_num_queries(6 if is_postgres else 5):
        assert len(fetching.claim_waiting(now=timezone.now(), limit=4)) == 4
    Thumbnail.objects.update(state="ready")
    with django_assert_num_queries(1):
        assert fetching.claim_waiting(now=timezone.now(), limit=4) == []


def test_a_large_photo_costs_little_to_keep():
    body = BytesIO()
    drawn((4000, 3000)).save(body, "JPEG", quality=90)
    made = making.make(body.getvalue(), name="a.jpg")
    assert len(made.files) == 6
    assert sum(map(len, made.files.values())) < 200_000
    assert made.listed["small"]["avif"][0] == (
        160,
        "small160-50-50.1.avif",
    )


def test_sweeping_nothing_deletes_nothing(server, media):
    server.answers["/a.jpg"] = Answer(photo(), headers=JPEG)
    fetched(wanted(server.url("/a.jpg")))
    assert sweeping.sweep(now=timezone.now()) == 0
    assert len(there(media)) == 6


def test_a_storage_that_is_no_folder_serves_as_well(server, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}
    server.answers["/a.jpg"] = Answer(photo(), headers=JPEG)
    thumbnail = fetched(wanted(server.url("/a.jpg")))
    assert thumbnail.is_ready
    assert len(default_storage.listdir(thumbnail.folder)[1]) == 6
    later = timezone.now() + timedelta(days=9)
    assert sweeping.sweep(now=later) == 1
    assert default_storage.listdir(thumbnail.folder)[1] == []
