"""Pictures of the trade marks."""

from __future__ import annotations

import math

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
    scatter,
    smooth,
    spread,
    wedge,
)


def _barley(c: Canvas, side: int) -> None:
    """An ear of barley that bends round the label."""
    stalk = [(CENTRE_X + side * x, y) for x, y in ((90, 640), (260, 560), (350, 420), (372, 260), (340, 110))]
    c.stroke(smooth(stalk), "#b9862f", 6)
    for number in range(9):
        share = number / 8
        x, y = CENTRE_X + side * (366 + 12 * math.sin(share * 3.1) - 34 * share**2), 420 - 300 * share
        for turn, tone in ((34, "#d9a441"), (-34, "#c58f33")):
            heading = -90 + turn - side * share * 14
            c.line((x, y), polar(x, y, 118, heading - turn * 0.55), "#d9a441", 2, opacity=0.8)
            c.fill(leaf(x, y, 64, 17, heading), tone)


def bass_triangle() -> Canvas:
    c = Canvas("#2b1d14")
    for number in range(24):
        c.fill(wedge(CENTRE_X, CENTRE_Y, 0, 760, number * 15, 7.5), "#33241a")
    for side in (-1, 1):
        _barley(c, side)
    c.fill(ellipse(CENTRE_X, CENTRE_Y, 318, 276), "#f3e9d2")
    c.stroke(ellipse(CENTRE_X, CENTRE_Y, 300, 258), "#b9862f", 5)
    c.stroke(ellipse(CENTRE_X, CENTRE_Y, 288, 246), "#b9862f", 1.8)
    c.fill(polygon([(CENTRE_X, 152), (CENTRE_X + 186, 468), (CENTRE_X - 186, 468)]), "#c8102e")
    return c


def white_rabbit() -> Canvas:
    """The hare that pounds medicine, on a plate of old bronze."""
    c = Canvas("#3a2c1e")
    c.bar(250, 26, 700, 623, "#8a6a3d", 14)
    for inset, width in ((22, 7), (38, 2.5)):
        c.stroke(box(250 + inset, 26 + inset, 700 - 2 * inset, 623 - 2 * inset, 4), "#3a2c1e", width)
    for number in range(120):
        c.disc(
            *scatter(number, 300, 76, 900, 600), spread(number * 3, 2, 8), "#5f8a6d" if number % 3 else "#a4824e", 0.22
        )
    c.disc(CENTRE_X, 318, 232, "#3a2c1e")
    c.disc(CENTRE_X, 318, 222, "#e9d9ae")
    fur, shade = "#fbf6e6", "#cdb98a"
    c.fill(polygon([(400, 452), (800, 452), (775, 505), (425, 505)]), "#6f8f63")
    c.fill(
        smooth([(492, 452), (452, 380), (478, 300), (548, 268), (622, 300), (648, 372), (632, 452)], closed=True), fur
    )
    c.fill(ellipse(522, 412, 62, 52), shade, 0.45)
    c.fill(ellipse(540, 446, 66, 20), fur)
    c.disc(462, 424, 22, fur)
    c.fill(ellipse(628, 252, 58, 48), fur)
    for turn in (-118, -142):
        c.fill(leaf(606, 228, 148, 34, turn), fur)
        c.fill(leaf(600, 218, 118, 16, turn), "#e2b8a0")
    c.disc(648, 244, 9, "#9b2d20")
    c.stroke(smooth([(684, 262), (672, 274), (654, 278)]), shade, 4)
    c.line((716, 150), (716, 402), "#6b4a2b", 17)
    c.bar(702, 352, 28, 66, "#6b4a2b", 10)
    for y in (322, 286):
        c.stroke(smooth([(598, y + 10), (660, y + 6), (716, y - 32)]), fur, 30)
    c.fill(polygon([(652, 388), (780, 388), (760, 470), (742, 492), (690, 492), (672, 470)]), "#5f7f86")
    c.fill(ellipse(716, 388, 64, 15), "#47636a")
    c.line((716, 340), (716, 386), "#6b4a2b", 17)
    for x, column in ((866, "认门前白"), (334, "兔儿为记")):
        for number, character in enumerate(column):
            c.text(x, 164 + number * 102, character, 62, "#3a2c1e")
    return c


def tea_hills() -> Canvas:
    c = Canvas("#f6f1df")
    c.disc(820, 210, 128, "#f2c14e")
    for y, x, width in ((172, 700, 190), (214, 770, 230), (250, 660, 150)):
        c.bar(x, y, width, 13, "#f6f1df", 7)
    hills = (
        ("#a9c9a4", 330, 90, 0.0052, 0.3, 0),
        ("#6da57c", 420, 80, 0.0048, 2.5, 1),
        ("#2f7d5b", 525, 84, 0.0044, 4.6, 2),
    )
    for tone, base, height, pace, shift, depth in hills:
        ridge = [(x, base - height * math.sin(x * pace + shift)) for x in range(-60, WIDTH + 121, 60)]
        body = smooth(ridge)
        body.lineTo(WIDTH + 120, HEIGHT)
        body.lineTo(-60, HEIGHT)
        c.fill(body, tone)
        with c.clipped(body):
            for row in range(1, 12):
                drop = row * (26 + 7 * depth)
                terrace = [(x, y + drop + 10 * math.sin(x * 0.009 + row)) for x, y in ridge]
                c.stroke(smooth(terrace), mix(tone, "#0e3b2c", 0.28), 7 + 3 * depth)
                c.stroke(smooth([(x, y - 5) for x, y in terrace]), mix(tone, "#ffffff", 0.25), 3)
    c.fill(leaf(600, 420, 250, 92, -112), "#174d39")
    c.fill(leaf(600, 420, 205, 74, -52), "#22684d")
    c.fill(leaf(600, 420, 265, 58, -84), "#f6f1df")
    c.fill(leaf(600, 420, 245, 46, -84), "#8cc084")
    c.stroke(smooth([(600, 420), (608, 340), (622, 210)]), "#2f7d5b", 4)
    c.stroke(smooth([(600, 420), (594, 470), (600, 520)]), "#174d39", 9)
    return c


PICTURES = {
    "bass-triangle": bass_triangle,
    "white-rabbit": white_rabbit,
    "tea-hills": tea_hills,
}
