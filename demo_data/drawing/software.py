"""Pictures of the programs."""

from __future__ import annotations

from .canvas import (
    CENTRE_X,
    WIDTH,
    Canvas,
    Point,
    box,
    ellipse,
    mix,
    polygon,
    scatter,
    smooth,
    spread,
)


def sqlite() -> Canvas:
    """A B-tree of pages of equal size, and one search from the root to a leaf."""
    c = Canvas("#e7eef5")
    sheet = polygon([(70, 34), (1050, 34), (1130, 114), (1130, 641), (70, 641)])
    c.fill(sheet.translated(10, 12), "#c9d6e3")
    c.fill(sheet, "#fdfefe")
    c.fill(polygon([(1050, 34), (1130, 114), (1050, 114)]), "#c9d6e3")
    width, height = 96.0, 112.0
    levels = [[600.0], [240.0, 600.0, 960.0], [130 + number * 117.5 for number in range(9)]]
    tops, wanted = [74.0, 270.0, 478.0], [0, 1, 5]

    def link(level: int, parent: int, child: int, tone: str, stroke: float) -> None:
        x, y = levels[level][parent], tops[level] + height
        end_x, end_y = levels[level + 1][child], tops[level + 1]
        bend = (end_y - y) * 0.5
        start_x = x + (child % 3 - 1) * 30
        c.stroke(
            smooth([(start_x, y), (start_x, y + bend * 0.5), (end_x, end_y - bend * 0.5), (end_x, end_y)]), tone, stroke
        )

    for child in range(3):
        link(0, 0, child, "#9db8d2", 4)
    for child in range(9):
        link(1, child // 3, child, "#9db8d2", 4)
    link(0, 0, 1, "#f08a24", 9)
    link(1, 1, 5, "#f08a24", 9)
    for level, row in enumerate(levels):
        for number, x in enumerate(row):
            chosen = number == wanted[level]
            left, top = x - width / 2, tops[level]
            body, ink = ("#f08a24", "#fff2df") if chosen else (("#0f5c99", "#2f7fbf", "#69a8d8")[level], "#eaf4fc")
            c.bar(left, top, width, height, body, 9)
            c.bar(left + 10, top + 10, width - 20, 10, ink, 5)
            for line in range(5):
                share = 0.45 + 0.5 * spread(number * 5 + line + level)
                c.bar(left + 10, top + 32 + line * 15, (width - 20) * share, 7, ink, 3.5, 0.6)
            if level == 2 and chosen:
                c.bar(left + 10, top + 62, width - 20, 7, "#5a2c00", 3.5)
    return c


def _glue(c: Canvas, x: float, y: float, width: float, tone: str) -> None:
    """A spring that fills the space between two boxes."""
    turns = 6
    points: list[Point] = [(x, y)]
    points += [(x + width * (turn + 0.5) / turns, y + (9 if turn % 2 else -9)) for turn in range(turns)]
    c.stroke(polygon([*points, (x + width, y)], closed=False), tone, 3)


def tex() -> Canvas:
    """A paragraph of boxes and glue, and a letter as its control points."""
    c = Canvas("#f7f3e8")
    widths = [[92, 46, 120, 70, 88], [60, 132, 52, 96, 60], [118, 74, 40, 104], [48, 90, 66, 122, 58],
              [104, 58, 84, 110], [70, 46, 128, 50, 74], [96, 118, 56]]  # fmt: skip
    left, measure = 70.0, 560.0
    for row, boxes in enumerate(widths):
        y = 78 + row * 78
        last = row == len(widths) - 1
        space = 30.0 if last else (measure - sum(boxes)) / (len(boxes) - 1)
        x = left
        for number, width in enumerate(boxes):
            tall = 30 + 22 * spread(row * 5 + number)
            tone = ("#2a4d69", "#3f6f8f", "#6b93a8")[(row + number) % 3]
            c.bar(x, y + 40 - tall, width, tall, tone, 3)
            if (row + number) % 3 == 0:
                c.bar(x, y + 40, width, 15, mix(tone, "#f7f3e8", 0.45), 3)
            if number + 1 < len(boxes):
                _glue(c, x + width + 3, y + 28, space - 6, "#d9772b")
            x += width + space
        c.line((left, y + 40), (left + measure, y + 40), "#d8cfb8", 1.6)
    for x in (left, left + measure):
        c.line((x, 50), (x, 625), "#d9772b", 2, opacity=0.6)
    bar = [(720, 250), (752, 176), (820, 160), (1130, 160)]
    under = [(1130, 214), (830, 214), (782, 222), (744, 264)]
    pi = smooth(bar)
    pi.connectPath(smooth(under))
    pi.closeSubpath()
    left_leg = [(852, 204), (846, 330), (816, 440), (774, 512), (812, 524), (866, 470), (892, 350), (902, 204)]
    right_leg = [(1010, 204), (1000, 340), (1004, 440), (1040, 508), (1094, 506), (1136, 440), (1118, 432), (1082, 466),
                 (1058, 420), (1058, 320), (1066, 204)]  # fmt: skip
    legs = [smooth(left_leg, closed=True), smooth(right_leg, closed=True)]
    for shape in (pi, *legs):
        c.fill(shape, "#c8d9e2")
    for shape in (pi, *legs):
        c.stroke(shape, "#2a4d69", 4)
    handles = [
        ((720, 250), (738, 176)), ((820, 160), (752, 160)), ((852, 204), (850, 300)), ((774, 512), (800, 474)),
        ((902, 204), (896, 320)), ((866, 470), (840, 520)), ((1010, 204), (1004, 320)), ((1040, 508), (1010, 490)),
        ((1136, 440), (1128, 486)), ((1066, 204), (1058, 330)), ((1130, 160), (1060, 160)), ((1130, 214), (1040, 214)),
    ]  # fmt: skip
    for (x, y), (hx, hy) in handles:
        c.line((x, y), (hx, hy), "#d9772b", 2.2)
        c.disc(hx, hy, 6, "#d9772b")
        c.bar(x - 7, y - 7, 14, 14, "#f7f3e8")
        c.stroke(box(x - 7, y - 7, 14, 14), "#2a4d69", 3, flat=True)
    c.line((700, 524), (1150, 524), "#d9772b", 2, opacity=0.6)
    return c


def apollo_guidance() -> Canvas:
    """The way down to the Moon above a strip of core rope, where a wire through a core is a one."""
    c = Canvas("#0d1326")
    for number in range(90):
        c.disc(*scatter(number, 0, 0, WIDTH, 420), spread(number * 3, 1, 2.6), "#dfe6f5", 0.85)
    c.disc(190, 128, 62, "#2f6fb0")
    with c.clipped(ellipse(190, 128, 62)):
        c.fill(smooth([(140, 90), (190, 70), (214, 110), (180, 140), (150, 130)], closed=True), "#6aa86f")
        c.fill(smooth([(200, 150), (236, 140), (246, 178), (214, 190)], closed=True), "#6aa86f")
        c.stroke(smooth([(120, 110), (180, 118), (256, 96)]), "#eef4f8", 9, opacity=0.8)
        c.fill(ellipse(228, 160, 66), "#0d1326", 0.35)
    c.disc(CENTRE_X, 1180, 800, "#c9c7bf")
    c.disc(CENTRE_X + 16, 1196, 800, "#b4b1a8")
    for x, y, radius in (
        (360, 470, 30),
        (520, 440, 16),
        (820, 455, 38),
        (1010, 500, 22),
        (690, 420, 12),
        (220, 500, 18),
    ):
        c.fill(ellipse(x, y, radius, radius * 0.36), "#8f8c84")
        c.fill(ellipse(x + 3, y + 4, radius * 0.86, radius * 0.27), "#a5a299")
    way = [(60, 214), (330, 190), (600, 212), (800, 262), (892, 330), (912, 398)]
    c.stroke(smooth(way), "#ffb703", 5, dash=(3, 3))
    for x, y in way[1:-1]:
        c.disc(x, y, 8, "#ffb703")
    with c.turned(908, 322, 6, 1.25):
        for side in (-1, 1):
            c.line((side * 14, 12), (side * 40, 48), "#d9a441", 5)
            c.line((side * 30, 50), (side * 50, 50), "#d9a441", 5)
        c.bar(-28, -6, 56, 24, "#d9a441", 3)
        c.fill(polygon([(-24, -8), (-30, -30), (-14, -48), (14, -48), (30, -30), (24, -8)]), "#e8edf2")
        c.fill(polygon([(-14, -34), (-4, -34), (-8, -20)]), "#22304f")
        c.fill(polygon([(14, -34), (4, -34), (8, -20)]), "#22304f")
        c.fill(polygon([(-9, 18), (9, 18), (14, 30), (-14, 30)]), "#6d7687")
        c.fill(polygon([(-9, 32), (9, 32), (0, 66)]), "#ffdf8e")
    c.bar(0, 520, WIDTH, 155, "#1a2138")
    c.line((0, 520), (WIDTH, 520), "#ffb703", 4)
    cores = [(40 + column * 56, 566 + row * 66) for row in range(2) for column in range(21)]
    for number, tone in enumerate(("#e4572e", "#6ab0c9", "#ffb703")):
        for row in range(2):
            wire: list[Point] = [(-20, 566 + row * 66)]
            for column in range(21):
                one = spread(column * 3 + number * 7 + row * 11) > 0.5
                wire.append(
                    (
                        40 + column * 56,
                        566 + row * 66 + (number - 1) * 7 if one else 566 + row * 66 + (31 if number % 2 else -31),
                    )
                )
            c.stroke(smooth([*wire, (1220, 566 + row * 66)]), tone, 3)
    for x, y in cores:
        c.ring(x, y, 18, "#8d93a8", 8)
    return c


def _block(c: Canvas, x: float, y: float, height: float, tone: str, size: float = 58.0) -> None:
    """One city block in isometric view; (x, y) is the front corner of its ground."""
    half = size * 0.5
    roof = [(x, y - height), (x + size, y - half - height), (x, y - size - height), (x - size, y - half - height)]
    c.fill(polygon([(x, y), (x + size, y - half), roof[1], roof[0]]), mix(tone, "#1f2a44", 0.38))
    c.fill(polygon([(x, y), (x - size, y - half), roof[3], roof[0]]), mix(tone, "#1f2a44", 0.16))
    c.fill(polygon(roof), mix(tone, "#ffffff", 0.35))
    for level in range(int(height // 26)):
        for column in range(3):
            share = (column + 0.3) / 3
            wx, wy = x - size * share, y - half * share - 16 - level * 26
            c.fill(
                polygon([(wx, wy), (wx - 10, wy - 5), (wx - 10, wy - 15), (wx, wy - 10)]), mix(tone, "#ffffff", 0.55)
            )


def low_altitude_routing() -> Canvas:
    c = Canvas("#dfe3f3")
    c.bar(0, 0, WIDTH, 250, "#e9ecf8")
    c.disc(1010, 120, 64, "#ffd9a0")
    tones = ("#7f8fd1", "#a3b0e3", "#6c7bb8", "#b9a7d9")
    for row in range(9):
        for column in range(-1, 11):
            x, y = column * 138 + (row % 2) * 69 - 20, 330 + row * 48
            height = 30 + 128 * spread(row * 12 + column) * (1 - 0.045 * row)
            _block(c, x, y, height, tones[(row * 5 + column * 3) % 4])
    routes = (
        ("#f25c54", [(110, 420), (300, 190), (560, 130), (800, 230), (930, 430)]),
        ("#12908e", [(60, 220), (340, 300), (640, 250), (900, 130), (1160, 150)]),
        ("#f4a024", [(260, 560), (420, 360), (640, 330), (880, 350), (1110, 520)]),
    )
    for tone, points in routes:
        c.stroke(smooth(points), "#ffffff", 13, opacity=0.65)
        c.stroke(smooth(points), tone, 6, dash=(2.4, 1.7))
        for x, y in (points[0], points[-1]):
            c.fill(ellipse(x, y, 30, 15), tone, 0.35)
            c.fill(ellipse(x, y, 16, 8), tone)
        for x, y in points[1:-1]:
            for dx, dy in ((-26, -9), (26, -9), (-17, 11), (17, 11)):
                c.line((x, y), (x + dx, y + dy), "#26304f", 5)
                c.fill(ellipse(x + dx, y + dy, 17, 6), "#ffffff", 0.9)
                c.fill(ellipse(x + dx, y + dy, 4, 3), "#26304f")
            c.bar(x - 13, y - 8, 26, 17, "#26304f", 7)
            c.bar(x - 9, y + 11, 18, 14, tone, 3)
    return c


PICTURES = {
    "sqlite": sqlite,
    "tex": tex,
    "apollo-guidance": apollo_guidance,
    "low-altitude-routing": low_altitude_routing,
}
