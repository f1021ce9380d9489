"""What refusing a hostile file costs: measured in a process of its own."""

import json
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures import drawn, gif, png_of_size, saved

SCRIPT = """
import json, resource, sys, time
import django
django.setup()
from blog.pictures import reading
from blog.pictures.errors import PictureError

def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before, start = peak_mib(), time.perf_counter()
try:
    reading.read(open(sys.argv[1], "rb"), name="bomb.jpg")
    said = "taken"
except PictureError as error:
    said = str(error)
print(json.dumps([said, time.perf_counter() - start, peak_mib() - before]))
"""


def of_a_flat_picture(kind, size, part=1.0, **options):
    file = BytesIO()
    Image.new("L", size, 200).save(file, kind, **options)
    return file.getvalue()[: int(len(file.getvalue()) * part)]


def webp_of_size(width, height):
    """A WebP that says it is so large (VP8X), around the frame of a small one."""
    frame = saved(drawn((16, 16)), "WEBP")[12:]
    extended = bytes([0, 0, 0, 0]) + struct.pack("<I", width - 1)[:3]
    extended += struct.pack("<I", height - 1)[:3]
    chunks = b"VP8X" + struct.pack("<I", len(extended)) + extended + frame
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def gif_of_size(width, height):
    content = bytearray(gif(frames=2, size=(8, 8)))
    content[6:10] = struct.pack("<HH", width, height)
    return bytes(content)


def patched(content, old, new):
    """Write another size into the header of a file."""
    assert old in content
    return content.replace(old, new)


BOMBS = {
    "png header": lambda: png_of_size(60_000, 60_000),
    "png of 400 million": lambda: of_a_flat_picture("PNG", (20_000, 20_000)),
    "png at the limit, cut off": lambda: of_a_flat_picture("PNG", (6000, 6000), 0.95),
    "jpeg at the limit, cut off": lambda: of_a_flat_picture("JPEG", (9200, 9200), 0.9),
    "progressive jpeg at the limit, cut off": lambda: of_a_flat_picture(
        "JPEG", (4890, 4890), 0.9, progressive=True
    ),
    "webp header": lambda: webp_of_size(16_383, 16_383),
    "gif header": lambda: gif_of_size(65_535, 65_535),
    "avif header": lambda: patched(
        saved(drawn((600, 400)), "AVIF"),
        struct.pack(">II", 600, 400),
        struct.pack(">II", 60_000, 40_000),
    ),
    "heic header": lambda: patched(
        saved(drawn((640, 448)), "HEIF"),
        struct.pack(">II", 640, 448),
        struct.pack(">II", 60_000, 40_000),
    ),
    "endless animation": lambda: gif(frames=1200, size=(2, 2)),
    "animation of many pixels": lambda: gif_of_size(3000, 3000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_refusing_takes_little_time_and_memory(tmp_path, name):
    said, seconds, mib = measured(tmp_path, BOMBS[name]())
    assert said.startswith("“bomb.jpg” "), said
    assert seconds < 2
    assert mib < 150


def test_readers_that_are_not_asked_for_cost_nothing(tmp_path):
    """A BLP of 284 bytes made Pillow's reader take gigabytes."""
    header = b"BLP1" + struct.pack("<IIIIII", 1, 0, 65_535, 65_535, 4, 0)
    said, _, mib = measured(tmp_path, header.ljust(284, b"\0"))
    assert "is not a picture that can be used here" in said
    assert mib < 5


def measured(tmp_path, content):
    path = Path(tmp_path, "bomb")
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])
