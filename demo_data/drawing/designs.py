"""Pictures of the designs."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from .canvas import (
    CENTRE_X,
    CENTRE_Y,
    HEIGHT,
    WIDTH,
    Canvas,
    box,
    ellipse,
    leaf,
    mix,
    polar,
    polygon,
    smooth,
    wedge,
)


def liberty_statue() -> Canvas:
    c = Canvas("#f4c98b")
    for number in range(6):
        c.disc(CENTRE_X, 420, 590 - number * 86, mix("#f2bd7d", "#fff1cf", number / 5))
    for number in range(3):
        c.bar(0, 560 + number * 42, WIDTH, 50, ("#7fb0a6", "#5f968e", "#447b76")[number])
    light, body, shade, dark = "#8fc7b3", "#6fb09c", "#4b8d7c", "#2d5f55"
    c.fill(polygon([(392, HEIGHT), (440, 560), (540, 505), (660, 505), (760, 560), (808, HEIGHT)]), body)
    for number in range(7):
        fold = [(470 + number * 45, 548), (455 + number * 48, 610), (440 + number * 54, HEIGHT)]
        c.stroke(smooth(fold), shade, 6)
    c.fill(polygon([(556, 440), (644, 440), (656, 520), (600, 548), (544, 520)]), shade)
    c.fill(smooth([(500, 330), (492, 400), (520, 470), (560, 486), (548, 300)], closed=True), dark)
    c.fill(smooth([(700, 330), (708, 400), (680, 470), (640, 486), (652, 300)], closed=True), dark)
    c.fill(smooth([(600, 236), (676, 262), (690, 350), (662, 436), (600, 478), (538, 436), (510, 350), (524, 262)],
                  closed=True), light)  # fmt: skip
    with c.clipped(box(600, 200, 200, 300)):
        c.fill(smooth([(600, 236), (676, 262), (690, 350), (662, 436), (600, 478), (538, 436), (510, 350), (524, 262)],
                      closed=True), body)  # fmt: skip
    for x in (556, 644):
        c.stroke(smooth([(x - 28, 344), (x, 334), (x + 28, 344)]), shade, 6)
        c.stroke(smooth([(x - 20, 364), (x, 370), (x + 20, 364)]), dark, 5)
    c.stroke(smooth([(600, 336), (590, 394), (606, 398)]), shade, 5)
    c.stroke(smooth([(576, 430), (600, 434), (624, 430)]), dark, 6)
    for number in range(7):
        heading = -90 + (number - 3) * 24
        base = polar(600, 322, 104, heading)
        tip = polar(600, 322, 300 - abs(number - 3) * 12, heading)
        sides = [polar(*base, 17, heading + 90), polar(*base, 17, heading - 90)]
        c.fill(polygon([tip, *sides]), light if number < 4 else body)
        c.fill(polygon([tip, base, sides[0]]), shade)
    c.fill(wedge(600, 322, 78, 124, 194, 152), dark)
    c.fill(wedge(600, 322, 84, 118, 196, 148), light)
    for number in range(13):
        c.fill(wedge(600, 322, 94, 110, 199 + number * 11, 6), dark)
    c.fill(smooth([(700, 530), (790, 520), (850, 330), (898, 342), (872, 560), (812, 690), (700, 690)]), body)
    c.fill(smooth([(880, 338), (898, 342), (872, 560), (812, 690), (780, 690), (850, 540)]), shade)
    c.fill(polygon([(852, 342), (898, 342), (890, 236), (862, 236)]), dark)
    c.fill(polygon([(828, 226), (922, 226), (902, 252), (848, 252)]), light)
    c.bar(822, 214, 106, 14, dark, 6)
    flame = smooth([(875, 60), (916, 130), (920, 182), (896, 214), (854, 214), (830, 182), (838, 140), (858, 118)],
                   closed=True)  # fmt: skip
    c.fill(flame, "#e4572e")
    c.fill(smooth([(878, 110), (898, 160), (892, 206), (860, 206), (850, 172)], closed=True), "#ffb703")
    return c


BOTTLE = [(33, 60), (33, 92), (39, 96), (39, 108), (31, 114), (33, 190), (46, 250), (72, 312), (80, 362), (70, 412),
          (60, 462), (64, 520), (74, 566), (74, 600), (66, 612)]  # fmt: skip


def _bottle(centre: float, *, left: bool = True, right: bool = True) -> QPainterPath:
    outline = [(centre + half, y) for half, y in BOTTLE] if right else [(centre, 60), (centre, 612)]
    back = [(centre - half, y) for half, y in reversed(BOTTLE)] if left else [(centre, 612), (centre, 60)]
    path = smooth(outline)
    path.connectPath(smooth(back))
    path.closeSubpath()
    return path


def contour_bottle() -> Canvas:
    """The bottle as a draughtsman's sheet: section on the left, ribs on the right."""
    c = Canvas("#12395b")
    for x in range(0, WIDTH + 1, 40):
        c.line((x, 0), (x, HEIGHT), "#1b4a72", 3 if x % 200 == 0 else 1.4, flat=True)
    for y in range(17, HEIGHT, 40):
        c.line((0, y), (WIDTH, y), "#1b4a72", 3 if (y - 17) % 200 == 0 else 1.4, flat=True)
    paper = "#dcebf2"
    c.fill(_bottle(CENTRE_X, left=False), "#8cc5a2")
    c.fill(_bottle(CENTRE_X, right=False), "#5f9f7f")
    with c.clipped(_bottle(CENTRE_X)):
        for number in range(-4, 5):
            reach = number / 4.2
            rib = [(CENTRE_X + reach * half * 0.96, y) for half, y in BOTTLE[5:]]
            c.stroke(smooth(rib), "#3f7a5e" if number < 0 else "#b9e0c7", 5)
        c.bar(CENTRE_X - 90, 330, 180, 68, "#74b08d")
        c.line((CENTRE_X - 90, 330), (CENTRE_X + 90, 330), "#b9e0c7", 3)
        c.line((CENTRE_X - 90, 398), (CENTRE_X + 90, 398), "#b9e0c7", 3)
    c.stroke(_bottle(CENTRE_X), paper, 5)
    c.stroke(polygon([(CENTRE_X, 24), (CENTRE_X, 650)], closed=False), "#f2c14e", 2.5, dash=(9, 4, 2, 4))
    for side in (-1, 1):
        ghost = CENTRE_X + side * 330
        c.stroke(_bottle(ghost), paper, 2.5, opacity=0.75, dash=(5, 3))
        for half, y in BOTTLE[::2]:
            c.line((ghost - half, y), (ghost + half, y), paper, 1.4, opacity=0.55)
        c.disc(ghost, 362, 5, "#f2c14e")
        c.stroke(ellipse(ghost, 362, 80, 22), "#f2c14e", 2.5)
        c.stroke(ellipse(ghost, 462, 60, 17), "#f2c14e", 2.5)
        edge = CENTRE_X + side * 152
        c.line((edge, 60), (edge, 612), "#f2c14e", 2.5)
        for y in (60, 612):
            c.line((edge - 12, y), (edge + 12, y), "#f2c14e", 2.5)
            c.line((CENTRE_X + side * 84, y), (edge - side * 16, y), paper, 1.2, opacity=0.6)
    return c


def _lotus(c: Canvas, x: float, y: float, size: float, turn: float, dark: str, light: str) -> None:
    for ring, count, reach in ((0, 8, 1.0), (1, 8, 0.72), (2, 6, 0.46)):
        for number in range(count):
            heading = turn + number * 360 / count + ring * 22.5
            c.fill(leaf(x, y, size * reach, size * reach * 0.42, heading), dark)
            c.fill(
                leaf(x, y, size * reach * 0.86, size * reach * 0.27, heading),
                light if ring < 2 else mix(dark, light, 0.5),
            )
    c.disc(x, y, size * 0.16, dark)


def _tendril(c: Canvas, x: float, y: float, size: float, start: float, sense: int, tone: str) -> None:
    """A spiral shoot with small leaves on its outside."""
    points = [polar(x, y, size * (1 - step / 26) ** 1.1, start + sense * step * 22) for step in range(23)]
    c.stroke(smooth(points), tone, max(3.0, size * 0.085))
    for step in range(1, 13, 3):
        c.fill(leaf(*points[step], size * 0.46, size * 0.16, start + sense * (step * 22 + 48)), tone)


def blue_white_vase() -> Canvas:
    c = Canvas("#dfe8e6")
    ink, soft = "#1f4e9c", "#f7fafb"
    for row in range(4):
        for column in range(8):
            x, y = column * 172 + (row % 2) * 86 - 10, row * 225
            _tendril(c, x, y, 78, column * 45, 1 if (row + column) % 2 else -1, "#cfdcdb")
    c.disc(CENTRE_X, CENTRE_Y, 306, "#eef3f1")
    profile = [(40, 40), (44, 62), (34, 92), (60, 118), (140, 160), (178, 232), (168, 320), (130, 420), (100, 510),
               (92, 580), (104, 630)]  # fmt: skip
    outline = smooth([(CENTRE_X + half, y) for half, y in profile])
    outline.connectPath(smooth([(CENTRE_X - half, y) for half, y in reversed(profile)]))
    outline.closeSubpath()
    c.fill(ellipse(CENTRE_X, 632, 150, 18), "#b9c8c6")
    c.fill(outline, soft)
    with c.clipped(outline):
        for y, height in ((96, 8), (128, 4), (166, 5), (456, 5), (470, 4), (606, 9)):
            c.bar(400, y, 400, height, ink)
        for number in range(9):
            c.fill(leaf(CENTRE_X - 160 + number * 40, 166, 38, 16, -90), ink)
            c.fill(leaf(CENTRE_X - 160 + number * 40, 166, 24, 8, -90), soft)
        vine = [(x, 312 + 62 * math.sin((x - CENTRE_X) / 58)) for x in range(400, 801, 20)]
        c.stroke(smooth(vine), ink, 7)
        for number, x in enumerate((418, 509, 691, 782)):
            _tendril(c, x, 312 + (38 if number % 2 else -38), 46, number * 90 + 30, 1 if number % 2 else -1, ink)
        _tendril(c, 556, 412, 38, 200, 1, ink)
        _tendril(c, 644, 212, 38, 20, 1, ink)
        _tendril(c, 556, 208, 32, 120, -1, ink)
        _tendril(c, 648, 418, 34, 300, -1, ink)
        _lotus(c, CENTRE_X, 312, 88, -90, ink, "#9dbbe6")
        for number in range(7):
            x = CENTRE_X - 132 + number * 44
            c.fill(leaf(x, 604, 126, 34, -90), ink)
            c.fill(leaf(x, 604, 108, 22, -90), soft)
            c.fill(leaf(x, 600, 70, 11, -90), "#5f87c9")
        shadow = smooth([(CENTRE_X + half * 0.72, y) for half, y in profile])
        shadow.connectPath(smooth([(CENTRE_X + half * 1.2, y) for half, y in reversed(profile)]))
        c.fill(shadow, "#8aa4c4", 0.24)
    c.stroke(outline, "#9fb4c4", 3)
    return c


def _hare(c: Canvas, fur: str, edge: str) -> None:
    """One hare running round a ring, nose forward; its ears are the two sides of the inner triangle at its head."""
    for angle, bend in ((-156, -22), (-146, -26)):
        hip, knee = polar(0, 0, 150, angle), polar(0, 0, 190, angle - 2)
        c.stroke(smooth([hip, knee, polar(0, 0, 186, angle + bend)]), fur, 15)
    for angle, bend in ((-104, 20), (-94, 22)):
        elbow = polar(0, 0, 178, angle + 6)
        c.stroke(smooth([polar(0, 0, 142, angle), elbow, polar(0, 0, 190, angle + bend)]), fur, 13)
    body = [(-172, 142), (-160, 168), (-144, 174), (-122, 160), (-100, 156), (-86, 146), (-80, 122), (-96, 108),
            (-120, 106), (-146, 98), (-166, 112)]  # fmt: skip
    c.fill(smooth([polar(0, 0, radius, angle) for angle, radius in body], closed=True), fur)
    c.fill(ellipse(*polar(0, 0, 150, -175), 15, 11), fur)
    muzzle = [(-97, 92), (-98, 124), (-84, 138), (-70, 132), (-62, 118), (-74, 102)]
    c.fill(smooth([polar(0, 0, radius, angle) for angle, radius in muzzle], closed=True), fur)
    c.disc(*polar(0, 0, 120, -79), 5.5, edge)
    c.stroke(smooth([polar(0, 0, 128, -140), polar(0, 0, 148, -146), polar(0, 0, 140, -158)]), edge, 3, opacity=0.5)


def _lotus_ring(c: Canvas, count: int, inner: float, outer: float, tones: tuple[str, str, str], turn: float) -> None:
    """A ring of overlapping petals with rounded tips."""
    half = 180 / count * 1.08
    for number in range(count):
        for share, tone in zip((1.0, 0.76, 0.42), tones, strict=True):
            reach = inner + (outer - inner) * (0.35 + 0.65 * share)
            shape = [(-half * share, inner), (-half * share, (inner + reach) / 2), (0, reach),
                     (half * share, (inner + reach) / 2), (half * share, inner)]  # fmt: skip
            points = [polar(CENTRE_X, CENTRE_Y, radius, turn + number * 360 / count + angle) for angle, radius in shape]
            c.fill(smooth(points), tone)


def three_hares() -> Canvas:
    c = Canvas("#6b2f23")
    cream, deep = "#f5e6c8", "#5a2a20"
    for number, (tone, reach) in enumerate((("#2f6f73", 560), ("#c98a45", 500), ("#8c4330", 478))):
        c.bar(CENTRE_X - reach, -20, 2 * reach, HEIGHT + 40, tone)
        if not number:
            for dot in range(12):
                for side in (-1, 1):
                    c.disc(CENTRE_X + side * 530, 28 + dot * 56, 17, "#e8c98d")
                    c.disc(CENTRE_X + side * 530, 28 + dot * 56, 9, "#b5503a")
    for side_x in (-1, 1):
        for side_y in (-1, 1):
            x, y = CENTRE_X + side_x * 398, CENTRE_Y + side_y * 262
            for petal in range(8):
                c.fill(leaf(x, y, 82, 34, petal * 45), "#c98a45")
                c.fill(leaf(x, y, 62, 18, petal * 45), "#f0d9a6")
            c.disc(x, y, 16, "#2f6f73")
    c.disc(CENTRE_X, CENTRE_Y, 337, "#6b2f23")
    _lotus_ring(c, 18, 232, 328, ("#2f6f73", "#6fb3a8", "#dcefe4"), 10)
    _lotus_ring(c, 18, 214, 290, ("#8c4330", "#d9a04c", "#fbeccb"), 0)
    c.disc(CENTRE_X, CENTRE_Y, 226, cream)
    c.disc(CENTRE_X, CENTRE_Y, 216, "#2b6469")
    with c.turned(CENTRE_X, CENTRE_Y, 0):
        c.painter.scale(-1, 1)  # in this cave they run anticlockwise
        for number in range(3):
            with c.turned(0, 0, number * 120):
                _hare(c, cream, deep)
        for number in range(3):
            start, end = polar(0, 0, 104, number * 120 - 92), polar(0, 0, 104, number * 120 + 28)
            ear = QPainterPath(QPointF(*start))
            ear.quadTo(QPointF(*polar(0, 0, 86, number * 120 - 32)), QPointF(*end))
            ear.quadTo(QPointF(*polar(0, 0, 12, number * 120 - 32)), QPointF(*start))
            c.fill(ear, cream)
            c.stroke(ear, "#2b6469", 3)
            vein = [
                polar(0, 0, 84, number * 120 - 82),
                polar(0, 0, 48, number * 120 - 32),
                polar(0, 0, 84, number * 120 + 18),
            ]
            c.stroke(smooth(vein), "#d9a04c", 5)
    return c


PICTURES = {
    "liberty-statue": liberty_statue,
    "contour-bottle": contour_bottle,
    "blue-white-vase": blue_white_vase,
    "three-hares": three_hares,
}
