"""Makes the files of pictures, honest and hostile, that tests send."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def drawn(size=(600, 400)):
    """A picture with something in each corner."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste((200, 30, 60), (0, 0, size[0] // 4, size[1] // 4))
    picture.paste((20, 130, 60), (size[0] // 2, size[1] // 2, size[0], size[1]))
    return picture


def saved(picture, kind, **options):
    """The bytes of a picture as a file of a kind that Pillow knows."""
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def gif(*, frames, size):
    """An animated GIF."""
    pictures = [Image.new("P", size, number % 200) for number in range(frames)]
    for number, picture in enumerate(pictures):
        picture.putpalette([(number * 7 + i) % 256 for i in range(768)])
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=50)


def png_of_size(width, height, *, chunks=()):
    """A PNG whose header says so; its pixels are a few bytes, however many it says there are."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * min((width + 1) * height, 1_000_000), 9)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def fetched(client, address):
    """What the site serves at an address, which must be there."""
    response = client.get(address)
    assert response.status_code == 200, address
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return content


def _chunk(kind, content):
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
