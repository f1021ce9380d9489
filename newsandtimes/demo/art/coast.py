"""The coast: a port at dusk, a lighthouse at night."""

from PIL import Image

from newsandtimes.demo.art.canvas import HEIGHT, WIDTH, Canvas, mix

IRON = "#1b2333"


def port() -> Image.Image:
    """Draw cranes and a ship against the evening sky, and their lights on the water."""
    canvas = Canvas(seed=23)
    canvas.gradient(
        [(0, "#2b3557"), (0.4, "#7b6a86"), (0.75, "#e2977a"), (1, "#f8c994")], bottom=640
    )
    canvas.glow(520, 600, 560, "#ffe2a8", 0.8)
    canvas.ellipse(520, 566, 52, 52, "#fff1cc")
    for base, top in ((560, "#8f7488"), (600, "#6b5f78")):
        canvas.fading_shape(canvas.ridge(base=base, height=110), (top, "#b98a86"), fade=110)
    canvas.gradient([(0, "#e9ab86"), (0.25, "#a07b88"), (1, "#27304c")], top=640)
    _ripples(canvas)
    canvas.rectangle(900, 640, WIDTH, 676, "#2a2f45")
    canvas.rectangle(900, 676, WIDTH, 690, "#1a2033")
    for x, reach in ((1060, 300), (1420, 190)):
        _crane(canvas, x, reach)
    _containers(canvas, 1010, 640)
    _ship(canvas)
    for x in range(1040, WIDTH, 107):
        _lamp(canvas, x, 640)
    for x, y in ((180, 300), (236, 276), (300, 318), (690, 232), (742, 250)):
        canvas.line([(x - 15, y - 6), (x, y), (x + 15, y - 7)], "#322f49", 2.4)
    return canvas.finished()


def lighthouse() -> Image.Image:
    """Draw a lighthouse on a cliff, its beam and a calm night sea."""
    canvas = Canvas(seed=64)
    canvas.gradient([(0, "#0f1b33"), (0.5, "#27436a"), (0.68, "#5d7f96")], bottom=HEIGHT)
    for _ in range(150):
        x, y = canvas.random.uniform(0, WIDTH), canvas.random.uniform(0, 520)
        size = canvas.random.uniform(0.6, 1.8)
        canvas.ellipse(x, y, size, size, mix("#27436a", "#ffffff", 0.9 - y / 640))
    canvas.gradient([(0, "#6a8ba0"), (0.12, "#34567a"), (1, "#0d1a31")], top=680)
    for _ in range(190):
        y = 684 + canvas.random.random() ** 1.8 * 310
        x, half = canvas.random.uniform(0, WIDTH), canvas.random.uniform(10, 20 + (y - 680) * 0.3)
        canvas.line([(x - half, y), (x + half, y)], mix("#7d9db0", "#1a3050", (y - 680) / 300), 1.6)
    for spread, strength in ((74, 0.10), (46, 0.16), (20, 0.28)):
        _beam(canvas, spread, strength)
    cliff = [(930, 1010), (985, 905), (1012, 800), (1060, 742), (1095, 668), (1170, 628),
             (1320, 606), (1460, 622), (WIDTH + 8, 598), (WIDTH + 8, 1010)]  # fmt: skip
    canvas.fading_shape(cliff, ("#22334a", "#0b1424"), fade=330)
    canvas.polygon(
        [*cliff[4:9], (WIDTH + 8, 634), (1440, 652), (1300, 640), (1180, 660)], "#39504f"
    )
    _tower(canvas, 1240, 620)
    return canvas.finished()


def _ripples(canvas: Canvas) -> None:
    for _ in range(260):
        y = 646 + canvas.random.random() ** 1.6 * 350
        depth = (y - 640) / 360
        x, half = canvas.random.uniform(0, WIDTH), canvas.random.uniform(8, 18 + 70 * depth)
        colour = mix("#f0b892", "#323a58", min(1, depth * 1.3))
        canvas.line([(x - half, y), (x + half, y)], colour, 1 + 1.6 * depth)
    for _ in range(150):
        depth = canvas.random.random() ** 1.3
        y, half = 644 + depth * 300, canvas.random.uniform(6, 40) * (1 - depth * 0.5)
        x = 520 + canvas.random.uniform(-1, 1) * (18 + 70 * depth)
        colour = mix("#ffe7b8", "#b98a86", depth)
        canvas.line([(x - half, y), (x + half, y)], colour, 2.4)


def _crane(canvas: Canvas, x: float, reach: float) -> None:
    for leg in (x, x + 86):
        canvas.line([(leg, 640), (leg, 330)], IRON, 8)
    canvas.line([(x, 560), (x + 86, 470)], IRON, 3.4)
    canvas.line([(x + 86, 560), (x, 470)], IRON, 3.4)
    canvas.rectangle(x - 6, 462, x + 92, 472, IRON)
    canvas.rectangle(x - reach, 352, x + 140, 366, IRON)
    canvas.rectangle(x + 92, 330, x + 140, 356, IRON)
    canvas.polygon([(x + 30, 352), (x + 43, 236), (x + 56, 352)], IRON)
    for end in (x - reach + 14, x - reach / 2, x + 128):
        canvas.line([(x + 43, 240), (end, 354)], IRON, 2.2)
    canvas.line([(x - reach * 0.62, 366), (x - reach * 0.62, 452)], IRON, 2)
    canvas.rectangle(x - reach * 0.62 - 30, 452, x - reach * 0.62 + 30, 476, "#a33b33")
    canvas.glow(x + 43, 236, 26, "#ff8d6b", 0.9)
    canvas.ellipse(x + 43, 236, 3.4, 3.4, "#ffd9c4")


def _containers(canvas: Canvas, left: float, ground: float) -> None:
    colours = ["#7c3b39", "#3f5872", "#8a6a3f", "#4b5f58", "#5a4560", "#934a35"]
    for column in range(9):
        for level in range(canvas.random.randint(1, 3)):
            x, y = left + column * 62, ground - level * 27
            canvas.rectangle(x, y - 26, x + 59, y - 1, canvas.random.choice(colours))
            for rib in range(1, 5):
                canvas.line([(x + rib * 12, y - 23), (x + rib * 12, y - 4)], "#2a2c40", 1)


def _ship(canvas: Canvas) -> None:
    canvas.polygon([(590, 612), (1000, 612), (986, 694), (640, 694), (604, 650)], "#23293d")
    canvas.polygon([(628, 682), (989, 682), (986, 694), (640, 694)], "#7e3733")
    colours = ["#a34b3a", "#47647d", "#b0854a", "#5d7268", "#6d5573"]
    for column in range(6):
        for level in range(2 + (column * 7 + 3) % 3):
            x, y = 640 + column * 42, 611 - level * 20
            canvas.rectangle(x, y - 19, x + 39, y, colours[(column * 3 + level * 2) % 5])
    canvas.rectangle(902, 520, 968, 612, "#d9cdbd")
    canvas.rectangle(892, 520, 978, 536, "#efe4d2")
    canvas.rectangle(922, 484, 950, 522, "#a33b33")
    for row in range(3):
        for window in range(4):
            x, y = 909 + window * 15, 546 + row * 20
            canvas.rectangle(x, y, x + 8, y + 8, "#ffd98f")
    for y in range(700, 790, 9):
        half = 170 - (y - 700) * 0.9
        canvas.line(
            [(800 - half, y), (800 + half, y)], mix("#2a2f48", "#4d4c66", (y - 700) / 90), 2.6
        )


def _lamp(canvas: Canvas, x: float, ground: float) -> None:
    canvas.line([(x, ground), (x, ground - 74)], IRON, 2.4)
    canvas.glow(x, ground - 76, 46, "#ffdf9c", 0.8)
    canvas.ellipse(x, ground - 76, 4.4, 4.4, "#fff3d4")
    for step in range(14):
        y, half = 700 + step * 15, canvas.random.uniform(3, 12)
        canvas.line([(x - half, y), (x + half, y)], mix("#ffd694", "#3a4260", step / 14), 2)


def _beam(canvas: Canvas, spread: float, strength: float) -> None:
    cone = Image.new("L", canvas.image.size)
    beam = Canvas(seed=0)
    beam.polygon([(1240, 272), (-40, 150 - spread), (-40, 250 + spread)], "#ffffff")
    cone.paste(beam.image.convert("L"))
    fade = Image.linear_gradient("L").rotate(90).resize(cone.size)
    mask = Image.composite(fade, Image.new("L", cone.size), cone)
    mask = mask.point([round(v * strength) for v in range(256)])
    canvas.image.paste(Image.new("RGB", cone.size, "#ffe9b0"), (0, 0), mask)


def _tower(canvas: Canvas, x: float, ground: float) -> None:
    canvas.rectangle(x + 60, ground - 58, x + 168, ground, "#cfc8b6")
    canvas.polygon([(x + 50, ground - 56), (x + 76, ground - 92), (x + 152, ground - 92),
                    (x + 178, ground - 56)], "#7e3733")  # fmt: skip
    for window in (80, 124):
        canvas.rectangle(x + window, ground - 40, x + window + 18, ground - 16, "#ffd98f")
    for level in range(6):
        upper, lower = 28 + level * 3.6, 28 + (level + 1) * 3.6
        top, bottom = ground - 312 + level * 54, ground - 312 + (level + 1) * 54
        colour, dark = ("#efe8d8", "#c4bdac") if level % 2 == 0 else ("#a33b33", "#7a2b29")
        canvas.polygon(
            [(x - upper, top), (x + upper, top), (x + lower, bottom), (x - lower, bottom)], colour
        )
        canvas.polygon(
            [
                (x + upper * 0.3, top),
                (x + upper, top),
                (x + lower, bottom),
                (x + lower * 0.3, bottom),
            ],
            dark,
        )
    canvas.rectangle(x - 42, ground - 322, x + 42, ground - 310, "#1c2438")
    canvas.glow(x, ground - 348, 190, "#fff0c0", 0.9)
    canvas.rectangle(x - 22, ground - 372, x + 22, ground - 322, "#fff6d8")
    for bar in (-22, -8, 8, 22):
        canvas.line([(x + bar, ground - 372), (x + bar, ground - 322)], "#1c2438", 2.4)
    canvas.polygon([(x - 32, ground - 370), (x, ground - 406), (x + 32, ground - 370)], "#7a2b29")
    canvas.ellipse(x, ground - 410, 6, 6, "#1c2438")
