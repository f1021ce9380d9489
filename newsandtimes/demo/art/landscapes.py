"""Open country: mountains at dawn, a weather station above the clouds, a vineyard in autumn."""

from PIL import Image

from newsandtimes.demo.art.canvas import HEIGHT, WIDTH, Canvas, Point, curve, mix


def mountains() -> Image.Image:
    """Draw five ranges in morning mist, and the road that goes up to the first."""
    canvas = Canvas(seed=11)
    canvas.gradient([(0, "#4d6b86"), (0.45, "#a9b8bb"), (0.62, "#f0cfa6"), (0.8, "#f6dcb8")])
    canvas.glow(1130, 400, 640, "#fff0cf", 0.85)
    canvas.ellipse(1130, 345, 50, 50, "#fffaf0")
    ranges = [
        (450, 300, "#7890a3", "#e3d3ba"),
        (560, 300, "#647f91", "#cfc8b5"),
        (660, 260, "#52707f", "#a9b3a8"),
        (755, 200, "#3a5663", "#748a85"),
    ]
    for base, height, top, foot in ranges:
        shape = canvas.ridge(base=base, height=height, roughness=0.56)
        canvas.fading_shape(shape, (top, foot), fade=230)
        canvas.haze(base + 120, 90, "#f3e2c6", 0.28)
    meadow = [*curve((-8, 830), (520, 700), (WIDTH + 8, 905)), (WIDTH + 8, HEIGHT), (-8, HEIGHT)]
    canvas.fading_shape(meadow, ("#33504a", "#1d3230"), fade=260)
    _road(canvas)
    for _ in range(46):
        x = canvas.random.choice([canvas.random.uniform(0, 460), canvas.random.uniform(1150, 1600)])
        ground = 825 + (x - 300) ** 2 / 24000 + canvas.random.uniform(0, 90)
        _conifer(canvas, x, ground, canvas.random.uniform(38, 88), "#16292a")
    return canvas.finished()


def station() -> Image.Image:
    """Draw a hut with its mast on a summit, with a sea of cloud below and the first stars above."""
    canvas = Canvas(seed=41)
    canvas.gradient([(0, "#16243f"), (0.35, "#3c5478"), (0.6, "#b58f93"), (0.75, "#f0bf98")])
    for _ in range(120):
        x, y = canvas.random.uniform(0, WIDTH), canvas.random.uniform(0, 360)
        size = canvas.random.uniform(0.7, 1.9)
        canvas.ellipse(x, y, size, size, mix("#3c5478", "#ffffff", 0.85 - y / 520))
    canvas.glow(330, 640, 560, "#ffd9ae", 0.7)
    for base, height, top in ((560, 150, "#7a7f9b"), (640, 130, "#5c678a")):
        canvas.fading_shape(canvas.ridge(base=base, height=height), (top, "#c9a9a5"), fade=190)
    for level in range(5):
        _cloud_bank(canvas, 690 + level * 58, level)
    summit = _summit()
    canvas.fading_shape(summit, ("#2b3a58", "#16213a"), fade=420)
    canvas.polygon(_snow(), "#dfe4ec")
    canvas.polygon(_shaded_snow(), "#b7c2d6")
    _hut(canvas)
    return canvas.finished()


def vineyard() -> Image.Image:
    """Draw rows of vines that climb a hill in October, cypresses and a house with a red roof."""
    canvas = Canvas(seed=7)
    canvas.gradient([(0, "#8fb2bd"), (0.3, "#c9d6cc"), (0.5, "#f3e3c3")])
    canvas.glow(360, 330, 480, "#fff4d8", 0.7)
    for base, top, foot in ((360, "#93aab0", "#d5d2bd"), (430, "#76928f", "#bcc2a2")):
        canvas.fading_shape(canvas.ridge(base=base, height=130), (top, foot), fade=170)
    back = [*curve((-8, 560), (500, 400), (WIDTH + 8, 520)), (WIDTH + 8, HEIGHT), (-8, HEIGHT)]
    canvas.fading_shape(back, ("#a9a663", "#8e8a48"), fade=160)
    _house(canvas, 1130, 462)
    for x, height in ((1040, 96), (1066, 120), (1310, 110), (1338, 84), (1288, 78)):
        _cypress(canvas, x, 486, height)
    hill = [*curve((-8, 610), (800, 470), (WIDTH + 8, 640)), (WIDTH + 8, HEIGHT), (-8, HEIGHT)]
    canvas.fading_shape(hill, ("#b98b45", "#8a5a30"), fade=420)
    _vine_rows(canvas)
    return canvas.finished()


def _road(canvas: Canvas) -> None:
    bends = [(700, 1000), (980, 905), (640, 850), (850, 806), (735, 778), (800, 762)]
    widths = [92.0, 46.0, 30.0, 18.0, 11.0, 6.0]
    left: list[Point] = []
    right: list[Point] = []
    for i in range(len(bends) - 1):
        (x0, y0), (x1, y1) = bends[i], bends[i + 1]
        for step in range(16):
            t = step / 16
            smooth = t * t * (3 - 2 * t)
            x, y = x0 + (x1 - x0) * smooth, y0 + (y1 - y0) * t
            half = (widths[i] + (widths[i + 1] - widths[i]) * t) / 2
            left.append((x - half, y))
            right.append((x + half, y))
    canvas.polygon([*left, *reversed(right)], "#c8b894")


def _conifer(canvas: Canvas, x: float, ground: float, height: float, colour: str) -> None:
    for tier in range(4):
        top = ground - height + tier * height * 0.2
        half = height * (0.1 + tier * 0.055)
        canvas.polygon(
            [(x, top), (x - half, top + height * 0.36), (x + half, top + height * 0.36)], colour
        )


def _cloud_bank(canvas: Canvas, level: float, index: int) -> None:
    colour = mix("#e9c7b2", "#8d94b4", index / 4)
    x = -60.0
    while x < WIDTH + 60:
        radius = canvas.random.uniform(46, 112)
        canvas.ellipse(x, level + 40, radius * 1.5, radius * 0.55, colour)
        x += radius * 0.9
    canvas.rectangle(0, level + 45, WIDTH, HEIGHT, colour)
    canvas.haze(level + 90, 100, mix(colour, "#5a6a94", 0.5), 0.35)


def _summit() -> list[Point]:
    return [
        (560, HEIGHT), (640, 905), (700, 860), (752, 770), (812, 722), (868, 640), (930, 596),
        (982, 512), (1030, 470), (1190, 466), (1226, 520), (1290, 560), (1338, 640), (1420, 706),
        (1470, 790), (1560, 850), (WIDTH + 8, 905), (WIDTH + 8, HEIGHT),
    ]  # fmt: skip


def _snow() -> list[Point]:
    return [
        (812, 722), (868, 640), (930, 596), (982, 512), (1030, 470), (1190, 466), (1226, 520),
        (1290, 560), (1338, 640), (1300, 650), (1270, 618), (1240, 672), (1205, 590), (1160, 640),
        (1128, 560), (1080, 668), (1046, 612), (1000, 700), (968, 640), (900, 712), (872, 690),
    ]  # fmt: skip


def _shaded_snow() -> list[Point]:
    return [
        (1118, 468), (1190, 466), (1226, 520), (1290, 560), (1338, 640), (1300, 650), (1270, 618),
        (1240, 672), (1205, 590), (1160, 640), (1136, 580), (1152, 540),
    ]  # fmt: skip


def _hut(canvas: Canvas) -> None:
    canvas.rectangle(1062, 414, 1172, 468, "#3a2f33")
    canvas.polygon([(1050, 418), (1074, 376), (1160, 376), (1184, 418)], "#8c2f2b")
    canvas.glow(1098, 442, 70, "#ffd27a", 0.75)
    for x in (1080, 1120):
        canvas.rectangle(x, 428, x + 26, 452, "#ffdf9a")
        canvas.line([(x + 13, 428), (x + 13, 452)], "#3a2f33", 2)
    canvas.line([(1212, 512), (1212, 262)], "#1c2438", 5)
    for x, y in ((1150, 470), (1270, 556)):
        canvas.line([(1212, 300), (x, y)], "#4a5674", 1.4)
    canvas.line([(1178, 270), (1246, 270)], "#1c2438", 4)
    for x in (1178, 1212, 1246):
        canvas.ellipse(x, 264, 9, 7, "#e8ebf0")
    canvas.polygon([(1212, 306), (1262, 300), (1262, 324), (1212, 322)], "#b5413a")


def _house(canvas: Canvas, x: float, y: float) -> None:
    canvas.rectangle(x - 8, y - 52, x + 132, y + 22, "#f1e4c8")
    canvas.rectangle(x + 92, y - 52, x + 132, y + 22, "#dcc9a4")
    canvas.polygon(
        [(x - 22, y - 48), (x + 12, y - 88), (x + 112, y - 88), (x + 146, y - 48)], "#a8452f"
    )
    for window in (12, 46, 104):
        canvas.rectangle(x + window, y - 32, x + window + 14, y - 10, "#5d6e6f")
    canvas.rectangle(x + 66, y - 24, x + 84, y + 22, "#6d4a34")


def _cypress(canvas: Canvas, x: float, ground: float, height: float) -> None:
    left = curve((x, ground - height), (x - height * 0.24, ground - height * 0.3), (x, ground + 6))
    right = curve((x, ground + 6), (x + height * 0.24, ground - height * 0.3), (x, ground - height))
    canvas.polygon([*left, *right], "#3d5540")
    shade = curve((x, ground + 6), (x + height * 0.08, ground - height * 0.3), (x, ground - height))
    canvas.polygon([*shade, *reversed(right)], "#304635")


def _vine_rows(canvas: Canvas) -> None:
    # Rows meet at a point behind the brow of the hill; leaves grow towards the reader.
    far_x, far_y = 800.0, 380.0
    leaves = ["#6f7238", "#8a7a34", "#a98436", "#a8622f", "#84402e", "#5c6636"]
    for row in range(-12, 13):
        foot = 800 + row * 190
        steps = 110
        for step in range(steps):
            depth = (step / steps) ** 1.7
            t = 0.30 + depth * 0.78
            x, y = far_x + (foot - far_x) * t, far_y + (HEIGHT + 30 - far_y) * t
            if y < _brow(x) + 6 or not -60 < x < WIDTH + 60:
                continue
            size = 3 + 26 * depth
            canvas.ellipse(x + size * 0.35, y + size * 0.75, size * 1.1, size * 0.34, "#6b4426")
            for _ in range(9):
                dx, dy = canvas.random.uniform(-0.75, 0.75), canvas.random.uniform(-1.5, 0.3)
                colour = mix(canvas.random.choice(leaves), "#d8c48a", 0.4 * (1 - depth))
                canvas.ellipse(x + dx * size, y + dy * size, size * 0.34, size * 0.26, colour)


def _brow(x: float) -> float:
    t = (x + 8) / (WIDTH + 16)
    return (1 - t) ** 2 * 610 + 2 * (1 - t) * t * 470 + t**2 * 640
