"""What taking a photograph in costs, and what of it readers load.

    .venv/bin/python -m benchmarks.pictures

A photograph of 24 megapixels (drawn, with detail in every size) is read as in an upload, and its
renditions are made as the worker does it. The reference is the upload itself.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image

from blog.pictures import encoding, plan, reading


def main() -> None:
    """Measure and print."""
    upload = photograph(6000, 4000)
    took: dict[str, float] = {}

    with timed(took, "reading to its end"):
        picture = reading.read(BytesIO(upload), name="a.jpg")
    with timed(took, "public file"):
        content, extension = encoding.published(picture)
    with timed(took, "thumbnail"):
        encoding.thumbnail(picture)
    print(f"upload: {len(upload):,} bytes, 6000 × 4000")
    print(f"public file: {len(content):,} bytes, {picture.still.size}")
    print(f"request: {told(took)}\n")
    took.clear()
    print("| shape | width | encoding | bytes | of the upload |")
    print("| --- | --- | --- | --- | --- |")
    for rendition in plan.renditions_of(picture.still.size, extension=extension):
        with timed(took, rendition.encoding):
            made = encoding.render(picture.still, rendition, plan.Focus())
        part = f"{100 * len(made) / len(upload):.1f} %"
        cells = [rendition.shape.name, rendition.width, rendition.encoding, f"{len(made):,}", part]
        print("|", " | ".join(map(str, cells)), "|")
    print(f"\nworker: {told(took)}")


@contextmanager
def timed(took: dict[str, float], name: str) -> Iterator[None]:
    """Add the seconds that the block takes to those of ``name``."""
    start = time.perf_counter()
    yield
    took[name] = took.get(name, 0) + time.perf_counter() - start


def told(took: dict[str, float]) -> str:
    """Return the seconds of each part and of all."""
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in took.items())
    return f"{sum(took.values()):.2f} s ({parts})"


def photograph(width: int, height: int) -> bytes:
    """Return a JPEG with clouds of every size and a camera's grain."""
    layers = [
        Image.effect_noise((width // size, height // size), 90 - size).resize((width, height))
        for size in (40, 8)
    ]
    grain = Image.effect_noise((width, height), 12)
    bands = [Image.blend(layers[0], layers[1], 0.4), Image.blend(layers[0], grain, 0.2)]
    bands.append(Image.blend(layers[1], grain, 0.3))
    file = BytesIO()
    Image.merge("RGB", bands).save(file, "JPEG", quality=92)
    return file.getvalue()


if __name__ == "__main__":
    main()
