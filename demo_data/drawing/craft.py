"""Pictures of crafts kept secret, and of measurements."""

from __future__ import annotations

import math

from .canvas import (
    CENTRE_X,
    CENTRE_Y,
    HEIGHT,
    WIDTH,
    Canvas,
    arc,
    ellipse,
    mix,
    polar,
    polygon,
    scatter,
    smooth,
    wedge,
)


def _jar(c: Canvas, x: float, foot: float, size: float, glaze: str) -> None:
    """A stoneware jar whose mouth is tied with red cloth."""
    half = [(48, 0), (80, 40), (104, 104), (96, 170), (58, 206), (52, 222)]
    outline = smooth([(x + w * size, foot - h * size) for w, h in half])
    outline.connectPath(smooth([(x - w * size, foot - h * size) for w, h in reversed(half)]))
    outline.closeSubpath()
    c.fill(outline, glaze)
    with c.clipped(outline):
        c.fill(ellipse(x + 66 * size, foot - 96 * size, 70 * size, 150 * size), mix(glaze, "#140a06", 0.35))
        c.stroke(arc(x, foot - 110 * size, 84 * size, 176, 60), mix(glaze, "#ffffff", 0.35), 9 * size)
    edge = [
        (-74, 192), (-66, 240), (0, 262), (66, 240), (74, 192), (36, 206), (0, 196), (-36, 206),
    ]  # fmt: skip
    cloth = smooth([(x + across * size, foot - up * size) for across, up in edge], closed=True)
    c.fill(cloth, "#b3262b")
    cord = [(x - 58 * size, foot - 218 * size), (x, foot - 210 * size), (x + 58 * size, foot - 218 * size)]
    c.stroke(smooth(cord), "#e8c27a", 7 * size)
    paper = [
        (x, foot - 168 * size),
        (x + 46 * size, foot - 122 * size),
        (x, foot - 76 * size),
        (x - 46 * size, foot - 122 * size),
    ]
    c.fill(polygon(paper), "#c63a34")
    c.fill(ellipse(x, foot - 122 * size, 20 * size), "#e8c27a")


def cellar_brewing() -> Canvas:
    """Jars in a vaulted cellar; what is inside stays unsaid."""
    c = Canvas("#2a1a13")
    for vault in range(3):
        x = 200 + vault * 400
        for ring in range(5):
            tone = mix("#4a2e20", "#8a5a35", ring / 4) if ring < 4 else "#c98b4a"
            c.fill(wedge(x, 330, 0, 210 - ring * 24, 180, 180), tone)
            c.bar(x - 210 + ring * 24, 330, 420 - ring * 48, HEIGHT, tone)
        for brick in range(9):
            c.line(polar(x, 330, 114, 180 + brick * 22.5), polar(x, 330, 210, 180 + brick * 22.5), "#2a1a13", 4)
    c.disc(CENTRE_X, 250, 34, "#ffe2a0")
    c.disc(CENTRE_X, 250, 74, "#ffe2a0", 0.35)
    c.line((CENTRE_X, 0), (CENTRE_X, 214), "#2a1a13", 4)
    c.bar(0, 590, WIDTH, 90, "#3b2519")
    for x, size, glaze in (
        (120, 0.92, "#5d3a26"),
        (360, 0.98, "#6d4429"),
        (840, 0.98, "#6d4429"),
        (1080, 0.92, "#5d3a26"),
    ):
        _jar(c, x, 610, size, glaze)
    for x, size, glaze in ((234, 1.18, "#7d4f2e"), (966, 1.18, "#7d4f2e"), (600, 1.52, "#8f5b33")):
        _jar(c, x, 652, size, glaze)
    for number in range(60):
        x, y = scatter(number, 20, 640, 1180, 672)
        c.fill(ellipse(x, y, 7, 3.6), ("#e8c27a", "#d9a04c", "#b97a3a")[number % 3])
    return c


VIOLIN = [(0, 60), (70, 66), (122, 104), (138, 160), (124, 206), (98, 232), (82, 276), (84, 326), (104, 364),
          (150, 396), (176, 452), (166, 522), (112, 574), (0, 590)]  # fmt: skip


def violin_varnish() -> Canvas:
    """The same back bare, grounded and varnished: seven coats from spruce to red-brown."""
    c = Canvas("#23302b")
    half = VIOLIN
    body = smooth([(CENTRE_X + w, y) for w, y in half])
    body.connectPath(smooth([(CENTRE_X - w, y) for w, y in reversed(half)]))
    body.closeSubpath()
    for number in range(7):
        tone = mix("#ecd2a0", "#7d2a14", (number / 6) ** 0.8)
        for side in (-1, 1):
            x = CENTRE_X + side * (250 + number * 46)
            c.bar(x - 17, 120 + abs(number - 3) * 18, 34, 435 - abs(number - 3) * 36, tone, 17)
            c.bar(x - 9, 138 + abs(number - 3) * 18, 7, 110, mix(tone, "#ffffff", 0.4), 3.5)
    c.fill(body.translated(12, 12), "#18211e")
    c.fill(body, "#b5562a")
    with c.clipped(body):
        for number in range(7):
            c.bar(CENTRE_X - 180 + number * 51.5, 50, 53, 560, mix("#dba766", "#8a3016", (number / 6) ** 0.9))
        for number in range(38):
            y = 58 + number * 15
            grain = [(CENTRE_X - 190, y + 22), (CENTRE_X - 60, y + 4), (CENTRE_X, y + 12), (CENTRE_X + 60, y + 4),
                     (CENTRE_X + 190, y + 22)]  # fmt: skip
            c.stroke(smooth(grain), "#5a1e0c", 4 if number % 3 else 7, opacity=0.22)
    inner = smooth([(CENTRE_X + max(0.0, w - 12), y + (10 if y < 300 else -10 if y > 500 else 0)) for w, y in half])
    inner.connectPath(smooth([(CENTRE_X - max(0.0, w - 12), y + (10 if y < 300 else -10 if y > 500 else 0))
                              for w, y in reversed(half)]))  # fmt: skip
    c.stroke(inner, "#3a140a", 3)
    c.stroke(body, "#3a140a", 6)
    for side in (-1, 1):
        curve = [(52, 248), (70, 262), (76, 300), (88, 350), (100, 386), (118, 400)]
        c.stroke(smooth([(CENTRE_X + side * x, y) for x, y in curve]), "#1c0a05", 9)
        c.disc(CENTRE_X + side * 55, 258, 12, "#1c0a05")
        c.disc(CENTRE_X + side * 112, 390, 15, "#1c0a05")
        c.line((CENTRE_X + side * 66, 326), (CENTRE_X + side * 96, 320), "#1c0a05", 5)
    c.fill(polygon([(584, 0), (616, 0), (626, 296), (574, 296)]), "#1c1210")
    c.bar(560, 352, 80, 14, "#e0b577", 6)
    c.fill(polygon([(576, 440), (624, 440), (614, 570), (586, 570)]), "#1c1210")
    for number in range(4):
        x = CENTRE_X + (number - 1.5) * 9
        c.line((x, 0), (CENTRE_X + (number - 1.5) * 12, 450), "#e9e2d0", 1.8)
    return c


# Deaths a month (disease, wounds, other causes), April 1854 to March 1856, from Nightingale's published tables.
DEATHS = [
    (1, 0, 5), (12, 0, 9), (11, 0, 6), (359, 0, 23), (828, 1, 30), (788, 81, 70), (503, 132, 128), (844, 287, 106),
    (1725, 114, 131), (2761, 83, 324), (2120, 42, 361), (1205, 32, 172), (477, 48, 57), (508, 49, 37), (802, 209, 31),
    (382, 134, 33), (483, 164, 25), (189, 276, 20), (128, 53, 18), (178, 33, 32), (91, 18, 28), (42, 2, 48),
    (24, 0, 19), (15, 0, 35),
]  # fmt: skip


def nightingale_rose() -> Canvas:
    """Two years of the Crimean War; the area of a wedge is the number of deaths."""
    c = Canvas("#f5ecd7")
    for first, x, y in ((0, 785, 322), (12, 290, 338)):
        for radius in (75, 150, 225, 300):
            if not first or radius < 220:
                c.ring(x, y, radius, "#d9c9a4", 1.6)
        for month in range(12):
            start = 180 + month * 30
            counts = zip(DEATHS[first + month], ("#8fb3c4", "#c8554b", "#2b2a2d"), strict=True)
            for count, tone in sorted(counts, key=lambda entry: -entry[0]):
                if count:
                    petal = wedge(x, y, 0, 5.7 * math.sqrt(count), start, 30)
                    c.fill(petal, tone)
                    c.stroke(petal, "#f5ecd7", 2)
        c.disc(x, y, 5, "#2b2a2d")
    c.stroke(smooth([(380, 486), (440, 540), (530, 520)]), "#2b2a2d", 2.5, dash=(3, 3))
    return c


def solar_terms() -> Canvas:
    """Noon shadows of one gnomon at the twenty-four terms, shortest at the summer solstice."""
    c = Canvas("#f3ead6")
    latitude, obliquity = 34.4, 23.44
    seasons = ("#79a86b", "#d1583f", "#d9a03f", "#44708f")
    c.disc(CENTRE_X, CENTRE_Y, 322, "#e8dabb")
    for term in range(24):
        longitude = 315 + term * 15  # the first term, the beginning of spring
        tone = mix(seasons[term // 6], seasons[(term // 6 + 1) % 4], (term % 6) / 9)
        heading = term * 15 - 187.5
        declination = math.degrees(math.asin(math.sin(math.radians(obliquity)) * math.sin(math.radians(longitude))))
        shadow = math.tan(math.radians(latitude - declination))
        c.fill(wedge(CENTRE_X, CENTRE_Y, 268, 312, heading + 0.8, 13.4), tone)
        c.fill(wedge(CENTRE_X, CENTRE_Y, 34, 44 + 128 * shadow, heading + 1.4, 12.2), tone, 0.92)
        c.disc(*polar(CENTRE_X, CENTRE_Y, 290, heading + 7.5), 6 if term % 3 else 11, "#fbf6e8")
    c.disc(CENTRE_X, CENTRE_Y, 38, "#f3ead6")
    c.disc(CENTRE_X, CENTRE_Y, 24, "#e4572e")
    for side in (-1, 1):
        for number in range(5):
            x = CENTRE_X + side * (392 + number * 44)
            height = 120 + 64 * number
            c.bar(x - 7, CENTRE_Y - height / 2, 14, height, seasons[number % 4], 7)
            c.disc(x, CENTRE_Y - height / 2 - 22, 9, seasons[(number + 1) % 4])
            c.disc(x, CENTRE_Y + height / 2 + 22, 9, seasons[(number + 1) % 4])
    return c


def _bell(c: Canvas, x: float, top: float, size: float, tone: str) -> None:
    """A bronze bell with a shank, three rows of studs and a curved mouth."""
    dark, light = mix(tone, "#0e1714", 0.45), mix(tone, "#f3e3b5", 0.4)
    c.bar(x - 5 * size, top - 34 * size, 10 * size, 40 * size, dark, 3)
    c.bar(x - 10 * size, top - 16 * size, 20 * size, 7 * size, dark, 3)
    whole = polygon([(x - 28 * size, top), (x + 28 * size, top), (x + 44 * size, top + 106 * size)], closed=False)
    whole.quadTo(x, top + 70 * size, x - 44 * size, top + 106 * size)
    whole.closeSubpath()
    c.fill(whole, tone)
    with c.clipped(whole):
        c.bar(x + 10 * size, top, 40 * size, 110 * size, mix(tone, "#0e1714", 0.22))
    for row in range(3):
        for column in (-2, -1, 1, 2):
            c.disc(x + column * (11 + row * 1.3) * size, top + (14 + row * 15) * size, 4.4 * size, light)
    c.line((x - 34 * size, top + 58 * size), (x + 34 * size, top + 58 * size), dark, 3 * size, flat=True)
    c.disc(x, top + 72 * size, 7 * size, "#d9a441")
    c.stroke(
        smooth([(x + 44 * size, top + 106 * size), (x, top + 88 * size), (x - 44 * size, top + 106 * size)]),
        light,
        3.5 * size,
    )


def bell_tones() -> Canvas:
    c = Canvas("#efe3c8")
    for radius in range(7):
        c.ring(CENTRE_X, 560, 180 + radius * 92, "#d9c59a", 5 - radius * 0.5)
    lacquer, red, gold = "#2a1512", "#a63228", "#d9a441"
    rows = ((82, 13, 0.62, "#7fa08a"), (226, 11, 0.86, "#5f8a78"), (424, 9, 1.26, "#48705f"))
    for x in (62, 1138):
        c.bar(x - 20, 40, 40, 600, lacquer, 8)
        for y in (120, 260, 460, 560):
            c.bar(x - 20, y, 40, 16, gold)
        c.fill(polygon([(x - 62, 648), (x + 62, 648), (x + 34, 606), (x - 34, 606)]), lacquer)
    for top, count, size, tone in rows:
        y = top - 46 * size
        c.bar(30, y - 16, 1140, 32, lacquer, 6)
        for number in range(37):
            c.fill(polygon([(48 + number * 30, y + 9), (60 + number * 30, y - 9), (72 + number * 30, y + 9)]),
                   red if number % 2 else gold)  # fmt: skip
        for number in range(count):
            share = number / (count - 1)
            scale = size * (1.1 - 0.2 * share)
            _bell(c, 140 + share * 920, top, scale, mix(tone, "#b98d49", 0.16 * (number % 3)))
    return c


PICTURES = {
    "cellar-brewing": cellar_brewing,
    "violin-varnish": violin_varnish,
    "nightingale-rose": nightingale_rose,
    "solar-terms": solar_terms,
    "bell-tones": bell_tones,
}
