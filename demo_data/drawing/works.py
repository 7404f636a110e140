"""Pictures of music, painting, printed books and data sets."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .canvas import (
    CENTRE_X,
    CENTRE_Y,
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    arc,
    box,
    ellipse,
    mix,
    polar,
    polygon,
    scatter,
    smooth,
    spread,
    wedge,
)


def _note(c: Canvas, x: float, y: float, size: float, tone: str) -> None:
    with c.turned(x, y, -22):
        c.fill(ellipse(0, 0, size * 1.25, size * 0.86), tone)


def moonlight_sonata() -> Canvas:
    """Triplets on five lines that turn into the water of a lake."""
    c = Canvas("#101c38")
    for number in range(8):
        c.disc(CENTRE_X, 230, 430 - number * 42, mix("#13213f", "#314a78", number / 8))
    c.disc(CENTRE_X, 230, 104, "#f4ecd0")
    for x, y, radius in ((570, 205, 18), (632, 262, 25), (640, 190, 11), (575, 275, 10)):
        c.disc(x, y, radius, "#e3d8b4")
    for number in range(70):
        c.disc(*scatter(number, 10, 6, 1190, 270), spread(number * 3, 1.2, 2.8), "#dfe6f5", 0.8)
    ranges = (("#1d2f57", 372, 88, 0.011, 0.6), ("#16264a", 388, 52, 0.017, 2.0))
    for tone, base, height, pace, shift in ranges:
        ridge = [(x, base - abs(height * math.sin(x * pace + shift)) * (0.45 + 0.55 * abs(x - 600) / 600))
                 for x in range(0, WIDTH + 1, 24)]  # fmt: skip
        c.fill(polygon([(0, 400), *ridge, (WIDTH, 400)]), tone)
    c.shade(box(0, 396, WIDTH, 290), "#1b2f5c", "#0b142b")
    for number in range(9):
        y = 412 + number * 29
        half = 60 + 17 * number
        for piece in range(3):
            x = CENTRE_X + spread(number * 3 + piece, -half, half)
            c.bar(x - half * 0.35, y, half * 0.7, 5, "#f4ecd0", 2.5, 0.5)

    def water(x: float, line: float) -> float:
        return 470 + line * 29 + 13 * math.sin(x * 0.0105 + line * 0.25)

    for line in range(5):
        c.stroke(smooth([(x, water(x, line)) for x in range(-20, WIDTH + 41, 30)]), "#8fa9d8", 2.4)
    for group in range(8):
        xs = [84 + group * 141 + step * 42 for step in range(3)]
        lines = [(4, 2.5, 1), (4, 2.5, 1), (3.5, 2, 0.5), (3.5, 2, 0.5)][group // 2]
        heads = [(x, water(x, line)) for x, line in zip(xs, lines, strict=True)]
        for x, y in heads:
            c.line((x + 13, y - 4), (x + 13, heads[2][1] - 86), "#f4ecd0", 3.4, flat=True)
            _note(c, x, y, 12, "#f4ecd0")
        c.line((xs[0] + 11.5, heads[2][1] - 86), (xs[2] + 14.5, heads[2][1] - 86), "#f4ecd0", 9, flat=True)
    return c


def well_tempered_clavier() -> Canvas:
    """Twelve major and twelve minor keys in a ring, tied by fifths, over the broken chords of the first prelude."""
    c = Canvas("#f5ead2")
    top, gap = 205.0, 66.0
    for line in range(5):
        c.line((0, top + line * gap), (WIDTH, top + line * gap), "#c9b48a", 3, flat=True)
    chord = (4.5, 3.5, 2.5, 1.0, 0.0)
    for group in range(4):
        left = (30, 158, 912, 1040)[group]
        pattern = [chord[step] + (0.5 * (group % 2) if step > 2 else 0) for step in (0, 1, 2, 3)]
        heads = [(left + number * 36, top + place * gap) for number, place in enumerate(pattern)]
        beam = heads[-1][1] - 96
        for x, y in heads:
            c.line((x + 18, y - 6), (x + 18, beam), "#4a2c1a", 4, flat=True)
            _note(c, x, y, 16, "#4a2c1a")
        c.line((heads[0][0] + 16, beam), (heads[-1][0] + 20, beam), "#4a2c1a", 12, flat=True)
    c.disc(CENTRE_X, CENTRE_Y, 312, "#f5ead2")
    for key in range(12):
        share = key / 12
        warm = mix("#b5452c", "#e0a43a", abs(1 - 2 * share))
        c.fill(wedge(CENTRE_X, CENTRE_Y, 218, 298, key * 30 - 104, 28), warm)
        c.fill(wedge(CENTRE_X, CENTRE_Y, 164, 210, key * 30 - 104, 28), mix(warm, "#3b2314", 0.62))
    corners = [polar(CENTRE_X, CENTRE_Y, 154, number * 210 - 90) for number in range(12)]
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        c.line(start, end, "#4a2c1a", 2.6)
    for x, y in corners:
        c.disc(x, y, 8, "#b5452c")
    c.disc(CENTRE_X, CENTRE_Y, 36, "#f5ead2")
    c.ring(CENTRE_X, CENTRE_Y, 36, "#4a2c1a", 3)
    return c


def _massif(c: Canvas, base: float, peaks: list[tuple[float, float, float]], tones: tuple[str, str, str]) -> None:
    """Ranges of layered peaks (centre, height, half width): azurite tops, malachite flanks, ochre feet."""
    for x, height, half in peaks:
        for layer in range(5):
            share = layer / 5
            lean = half * 0.16 * share
            # Shares of the half width and of the height, from the left foot over the summit to the right foot.
            profile = [
                (-1 + share * 0.62, 0.0), (-0.62 + share * 0.34, 0.42), (-0.3 + share * 0.16, 0.8 - share * 0.04),
                (0.0, 1 - share * 0.13), (0.24 - share * 0.1, 0.78 - share * 0.08), (0.56 - share * 0.3, 0.4),
                (1 - share * 0.62, 0.0),
            ]  # fmt: skip
            outline = [(x + half * across + lean, base - height * up) for across, up in profile]
            body = smooth(outline)
            c.shade(body, mix(tones[0], tones[1], share), mix(tones[2], tones[1], share * 0.5))
            c.stroke(smooth(outline[:4]), mix(tones[0], "#0f2d3d", 0.35), 2, opacity=0.55)


def thousand_li() -> Canvas:
    c = Canvas("#d8bd85")
    c.shade(box(0, 0, WIDTH, HEIGHT), "#cfae72", "#e4cf9e")
    far = ("#6f9fa0", "#93ab86", "#d3ba83")
    _massif(c, 400, [(90, 220, 150), (300, 290, 170), (520, 190, 150), (880, 230, 160), (1110, 310, 170)], far)
    for y, x, width in ((372, 120, 360), (392, 420, 300), (380, 840, 340)):
        c.bar(x, y, width, 16, "#e4cf9e", 8, 0.8)
    middle = ("#2c6e8f", "#3f9275", "#cda561")
    _massif(c, 500, [(170, 300, 150), (640, 390, 190), (440, 250, 150), (800, 270, 140), (1060, 310, 170)], middle)
    for number in range(9):
        y = 486 + number * 21
        wave = [(x, y + 4 * math.sin(x * 0.05 + number * 1.7)) for x in range(0, WIDTH + 1, 20)]
        c.stroke(smooth(wave), "#b0925a", 1.6, opacity=0.5)
    near = ("#1c5b86", "#2e8468", "#b98d49")
    _massif(c, 640, [(60, 210, 170), (330, 150, 150), (1150, 250, 210), (930, 130, 140)], near)
    c.bar(0, 632, WIDTH, 60, "#c9a968")
    for x, y in ((258, 503), (520, 500), (930, 502), (770, 501)):
        for tree in range(4):
            c.line((x + tree * 15, y), (x + tree * 15, y - 26), "#3b2a18", 3)
            c.fill(ellipse(x + tree * 15, y - 32, 11, 8), "#17463b")
    for x, y, size in ((560, 590, 1.0), (700, 560, 0.7), (640, 628, 1.25)):
        with c.turned(x, y, 0, size):
            c.fill(smooth([(-46, -6), (0, 12), (46, -8), (26, 14), (-26, 14)], closed=True), "#3b2a18")
            c.fill(wedge(0, 0, 0, 20, 180, 180), "#8a5a2b")
    return c


def _foam(c: Canvas, points: Sequence[Point], size: float, white: str, edge: str) -> None:
    """Claws of foam: hooks of overlapping discs along the crest."""
    for number, (x, y) in enumerate(points):
        for finger in range(3):
            dx, dy = polar(0, 0, size * (0.7 + 0.6 * finger), 118 + spread(number * 3 + finger, -46, 46))
            c.disc(x + dx, y + dy, size * (0.62 - 0.13 * finger) + 2.5, edge)
            c.disc(x + dx, y + dy, size * (0.62 - 0.13 * finger), white)
    for number, (x, y) in enumerate(points):
        c.disc(x, y, size * (0.85 + spread(number, 0, 0.3)), white)


def great_wave() -> Canvas:
    c = Canvas("#ead9b5")
    for number in range(4):
        c.bar(0, number * 74, WIDTH, 76, mix("#cdbb97", "#ead9b5", number / 3))
    deep, blue, pale, white = "#14305c", "#28588f", "#8fb4cc", "#f7f2e2"
    fuji = polygon([(640, 520), (742, 412), (768, 398), (798, 414), (905, 520)])
    c.fill(fuji, "#4b6486")
    snow = [(712, 444), (742, 412), (768, 398), (798, 414), (828, 444), (800, 436), (782, 456), (760, 434), (740, 456)]
    c.fill(polygon(snow), white)
    swell = smooth([(560, 560), (700, 520), (860, 512), (1000, 468), (1110, 400), (1230, 372), (1240, 700), (520, 700)])
    c.fill(swell, blue)
    with c.clipped(swell):
        for number in range(7):
            shift = number * 34
            c.stroke(smooth([(600, 590 + shift), (800, 548 + shift), (1000, 505 + shift), (1120, 446 + shift),
                             (1230, 420 + shift)]), pale if number % 2 else deep, 9)  # fmt: skip
    crest = [(-40, 150), (60, 96), (180, 56), (310, 52), (430, 90), (520, 160), (560, 236)]
    hollow = [
        (560, 236),
        (486, 208),
        (404, 214),
        (340, 262),
        (308, 340),
        (318, 430),
        (380, 520),
        (500, 590),
        (640, 620),
    ]
    wave = smooth(crest)
    wave.connectPath(smooth(hollow))
    wave.lineTo(640, 700)
    wave.lineTo(-40, 700)
    wave.closeSubpath()
    c.fill(wave, deep)
    with c.clipped(wave):
        for number in range(8):
            pull = number * 46
            rib = [
                (560 - pull * 0.4, 246 + pull * 0.06), (440 - pull * 0.75, 196 + pull * 0.1),
                (300 - pull, 300 + pull * 0.25), (290 - pull, 430 + pull * 0.2),
                (380 - pull, 560 + pull * 0.1), (560 - pull, 660 + pull * 0.1),
            ]  # fmt: skip
            c.stroke(smooth(rib), pale if number % 2 == 0 else blue, 17 - number)
    edge = [(x + 14 * math.sin(i * 2.1), y + 6) for i, (x, y) in enumerate(
        [(-10, 138), (40, 108), (92, 88), (146, 70), (200, 58), (256, 54), (312, 56), (366, 70), (416, 92), (462, 122),
         (502, 158), (532, 196), (552, 232)])]  # fmt: skip
    _foam(c, edge, 27, white, deep)
    for number in range(34):
        c.disc(*scatter(number, 470, 60, 730, 370), spread(number * 7, 2.5, 7), white)
    for x, y, tilt in ((700, 590, -10), (1000, 560, -24)):
        with c.turned(x, y, tilt):
            c.fill(smooth([(-130, -34), (-60, 4), (60, 6), (140, -40), (100, 24), (-90, 24)], closed=True), "#d9b779")
            c.stroke(smooth([(-124, -30), (-60, 6), (60, 8), (134, -36)]), "#7a4b24", 4)
            for number in range(6):
                c.disc(-60 + number * 24, 0, 11, deep)
                c.disc(-60 + number * 24, -11, 8, "#ead9b5")
    front = smooth([(-20, 620), (120, 560), (260, 596), (420, 640), (620, 612), (800, 650), (1000, 622), (1220, 660),
                    (1220, 700), (-20, 700)])  # fmt: skip
    c.fill(front, blue)
    _foam(c, [(20.0 + n * 46, 596 - 22 * math.sin(n * 0.9) + n * 2.2) for n in range(8)], 15, white, deep)
    return c


def coloured_euclid() -> Canvas:
    """Book I, proposition 47: the squares on the sides of a right triangle, named by colour."""
    c = Canvas("#f6efdd")
    red, yellow, blue, black = "#d2382b", "#f2b632", "#22568f", "#1d1a18"
    unit = 56.0
    ax, ay = CENTRE_X - 2.2 * unit, CENTRE_Y + 0.2 * unit
    bx, by = ax + 5 * unit, ay
    px, py = ax + 9 / 5 * unit, ay - 12 / 5 * unit

    def square(start: Point, end: Point) -> list[Point]:
        dx, dy = end[0] - start[0], end[1] - start[1]
        return [start, end, (end[0] - dy, end[1] + dx), (start[0] - dy, start[1] + dx)]

    left, right, base = square((px, py), (ax, ay)), square((bx, by), (px, py)), square((ax, ay), (bx, by))
    with c.turned(CENTRE_X, CENTRE_Y, 0, 1.0):
        c.painter.translate(-CENTRE_X, -CENTRE_Y)
        c.fill(polygon(left), red)
        c.fill(polygon(right), yellow)
        cut = px
        c.fill(box(ax, ay, cut - ax, 5 * unit), red)
        c.fill(box(cut, ay, bx - cut, 5 * unit), yellow)
        c.fill(polygon([(ax, ay), (bx, by), (px, py)]), blue)
        c.line((cut, ay), (cut, ay + 5 * unit), black, 5, flat=True)
        for shape in (left, right, base):
            c.stroke(polygon(shape), black, 5, flat=True)
        c.stroke(polygon([(ax, ay), (bx, by), (px, py)]), black, 5, flat=True)
        c.stroke(polygon([(px, py), base[3]], closed=False), black, 3.5, dash=(4, 3))
        c.stroke(polygon([(bx, by), left[2]], closed=False), black, 3.5, dash=(4, 3))
        c.stroke(polygon([(ax, ay), right[3]], closed=False), black, 3.5, dash=(4, 3))
        c.stroke(polygon([(px, py), base[2]], closed=False), black, 3.5, dash=(4, 3))
    for x, tones in ((170, (red, yellow, blue)), (1030, (yellow, red, black))):
        c.fill(wedge(x, 170, 0, 84, -90, 120), tones[0])
        c.fill(wedge(x, 170, 0, 84, 30, 105), tones[1])
        c.fill(wedge(x, 170, 0, 84, 135, 135), tones[2])
        for number in range(3):
            c.bar(x - 84, 322 + number * 34, 168 - number * 40, 13, tones[number])
        c.fill(polygon([(x - 84, 560), (x + 84, 560), (x - 20, 452)]), tones[2])
        c.stroke(arc(x - 84, 560, 50, 0, -59), tones[0], 13, flat=True)
    return c


def mountain_sea_score() -> Canvas:
    """Sound bars that rise as mountains and sink as sea."""
    c = Canvas("#f1e4cc")
    horizon = 388.0
    c.disc(820, 250, 118, "#d1495b")
    for layer, (tone, shift, height) in enumerate(
        (("#b7c4bb", 1.2, 250), ("#6c8f93", 3.1, 205), ("#22505a", 5.0, 170))
    ):
        for number in range(60):
            x = number * 20 + layer * 7
            swell = abs(math.sin(number * 0.115 + shift)) ** 1.6 * (0.72 + 0.28 * math.sin(number * 0.83 + layer))
            c.bar(x, horizon - 14 - height * swell, 13, height * swell + 14, tone, 6)
    with c.clipped(box(0, horizon + 6, WIDTH, HEIGHT)):
        c.bar(0, horizon, WIDTH, HEIGHT, "#d9e3da")
        for row in range(8):
            for column in range(-1, 16):
                x, y = column * 84 + (row % 2) * 42, horizon + 62 + row * 38
                for radius, tone in ((46, "#f1e4cc"), (40, mix("#2f6f7e", "#17343d", row / 8)), (28, "#f1e4cc"),
                                     (22, mix("#4e97a3", "#22505a", row / 8)), (10, "#f1e4cc")):  # fmt: skip
                    c.disc(x, y, radius, tone)
    for x, y, size in ((300, 130, 34), (372, 96, 26), (430, 150, 22)):
        c.stroke(smooth([(x - size, y - size * 0.35), (x - size * 0.4, y - size * 0.45), (x, y),
                         (x + size * 0.4, y - size * 0.45), (x + size, y - size * 0.35)]), "#22505a", 6)  # fmt: skip
    return c


PICTURES = {
    "moonlight-sonata": moonlight_sonata,
    "well-tempered-clavier": well_tempered_clavier,
    "thousand-li": thousand_li,
    "great-wave": great_wave,
    "coloured-euclid": coloured_euclid,
    "mountain-sea-score": mountain_sea_score,
}
