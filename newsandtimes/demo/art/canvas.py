"""A canvas for flat illustrations: gradients, ridges, glows and grain, twice as large as shown."""

import math
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 1000
SCALE = 2  # everything is drawn twice as large and shrunk at the end: smooth edges
JPEG_QUALITY = 84
RIM = 1 - 2**-0.5

type Point = tuple[float, float]
type Colour = str


class Canvas:
    """A picture in the making. Every measure is in pixels of the finished picture."""

    def __init__(self, *, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  repeatable on purpose
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self.draw = ImageDraw.Draw(self.image)

    def gradient(
        self, stops: Sequence[tuple[float, Colour]], *, top: float = 0, bottom: float = HEIGHT
    ) -> None:
        """Fill a band of the whole width; a stop is (part of the band, colour)."""
        size = (WIDTH * SCALE, round((bottom - top) * SCALE))
        self.image.paste(_vertical(stops).resize(size, Image.Resampling.BILINEAR), (0, _px(top)))

    def polygon(self, points: Iterable[Point], colour: Colour) -> None:
        """Draw a filled shape."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def rectangle(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, r: float = 0
    ) -> None:
        """Draw a filled rectangle with corners of radius ``r``."""
        box = (left * SCALE, top * SCALE, right * SCALE, bottom * SCALE)
        self.draw.rounded_rectangle(box, radius=r * SCALE, fill=colour)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """Draw a filled ellipse around (x, y)."""
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self.draw.ellipse(box, fill=colour)

    def line(self, points: Iterable[Point], colour: Colour, width: float = 2) -> None:
        """Draw a line through the points."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=colour, width=max(1, round(width * SCALE)), joint="curve")

    def fading_shape(
        self, points: Sequence[Point], colours: tuple[Colour, Colour], *, fade: float | None = None
    ) -> None:
        """Fill a shape from its first colour at its top to its second ``fade`` pixels below."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = max(0, _px(min(xs))), max(0, _px(min(ys)))
        right = min(WIDTH * SCALE, _px(max(xs)) + 1)
        bottom = min(HEIGHT * SCALE, _px(max(ys)) + 1)
        size = (right - left, bottom - top)
        mask = Image.new("L", size)
        shifted = [(x * SCALE - left, y * SCALE - top) for x, y in points]
        ImageDraw.Draw(mask).polygon(shifted, fill=255)
        reach = min(1.0, (fade or HEIGHT) * SCALE / size[1])
        column = _vertical([(0, colours[0]), (reach, colours[1]), (1, colours[1])])
        self.image.paste(column.resize(size, Image.Resampling.BILINEAR), (left, top), mask)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Lighten a round patch; ``strength`` from 0 to 1 at its middle."""
        size = _px(radius * 2)
        mask = ImageChops.invert(Image.radial_gradient("L")).resize((size, size))
        # The gradient of Pillow reaches its end beyond the edges of its square, in the corners.
        light = [max(0.0, (v / 255 - RIM) / (1 - RIM)) for v in range(256)]
        mask = mask.point([round(strength * 255 * v**1.9) for v in light])
        corner = (_px(x - radius), _px(y - radius))
        self.image.paste(Image.new("RGB", (size, size), colour), corner, mask)

    def haze(self, y: float, height: float, colour: Colour, strength: float) -> None:
        """Lay a soft horizontal band of mist around ``y``."""
        column = Image.new("L", (1, 64))
        column.putdata([round(255 * strength * math.sin(math.pi * i / 63) ** 2) for i in range(64)])
        mask = column.resize((WIDTH * SCALE, _px(height)), Image.Resampling.BILINEAR)
        patch = Image.new("RGB", mask.size, colour)
        self.image.paste(patch, (0, _px(y - height / 2)), mask)

    def ridge(self, *, base: float, height: float, roughness: float = 0.5) -> list[Point]:
        """Return a mountain line around ``base``, closed along the lower edge of the picture."""
        line = self.skyline(base=base, height=height, roughness=roughness)
        return [*line, (WIDTH + 8, HEIGHT), (-8, HEIGHT)]

    def skyline(self, *, base: float, height: float, roughness: float = 0.5) -> list[Point]:
        """Return a random line from left to right by midpoint displacement."""
        heights = [self.random.uniform(-0.4, 0.4), self.random.uniform(-0.4, 0.4)]
        spread = 1.0
        for _ in range(8):
            between = [
                (a + b) / 2 + self.random.uniform(-spread, spread) for a, b in pairwise(heights)
            ]
            heights = [h for pair in zip(heights, between, strict=False) for h in pair] + [
                heights[-1]
            ]
            spread *= roughness
        step = (WIDTH + 16) / (len(heights) - 1)
        return [(-8 + i * step, base - h * height / 2) for i, h in enumerate(heights)]

    def finished(self, *, grain: float = 0.026) -> Image.Image:
        """Return the picture in its final size, with a fine grain over it."""
        small = self.image.reduce(SCALE)
        tile = Image.frombytes("L", (400, 250), self.random.randbytes(400 * 250))
        tile = tile.filter(ImageFilter.GaussianBlur(0.6))
        tile = tile.point([round(128 + (v - 128) * grain * 4) for v in range(256)])
        noise = Image.new("L", small.size)
        for x in range(0, WIDTH, 400):
            for y in range(0, HEIGHT, 250):
                noise.paste(tile, (x, y))
        return ImageChops.overlay(small, Image.merge("RGB", [noise] * 3))


def jpeg(picture: Image.Image) -> bytes:
    """Return the picture as a progressive JPEG."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True)
    return buffer.getvalue()


def mix(first: Colour, second: Colour, part: float) -> Colour:
    """Return the colour that lies ``part`` (0 to 1) of the way from the first to the second."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def curve(start: Point, control: Point, end: Point, *, steps: int = 24) -> list[Point]:
    """Return points along a quadratic Bézier curve."""
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * (1 - t) * t * control[0] + t**2 * end[0],
            (1 - t) ** 2 * start[1] + 2 * (1 - t) * t * control[1] + t**2 * end[1],
        )
        for t in (i / steps for i in range(steps + 1))
    ]


def _px(length: float) -> int:
    return round(length * SCALE)


def _rgb(colour: Colour) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _vertical(stops: Sequence[tuple[float, Colour]]) -> Image.Image:
    column = Image.new("RGB", (1, 256))
    colours = []
    for row in range(256):
        at = row / 255
        pairs = pairwise(stops)
        low, high = next((p for p in pairs if at <= p[1][0]), (stops[-1], stops[-1]))
        span = high[0] - low[0]
        colours.append(_rgb(mix(low[1], high[1], (at - low[0]) / span if span else 0)))
    column.putdata(colours)
    return column
