"""Rivers: a train on a viaduct over a gorge, a pilot's boat in a delta."""

import math

from PIL import Image

from newsandtimes.demo.art.canvas import HEIGHT, WIDTH, Canvas, curve, mix


def viaduct() -> Image.Image:
    """Draw a train on a stone viaduct over a wooded gorge."""
    canvas = Canvas(seed=30)
    canvas.gradient([(0, "#a9c3c4"), (0.4, "#dfe3d2"), (0.65, "#f2e6cb")])
    canvas.glow(300, 260, 520, "#fffbe9", 0.8)
    for base, height, top, foot in (
        (330, 260, "#a3b9bb", "#dcdfcd"),
        (440, 250, "#7f9c9c", "#c0cdb9"),
        (560, 220, "#5d8079", "#9db19b"),
    ):
        shape = canvas.ridge(base=base, height=height, roughness=0.55)
        canvas.fading_shape(shape, (top, foot), fade=260)
        canvas.haze(base + 150, 110, "#eef0dd", 0.35)
    river = [
        *curve((880, 672), (700, 760), (880, 1010)),
        *curve((1180, 1010), (800, 760), (882, 672)),
    ]
    canvas.fading_shape(river, ("#cfdccd", "#7fa3a3"), fade=320)
    canvas.haze(690, 90, "#dbe3cf", 0.7)
    _viaduct_arches(canvas, deck=470)
    _train(canvas, 470)
    left = [*curve((-8, 560), (330, 640), (700, 1010)), (-8, 1010)]
    right = [*curve((WIDTH + 8, 520), (1290, 660), (1120, 1010)), (WIDTH + 8, 1010)]
    for bank in (left, right):
        canvas.fading_shape(bank, ("#3f6152", "#1f3a33"), fade=420)
    _wood(canvas)
    return canvas.finished()


def delta() -> Image.Image:
    """Draw a pilot's boat on a branch of a delta at sunrise, between willows and reeds."""
    canvas = Canvas(seed=88)
    canvas.gradient([(0, "#7fa6b0"), (0.5, "#d3ddc9"), (1, "#f7e3b4")], bottom=470)
    canvas.glow(1120, 430, 520, "#fff4cf", 0.9)
    canvas.ellipse(1120, 400, 42, 42, "#fffbe8")
    canvas.fading_shape(canvas.ridge(base=452, height=26), ("#8fa79c", "#b9c3a4"), fade=40)
    canvas.gradient([(0, "#f1e2b8"), (0.3, "#b3c9bd"), (1, "#39616a")], top=470)
    for _ in range(230):
        depth = canvas.random.random() ** 1.5
        y, half = 474 + depth * 520, canvas.random.uniform(10, 24 + 80 * depth)
        x = canvas.random.uniform(0, WIDTH)
        canvas.line([(x - half, y), (x + half, y)], mix("#fbf0cd", "#52808a", depth), 1 + 2 * depth)
    for x, y, size in ((300, 500, 66), (380, 508, 84), (180, 520, 112), (60, 540, 150)):
        _willow(canvas, x, y, size)
    bank = [
        (-8, 512),
        *curve((40, 508), (420, 506), (520, 522)),
        *curve((520, 522), (240, 560), (-8, 640)),
    ]
    canvas.polygon(bank, "#4f6a4c")
    _pilot_boat(canvas, 860, 640)
    for x, y in ((640, 250), (700, 226), (770, 246), (1330, 190), (1392, 206)):
        canvas.line([(x - 17, y - 7), (x, y), (x + 17, y - 8)], "#4c6468", 2.6)
    _reeds(canvas)
    return canvas.finished()


def _viaduct_arches(canvas: Canvas, *, deck: float) -> None:
    stone, shade = "#c9b698", "#9c8a70"
    canvas.rectangle(-8, deck, WIDTH + 8, deck + 34, stone)
    canvas.rectangle(-8, deck + 26, WIDTH + 8, deck + 36, shade)
    width, pier = 200.0, 46.0
    for index in range(-1, 9):
        left = index * width - 30
        foot = HEIGHT + 8
        arch_left, arch_right = left + pier, left + width
        canvas.rectangle(left, deck + 30, arch_left, foot, stone)
        canvas.rectangle(left + pier * 0.62, deck + 30, arch_left, foot, shade)
        canvas.rectangle(left - 7, deck + 128, arch_left + 7, deck + 140, "#b5a285")
        middle, radius = (arch_left + arch_right) / 2, (arch_right - arch_left) / 2
        bow = [
            (middle - radius * math.cos(a), deck + 132 - 92 * math.sin(a))
            for a in (math.pi * i / 40 for i in range(41))
        ]
        canvas.polygon([*bow, (arch_right, deck + 30), (arch_left, deck + 30)], stone)
        canvas.line(bow, shade, 5)
    for x in range(-8, WIDTH, 40):
        canvas.rectangle(x, deck - 16, x + 5, deck, shade)
    canvas.rectangle(-8, deck - 20, WIDTH + 8, deck - 14, stone)


def _train(canvas: Canvas, deck: float) -> None:
    body, band = "#8c2f2b", "#efe3c9"
    for car in range(5):
        left = 470 + car * 176
        canvas.rectangle(left, deck - 92, left + 170, deck - 14, body, r=9)
        canvas.rectangle(left, deck - 44, left + 170, deck - 36, band)
        canvas.rectangle(left + 6, deck - 97, left + 164, deck - 88, "#4a3a38", r=4)
        for window in range(6):
            x = left + 13 + window * 25
            canvas.rectangle(x, deck - 80, x + 17, deck - 53, "#fbe7b4", r=2)
        for wheel in (30, 58, 112, 140):
            canvas.ellipse(left + wheel, deck - 8, 9, 9, "#2f2a2c")
    front = 470 + 5 * 176
    canvas.rectangle(front, deck - 96, front + 150, deck - 14, "#2f4a4f", r=10)
    canvas.polygon([(front + 120, deck - 96), (front + 176, deck - 40), (front + 176, deck - 14),
                    (front + 110, deck - 14)], "#2f4a4f")  # fmt: skip
    canvas.rectangle(front, deck - 44, front + 176, deck - 36, band)
    canvas.polygon([(front + 104, deck - 84), (front + 122, deck - 84), (front + 148, deck - 56),
                    (front + 104, deck - 56)], "#fbe7b4")  # fmt: skip
    canvas.glow(front + 178, deck - 26, 60, "#fff0c0", 0.9)
    for wheel in (30, 62, 108, 140):
        canvas.ellipse(front + wheel, deck - 8, 9, 9, "#2f2a2c")


def _wood(canvas: Canvas) -> None:
    shades = ["#2c4d41", "#365a48", "#23423a", "#42664d", "#6d7444", "#8a7440"]
    spots = []
    for _ in range(520):
        x = canvas.random.uniform(-20, WIDTH + 20)
        top = _bank(x)
        if top < 1040:
            spots.append((top + canvas.random.random() ** 1.4 * 330, x))
    for y, x in sorted(spots):
        size = 9 + (y - 560) * 0.055 + canvas.random.uniform(0, 9)
        colour = canvas.random.choice(shades)
        canvas.ellipse(x, y, size, size * 1.12, mix(colour, "#122a26", 0.45))
        canvas.ellipse(x - size * 0.14, y - size * 0.16, size * 0.86, size * 0.94, colour)


def _bank(x: float) -> float:
    left = 556 + 0.16 * x + (max(0.0, x) / 700) ** 2 * 345
    right = 520 + 0.2 * (WIDTH - x) + (max(0.0, WIDTH - x) / 480) ** 2 * 400
    return min(left, right) + 8


def _willow(canvas: Canvas, x: float, ground: float, size: float) -> None:
    canvas.line([(x, ground + 10), (x + size * 0.08, ground - size)], "#4a4032", size * 0.09)
    for _ in range(70):
        angle, reach = canvas.random.uniform(0, math.pi), canvas.random.uniform(0.3, 1) * size
        top_x, top_y = (
            x + math.cos(angle) * reach,
            ground - size * 1.25 - math.sin(angle) * reach * 0.7,
        )
        colour = canvas.random.choice(["#6f8a55", "#5d7a4f", "#86995c", "#4d6a4a"])
        length = size * canvas.random.uniform(0.5, 1.05)
        canvas.ellipse(top_x, top_y + length / 2, size * 0.1, length / 2, colour)


def _pilot_boat(canvas: Canvas, x: float, y: float) -> None:
    for row in range(9):
        half = 126 - row * 9
        canvas.line([(x - half, y + 34 + row * 8), (x + half, y + 34 + row * 8)], "#44605f", 3)
    canvas.polygon(
        [(x - 170, y - 14), (x + 168, y - 24), (x + 128, y + 28), (x - 150, y + 28)], "#22384a"
    )
    canvas.polygon(
        [(x - 156, y + 14), (x + 139, y + 14), (x + 128, y + 28), (x - 150, y + 28)], "#8c2f2b"
    )
    canvas.rectangle(x - 84, y - 82, x + 48, y - 14, "#f3ead6", r=5)
    canvas.rectangle(x - 96, y - 92, x + 60, y - 78, "#b5563c", r=5)
    for window in (-70, -34, 2):
        canvas.rectangle(x + window, y - 66, x + window + 28, y - 40, "#37525c", r=3)
    canvas.line([(x - 18, y - 92), (x - 18, y - 176)], "#22384a", 4)
    canvas.polygon([(x - 16, y - 174), (x + 34, y - 162), (x - 16, y - 148)], "#b5413a")
    canvas.line([(x - 190, y + 30), (x + 176, y + 30)], "#fbf0cd", 3)


def _reeds(canvas: Canvas) -> None:
    for _ in range(300):
        x = canvas.random.choice(
            [canvas.random.uniform(1120, 1640), canvas.random.triangular(-40, 420, -40)]
        )
        near = (x - 1120) / 480 if x > 1100 else (420 - x) / 460
        top = 985 - near * canvas.random.uniform(120, 330) - 30
        lean = canvas.random.uniform(-26, 26)
        colour = canvas.random.choice(["#2f4f45", "#3d5f4c", "#27433d", "#5a6f4b"])
        canvas.line(curve((x, 1008), (x, (top + 1000) / 2), (x + lean, top), steps=8), colour, 4)
        if canvas.random.random() < 0.3:
            canvas.ellipse(x + lean, top - 4, 6, 25, "#6b4a34")
