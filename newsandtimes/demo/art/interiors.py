"""Rooms: the shelves of an archive, a tea table by a window."""

import math
from itertools import pairwise

from PIL import Image

from newsandtimes.demo.art.canvas import HEIGHT, WIDTH, Canvas, Point, curve, mix

SPINES = [
    "#7a2f2b", "#9a5b3a", "#b48a52", "#3e4f4c", "#56685c", "#2f3e55", "#6b5a6a", "#cbb68d",
    "#8c7a5c", "#46373a",
]  # fmt: skip


def archive() -> Image.Image:
    """Draw archive shelves with bound volumes, labelled boxes, a ladder and a lamp's light."""
    canvas = Canvas(seed=5)
    canvas.gradient([(0, "#2c2420"), (1, "#3b2f28")])
    for shelf in range(4):
        _shelf(canvas, top=28 + shelf * 240, height=202)
    for x in (14, 548, 1082, 1586):
        canvas.rectangle(x - 14, 0, x + 14, HEIGHT, "#6a4a33")
        canvas.rectangle(x + 6, 0, x + 14, HEIGHT, "#4f3626")
    _ladder(canvas)
    canvas.glow(800, 330, 1150, "#ffcf87", 0.30)
    _shade_edges(canvas)
    return canvas.finished()


def tea_table() -> Image.Image:
    """Draw a pear-shaped glass of tea, a teapot and an open notebook before a mountain window."""
    canvas = Canvas(seed=17)
    canvas.gradient([(0, "#d9c7a6"), (0.7, "#cdb48c")])
    _window(canvas)
    canvas.fading_shape([(-8, 690), (WIDTH + 8, 690), (WIDTH + 8, HEIGHT), (-8, HEIGHT)],
                        ("#8d4436", "#6d2f2a"), fade=310)  # fmt: skip
    canvas.rectangle(0, 690, WIDTH, 702, "#a85a45")
    for y, colour in ((930, "#d6b27a"), (950, "#efdcb4"), (970, "#d6b27a")):
        canvas.rectangle(0, y, WIDTH, y + 7, colour)
    _border_pattern(canvas)
    _teapot(canvas, 430, 640)
    _notebook(canvas)
    _glass(canvas, 860, 770)
    _sugar(canvas, 640, 838)
    return canvas.finished()


def _shelf(canvas: Canvas, *, top: float, height: float) -> None:
    floor = top + height
    canvas.rectangle(0, top - 10, WIDTH, floor, "#231b17")
    for left, right in ((28, 534), (562, 1068), (1096, 1572)):
        x = float(left)
        while x < right - 16:
            x = (
                _boxes(canvas, x, right, floor)
                if canvas.random.random() < 0.16
                else _volume(canvas, x, right, floor, height)
            )
    canvas.rectangle(0, floor, WIDTH, floor + 26, "#7b573b")
    canvas.rectangle(0, floor, WIDTH, floor + 5, "#97704c")
    canvas.rectangle(0, floor + 26, WIDTH, floor + 38, "#1d1613")


def _volume(canvas: Canvas, x: float, right: float, floor: float, height: float) -> float:
    width = min(canvas.random.uniform(16, 44), right - x)
    top = floor - height * canvas.random.uniform(0.62, 0.93)
    colour = canvas.random.choice(SPINES)
    canvas.rectangle(x, top, x + width - 2, floor, colour, r=3)
    canvas.rectangle(x + width * 0.72, top + 2, x + width - 2, floor, mix(colour, "#1a1310", 0.35))
    gold = mix(colour, "#e8cf96", 0.6)
    for part in (0.12, 0.17, 0.82):
        y = top + (floor - top) * part
        canvas.rectangle(x + 1, y, x + width - 3, y + 2.4, gold)
    if width > 27:
        y = top + (floor - top) * 0.3
        canvas.rectangle(x + 5, y, x + width - 8, y + 34, "#efe3c6", r=1)
        canvas.line([(x + 9, y + 11), (x + width - 12, y + 11)], "#8c7a5c", 1.4)
        canvas.line([(x + 9, y + 20), (x + width - 16, y + 20)], "#8c7a5c", 1.4)
    return x + width


def _boxes(canvas: Canvas, x: float, right: float, floor: float) -> float:
    width = min(118.0, right - x)
    if width < 80:
        return _volume(canvas, x, right, floor, 190)
    for level in range(2):
        bottom = floor - level * 82
        canvas.rectangle(x, bottom - 80, x + width - 4, bottom, "#a98f68", r=2)
        canvas.rectangle(x, bottom - 80, x + width - 4, bottom - 58, "#bda37a", r=2)
        canvas.rectangle(x + 26, bottom - 48, x + width - 30, bottom - 16, "#f3e9d0", r=2)
        for row in (38, 28):
            canvas.line([(x + 34, bottom - row), (x + width - 40, bottom - row)], "#9c2f2b", 1.6)
        canvas.ellipse(x + width / 2 - 2, bottom - 68, 6, 4, "#5f4a34")
    return x + width


def _ladder(canvas: Canvas) -> None:
    for shift, colour in ((9, "#1d1613"), (0, "#c79a63")):
        for foot, head in ((1150, 1236), (1330, 1352)):
            canvas.line([(foot + shift, HEIGHT), (head + shift, -10)], colour, 15)
        for step in range(9):
            y = 920 - step * 112
            part = (HEIGHT - y) / (HEIGHT + 10)
            left, right = 1150 + 86 * part, 1330 + 22 * part
            canvas.line([(left + shift, y), (right + shift, y)], colour, 13)


def _shade_edges(canvas: Canvas) -> None:
    mask = Image.radial_gradient("L").resize(canvas.image.size)
    mask = mask.point([round(190 * max(0, (v - 70) / 185) ** 1.4) for v in range(256)])
    canvas.image.paste(Image.new("RGB", mask.size, "#120c0a"), (0, 0), mask)


def _window(canvas: Canvas) -> None:
    left, top, right, sill = 930, 90, 1450, 600
    view = Canvas(seed=29)
    view.gradient([(0, "#88aab9"), (0.35, "#cfd9cf"), (0.6, "#f2e4c8")])
    for base, height, tone, foot in (
        (390, 220, "#93a9b4", "#d8d3c0"),
        (480, 200, "#6d8893", "#b6bfb0"),
        (570, 130, "#49665f", "#7d9380"),
    ):
        view.fading_shape(view.ridge(base=base, height=height), (tone, foot), fade=200)
    middle, radius = (left + right) / 2, (right - left) / 2
    frame = Canvas(seed=0)
    arch = [
        (middle - radius * math.cos(a), top + 200 - 200 * math.sin(a))
        for a in (math.pi * i / 48 for i in range(49))
    ]
    outer = [(middle + (x - middle) * 1.07, y - 18) for x, y in arch]
    canvas.polygon([*outer, (right + 20, sill), (left - 20, sill)], "#7b573b")
    frame.polygon([*arch, (right, sill), (left, sill)], "#ffffff")
    canvas.image.paste(view.image, (0, 0), frame.image.convert("L"))
    canvas.rectangle(middle - 6, top, middle + 6, sill, "#7b573b")
    canvas.rectangle(left, 330, right, 341, "#7b573b")
    canvas.rectangle(left - 46, sill, right + 46, sill + 24, "#8d6645")
    canvas.rectangle(left - 46, sill + 18, right + 46, sill + 26, "#6a4a33")


def _border_pattern(canvas: Canvas) -> None:
    for x in range(0, WIDTH + 40, 80):
        canvas.polygon([(x, 862), (x + 26, 888), (x, 914), (x - 26, 888)], "#d6b27a")
        canvas.polygon([(x, 873), (x + 15, 888), (x, 903), (x - 15, 888)], "#3e4f4c")
        canvas.polygon([(x + 40, 880), (x + 48, 888), (x + 40, 896), (x + 32, 888)], "#efdcb4")


def _teapot(canvas: Canvas, x: float, y: float) -> None:
    canvas.ellipse(x + 8, y + 142, 220, 26, "#59261f")
    spout = [*curve((x + 120, y + 64), (x + 230, y + 34), (x + 262, y - 92)),
             *curve((x + 286, y - 88), (x + 276, y + 70), (x + 120, y + 118))]  # fmt: skip
    canvas.polygon(spout, "#2b474d")
    handle = [_around(x - 170, y + 20, 98, 92, math.pi * (0.42 + i / 40 * 1.16)) for i in range(41)]
    canvas.line(handle, "#2b474d", 24)
    canvas.ellipse(x, y + 30, 192, 118, "#35565c")
    canvas.ellipse(x - 24, y + 12, 150, 84, "#3f656b")
    canvas.ellipse(x - 62, y - 22, 60, 22, "#6f9599")
    canvas.rectangle(x - 84, y + 128, x + 84, y + 150, "#2b474d", r=8)
    canvas.ellipse(x, y - 76, 96, 25, "#2b474d")
    canvas.ellipse(x, y - 84, 84, 26, "#46707a")
    canvas.ellipse(x, y - 116, 19, 17, "#d6b27a")
    for i in range(13):
        bx = x - 150 + i * 25
        by = y + 46 + 34 * math.cos((i - 6) / 6 * 1.2)
        canvas.polygon([(bx, by - 12), (bx + 9, by), (bx, by + 12), (bx - 9, by)], "#d6b27a")


def _notebook(canvas: Canvas) -> None:
    canvas.polygon([(1064, 842), (1128, 736), (1550, 736), (1585, 842)], "#59261f")
    canvas.polygon([(1060, 832), (1122, 728), (1332, 734), (1322, 842)], "#f4ead2")
    canvas.polygon([(1322, 842), (1332, 734), (1544, 728), (1580, 832)], "#e9dcbe")
    canvas.line([(1322, 842), (1332, 734)], "#c3b08a", 4)
    for row in range(7):
        y = 746 + row * 12
        shift = (y - 728) * 0.58
        canvas.line([(1150 - shift, y), (1312 - shift * 0.1, y + 1)], "#9aa3a3", 1.7)
        if row < 4:
            canvas.line(
                [(1352, y), (1520 + shift * 0.2 - (46 if row == 3 else 0), y)], "#9aa3a3", 1.7
            )
    canvas.line([(1392, 812), (1560, 762)], "#9c2f2b", 9)
    canvas.polygon([(1392, 807), (1372, 818), (1394, 817)], "#e6cfa0")


def _glass(canvas: Canvas, x: float, foot: float) -> None:
    canvas.ellipse(x + 8, foot + 16, 176, 38, "#59261f")
    canvas.ellipse(x, foot + 4, 164, 36, "#f4ead8")
    canvas.ellipse(x, foot, 132, 25, "#dccdb2")
    canvas.ellipse(x, foot - 1, 104, 18, "#efe4cf")
    outline = _pear(x, foot, 1.0)
    canvas.polygon(outline, "#e4d8c4")
    canvas.fading_shape(_pear(x, foot - 5, 0.92, top=-208), ("#c9632a", "#8a2c17"), fade=200)
    canvas.ellipse(x, foot - 213, 64, 11, "#db8a4a")
    canvas.polygon(_pear(x - 34, foot - 20, 0.2, top=-190), "#e6a56e")
    canvas.ellipse(x, foot - 276, 80, 14, "#f3ecdf")
    canvas.ellipse(x, foot - 276, 72, 10, "#d9cdb8")
    canvas.line([(x + 40, foot - 268), (x + 128, foot - 352)], "#c9b98f", 6)
    for side in (-34, 8, 44):
        steam = [(x + side + 13 * math.sin(i / 5 + side), foot - 306 - i * 6.4) for i in range(22)]
        canvas.line(steam, "#e6d9bd", 4)


def _pear(x: float, foot: float, width: float, *, top: float = -276) -> list[Point]:
    # Half widths by height of the eastern tea glass: a narrow waist under a wide rim.
    profile = [(0, 44), (-14, 62), (-50, 84), (-92, 86), (-130, 66), (-160, 54), (-190, 56),
               (-230, 68), (-276, 80)]  # fmt: skip
    right: list[Point] = []
    for (h0, w0), (h1, w1) in pairwise(profile):
        for i in range(8):
            t = i / 8
            smooth = t * t * (3 - 2 * t)
            height = h0 + (h1 - h0) * t
            if height >= top:
                right.append((x + (w0 + (w1 - w0) * smooth) * width, foot + height))
    return [*right, *((2 * x - px, py) for px, py in reversed(right))]


def _sugar(canvas: Canvas, x: float, y: float) -> None:
    canvas.ellipse(x, y + 4, 92, 20, "#59261f")
    canvas.ellipse(x - 2, y - 3, 86, 20, "#46707a")
    canvas.ellipse(x - 2, y - 6, 74, 14, "#5d8890")
    for dx, dy in ((-44, -26), (-8, -22), (26, -27), (-24, -52), (12, -50)):
        canvas.polygon(
            [
                (x + dx, y + dy),
                (x + dx + 15, y + dy - 7),
                (x + dx + 36, y + dy - 3),
                (x + dx + 20, y + dy + 5),
            ],
            "#ffffff",
        )
        canvas.polygon(
            [
                (x + dx, y + dy),
                (x + dx + 20, y + dy + 5),
                (x + dx + 20, y + dy + 28),
                (x + dx, y + dy + 22),
            ],
            "#f3ead8",
        )
        canvas.polygon(
            [
                (x + dx + 20, y + dy + 5),
                (x + dx + 36, y + dy - 3),
                (x + dx + 36, y + dy + 20),
                (x + dx + 20, y + dy + 28),
            ],
            "#d9ccb3",
        )


def _around(x: float, y: float, rx: float, ry: float, angle: float) -> Point:
    return x + rx * math.cos(angle), y + ry * math.sin(angle)
