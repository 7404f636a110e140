"""Pictures of the historic patents."""

from __future__ import annotations

import math
from itertools import pairwise

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
    smooth,
    spread,
    wedge,
)


def frequency_hopping() -> Canvas:
    """A carrier hops from slot to slot of a player-piano roll."""
    c = Canvas("#14213d")
    top, lane, lanes, step = 92.0, 41.0, 12, 56.0
    c.bar(0, top - 42, WIDTH, lanes * lane + 84, "#f2e6cf")
    for x in range(-10, WIDTH + 40, 40):
        c.disc(x, top - 21, 7, "#14213d")
        c.disc(x, top + lanes * lane + 21, 7, "#14213d")
    for number in range(lanes + 1):
        c.line((0, top + number * lane), (WIDTH, top + number * lane), "#d9c7a3", 1.5)
    hops = [9, 6, 10, 3, 7, 1, 5, 8, 2, 11, 4, 6, 0, 7, 3, 9, 5, 1, 8, 4, 10, 2]
    for number in range(90):
        x, y = (number * 7 % 22) * step - 14, top + (number * 5 % lanes) * lane + 9
        if spread(number) > 0.45:
            c.bar(x, y, step * 0.66, lane - 18, "#c9b48a", 8, 0.55)
    points: list[Point] = []
    for number, slot in enumerate(hops):
        x, y = number * step - 14, top + (slot + 0.5) * lane
        points += [(x, y), (x + step, y)]
    c.stroke(polygon(points, closed=False), "#e4572e", 6)
    for number, slot in enumerate(hops):
        x, y = number * step - 14, top + slot * lane
        c.bar(x + 4, y + 6, step - 8, lane - 12, "#14213d", 10)
        c.disc(x + step / 2, y + lane / 2, 6, "#ffb703")
    return c


def induction_motor() -> Canvas:
    """Three currents, a third of a turn apart, make one field that turns."""
    c = Canvas("#f3eee3")
    phases = (("#c8553d", 0), ("#2f6690", 120), ("#e0a526", 240))
    for tone, shift in phases:
        wave = [(x, CENTRE_Y + 165 * math.sin(math.radians(x * 0.75 + shift))) for x in range(-20, WIDTH + 40, 12)]
        c.stroke(smooth(wave), tone, 7, opacity=0.85)
    c.disc(CENTRE_X, CENTRE_Y, 292, "#f3eee3")
    c.disc(CENTRE_X, CENTRE_Y, 272, "#22333b")
    c.disc(CENTRE_X, CENTRE_Y, 236, "#3c5059")
    for pole in range(12):
        tone = phases[pole % 3][0]
        c.fill(wedge(CENTRE_X, CENTRE_Y, 168, 240, pole * 30 - 9, 18), "#22333b")
        for turn in range(4):
            c.fill(wedge(CENTRE_X, CENTRE_Y, 178 + turn * 14, 187 + turn * 14, pole * 30 - 11, 22), tone)
    c.disc(CENTRE_X, CENTRE_Y, 156, "#f3eee3")
    c.disc(CENTRE_X, CENTRE_Y, 146, "#8a9ba3")
    for bar in range(18):
        c.disc(*polar(CENTRE_X, CENTRE_Y, 124, bar * 20), 10, "#d98c5f")
    c.disc(CENTRE_X, CENTRE_Y, 98, "#5c6f78")
    for number in range(3):
        start = number * 120 - 70
        c.stroke(arc(CENTRE_X, CENTRE_Y, 70, start, 78), "#f3eee3", 9)
        tip = polar(CENTRE_X, CENTRE_Y, 70, start + 98)
        inner, outer = polar(CENTRE_X, CENTRE_Y, 52, start + 76), polar(CENTRE_X, CENTRE_Y, 88, start + 76)
        c.fill(polygon([tip, inner, outer]), "#f3eee3")
    c.disc(CENTRE_X, CENTRE_Y, 26, "#22333b")
    c.disc(CENTRE_X, CENTRE_Y, 9, "#f3eee3")
    return c


RANKED_NODES = [
    (515, 355), (320, 205), (855, 205), (850, 500), (360, 490), (170, 110), (140, 345), (190, 575),
    (600, 85), (1010, 80), (1060, 350), (1030, 590), (600, 600), (440, 110), (700, 470),
]  # fmt: skip
RANKED_LINKS = [
    (5, 1), (6, 1), (6, 4), (7, 4), (1, 0), (4, 0), (2, 0), (3, 0), (8, 2), (9, 2), (10, 2), (10, 3), (11, 3),
    (12, 3), (12, 4), (13, 0), (14, 0), (0, 2), (8, 13), (5, 13), (11, 14), (7, 12), (3, 10), (1, 6), (9, 10),
]  # fmt: skip


def page_ranks(damping: float = 0.85, rounds: int = 60) -> list[float]:
    """Ranks of `RANKED_NODES` by the patent's own recurrence, started evenly and repeated until it settles."""
    count = len(RANKED_NODES)
    out = [sum(1 for source, _ in RANKED_LINKS if source == node) for node in range(count)]
    ranks = [1 / count] * count
    for _ in range(rounds):
        following = [(1 - damping) / count] * count
        for source, target in RANKED_LINKS:
            following[target] += damping * ranks[source] / out[source]
        ranks = following
    return ranks


def node_ranking() -> Canvas:
    c = Canvas("#0b2b33")
    ranks = page_ranks()
    radii = [17 + 205 * rank**0.8 for rank in ranks]
    for source, target in RANKED_LINKS:
        (ax, ay), (bx, by) = RANKED_NODES[source], RANKED_NODES[target]
        length = math.hypot(bx - ax, by - ay)
        ux, uy = (bx - ax) / length, (by - ay) / length
        ex, ey = bx - ux * (radii[target] + 12), by - uy * (radii[target] + 12)
        mx, my = (ax + ex) / 2 - uy * length * 0.12, (ay + ey) / 2 + ux * length * 0.12
        c.stroke(smooth([(ax, ay), (mx, my), (ex, ey)]), "#5fb3a8", 3 + 26 * ranks[source], opacity=0.75)
        heading = math.atan2(ey - my, ex - mx)
        wings = [(ex - 17 * math.cos(heading + turn), ey - 17 * math.sin(heading + turn)) for turn in (-0.45, 0.45)]
        c.fill(polygon([(ex + 4 * ux, ey + 4 * uy), *wings]), "#8fd3c7")
    best = max(ranks)
    for (x, y), radius, rank in zip(RANKED_NODES, radii, ranks, strict=True):
        tone = mix("#2f8f83", "#ffb703", (rank / best) ** 0.8)
        c.disc(x, y, radius + 9, "#0b2b33")
        c.disc(x, y, radius, tone)
        c.disc(x - radius * 0.22, y - radius * 0.22, radius * 0.5, mix(tone, "#ffffff", 0.28))
    return c


def electric_lamp() -> Canvas:
    c = Canvas("#1b1512")
    for number in range(11):
        c.disc(CENTRE_X, 285, 560 - number * 42, mix("#1f1813", "#7a4212", (number / 10) ** 1.3))
    for ray in (number for number in range(36) if not 6 <= number <= 12):
        inner, outer = (300, 330) if ray % 2 else (306, 376)
        start, end = polar(CENTRE_X, 285, inner, ray * 10), polar(CENTRE_X, 285, outer, ray * 10)
        c.line(start, end, "#f2a541", 4 if ray % 2 else 6, opacity=0.8)
    glass = smooth(
        [(556, 520), (548, 455), (480, 390), (445, 290), (480, 170), (600, 105), (720, 170), (755, 290),
         (720, 390), (652, 455), (644, 520)]
    )  # fmt: skip
    c.fill(glass, "#ffd98a", 0.28)
    c.stroke(glass, "#fff0cc", 6)
    c.stroke(smooth([(490, 300), (500, 220), (555, 162)]), "#ffffff", 7, opacity=0.6)
    stem = polygon([(575, 520), (582, 430), (618, 430), (625, 520)])
    c.fill(stem, "#fff0cc", 0.45)
    filament = smooth([(588, 430), (562, 350), (546, 270), (566, 200), (600, 180), (634, 200), (654, 270), (638, 350),
                       (612, 430)])  # fmt: skip
    for width, tone, opacity in ((46, "#ffb347", 0.25), (26, "#ffd27a", 0.55), (9, "#fffbe8", 1.0)):
        c.stroke(filament, tone, width, opacity=opacity)
    c.bar(540, 512, 120, 30, "#c99a5b", 8)
    for turn in range(3):
        c.bar(548, 546 + turn * 24, 104, 18, "#a9783c" if turn % 2 else "#c08d4c", 9)
    c.fill(polygon([(568, 620), (632, 620), (616, 648), (584, 648)]), "#5a4023")
    return c


def telephone() -> Canvas:
    """The voice, the undulating current of the same form, the voice again."""
    c = Canvas("#efe9da")
    for x in (190, 1010):
        for number in range(5):
            c.disc(x, CENTRE_Y, 430 - number * 62, mix("#efe9da", "#d98a63", 0.1 + number * 0.14))
    c.bar(330, 0, 540, HEIGHT, "#efe9da")
    for side, x in ((1, 190), (-1, 1010)):
        mouth, throat = x, x + side * 170
        c.fill(polygon([(mouth, 150), (throat, 275), (throat, 400), (mouth, 525)]), "#28464b")
        c.fill(ellipse(mouth, CENTRE_Y, 50, 188), "#3c666c")
        c.fill(ellipse(mouth, CENTRE_Y, 35, 148), "#1b3034")
        c.fill(ellipse(mouth, CENTRE_Y, 12, 52), "#d9a441")
        coil = min(throat, throat + side * 60)
        c.bar(coil, 262, 60, 151, "#d9a441", 6)
        for turn in range(6):
            c.bar(coil - 6, 272 + turn * 23, 72, 13, "#a8702a", 6)
    wave: list[Point] = []
    for x in range(424, 780, 4):
        share = (x - 424) / 352
        envelope = math.sin(math.pi * share) * (0.6 + 0.4 * math.sin(share * 17))
        wave.append((x, CENTRE_Y + 190 * envelope * math.sin(share * 50)))
    c.line((420, CENTRE_Y), (780, CENTRE_Y), "#28464b", 2, opacity=0.3)
    c.stroke(smooth(wave), "#28464b", 6)
    return c


def flying_machine() -> Canvas:
    """A biplane glider seen from the front, its wing tips twisted in opposite senses."""
    c = Canvas("#bfe0ea")
    for number, tone in enumerate(("#cde8ee", "#dcefef", "#ebf5ee")):
        c.bar(0, 210 + number * 110, WIDTH, HEIGHT, tone)
    c.disc(905, 205, 92, "#f8d98b")
    dunes = (("#e7cf9d", 560, 40, 0.006, 0.4), ("#dbb877", 600, 34, 0.0075, 2.2), ("#c79c58", 642, 22, 0.01, 4.0))
    for tone, base, height, pace, shift in dunes:
        ridge = [(x, base - height * math.sin(x * pace + shift)) for x in range(-40, WIDTH + 80, 40)]
        path = smooth(ridge)
        path.lineTo(WIDTH + 80, HEIGHT)
        path.lineTo(-40, HEIGHT)
        c.fill(path, tone)

    def wing(x: float, level: float) -> float:
        share = (x - CENTRE_X) / 460
        return level + 46 * share**3 - 20 * (1 - share * share)

    with c.turned(0, 20, 0):
        for level in (190.0, 345.0):
            front = [(x, wing(x, level)) for x in range(140, 1061, 46)]
            back = [(x, wing(x, level) - 17 - 30 * ((x - CENTRE_X) / 460) ** 3) for x in range(1060, 139, -46)]
            outline = smooth(front)
            outline.connectPath(smooth(back))
            c.fill(outline, "#f7f1e1")
            c.stroke(outline, "#3b3a36", 4)
            for x in range(170, 1060, 30):
                c.line((x, wing(x, level)), (x, wing(x, level) - 16 - 29 * ((x - CENTRE_X) / 460) ** 3), "#9a8f7a", 2)
        posts = [180, 320, 460, 740, 880, 1020]
        for x in posts:
            c.line((x, wing(x, 190)), (x, wing(x, 345) - 16), "#7a4b24", 8)
        for left, right in pairwise(posts):
            c.line((left, wing(left, 190)), (right, wing(right, 345) - 16), "#3b3a36", 1.6)
            c.line((right, wing(right, 190)), (left, wing(left, 345) - 16), "#3b3a36", 1.6)
        c.bar(566, 300, 68, 26, "#7a4b24", 13)
        c.disc(634, 303, 17, "#3b3a36")
        c.line((560, 322), (480, 430), "#7a4b24", 6)
        c.line((640, 322), (720, 430), "#7a4b24", 6)
        c.stroke(smooth([(430, 436), (600, 428), (770, 436)]), "#7a4b24", 9)
    for x, y, start, sweep in ((135, 300, 110, 140), (1065, 325, 70, -140)):
        c.stroke(arc(x, y, 92, start, sweep), "#c8553d", 8)
        tip, root = polar(x, y, 92, start + sweep * 1.16), start + sweep * 0.94
        c.fill(polygon([tip, polar(x, y, 72, root), polar(x, y, 112, root)]), "#c8553d")
    return c


def rsa() -> Canvas:
    """Every residue x of n = 7 * 11 tied to the seventh power of x: public arithmetic, private factors."""
    c = Canvas("#191532")
    p, q, exponent = 7, 11, 7
    n = p * q
    for radius, tone in ((322, "#221c42"), (306, "#191532")):
        c.disc(CENTRE_X, CENTRE_Y, radius, tone)
    for x in range(n):
        start = polar(CENTRE_X, CENTRE_Y, 290, x * 360 / n - 90)
        end = polar(CENTRE_X, CENTRE_Y, 290, pow(x, exponent, n) * 360 / n - 90)
        middle = ((start[0] + end[0]) / 2 * 0.55 + CENTRE_X * 0.45, (start[1] + end[1]) / 2 * 0.55 + CENTRE_Y * 0.45)
        tone, width = ("#ffb703", 4.0) if x % p == 0 else ("#ef476f", 4.0) if x % q == 0 else ("#6a64bd", 2.4)
        c.stroke(smooth([start, middle, end]), tone, width)
    for x in range(n):
        tone = "#ffb703" if x % p == 0 else "#ef476f" if x % q == 0 else "#b9b6f0"
        c.disc(*polar(CENTRE_X, CENTRE_Y, 300, x * 360 / n - 90), 8.5 if tone != "#b9b6f0" else 5, tone)
    for side, tone, count in ((-1, "#ffb703", p), (1, "#ef476f", q)):
        for number in range(count):
            x, y = CENTRE_X + side * 450, CENTRE_Y + (number - (count - 1) / 2) * 38
            c.disc(x, y, 12, tone)
            c.line((x - side * 18, y), (x - side * 118, CENTRE_Y + (y - CENTRE_Y) * 0.42), tone, 2, opacity=0.55)
    return c


def edge_chip() -> Canvas:
    """A chip of which only the compute arrays in use are lit."""
    c = Canvas("#0e3b34")
    for side in range(4):
        with c.turned(CENTRE_X, CENTRE_Y, side * 90):
            for number in range(13):
                offset = (number - 6) * 30
                bend = 250 + abs(number - 6) * 22
                reach = bend + 70 + 110 * spread(number + side * 5)
                shift = offset * 1.9
                trace = [(190, offset), (bend, offset), (bend + abs(shift - offset), shift), (reach + 230, shift)]
                c.stroke(polygon(trace, closed=False), "#2d7a66", 5)
                c.disc(reach + 230, shift, 9, "#d9a441")
                c.disc(reach + 230, shift, 4, "#0e3b34")
                c.bar(184, offset - 7, 34, 14, "#d8d2bd", 3)
    c.bar(CENTRE_X - 196, CENTRE_Y - 196, 392, 392, "#16211f", 18)
    c.bar(CENTRE_X - 172, CENTRE_Y - 172, 344, 344, "#22312e", 8)
    lit = {(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2)}
    for column in range(4):
        for row in range(4):
            x, y = CENTRE_X - 156 + column * 80, CENTRE_Y - 156 + row * 80
            on = (column, row) in lit
            c.bar(x, y, 70, 70, "#e9a23b" if on else "#31443f", 6)
            for cell in range(16):
                tone = ("#fbe3a6" if spread(cell + column * 3 + row) > 0.4 else "#f3c567") if on else "#3d534d"
                c.bar(x + 8 + cell % 4 * 14, y + 8 + cell // 4 * 14, 11, 11, tone, 2)
    path = [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2)]
    centres = [(CENTRE_X - 121 + column * 80, CENTRE_Y - 121 + row * 80) for column, row in path]
    c.stroke(polygon(centres, closed=False), "#fff6dd", 6)
    for x, y in centres:
        c.disc(x, y, 9, "#fff6dd")
    c.stroke(box(CENTRE_X - 196, CENTRE_Y - 196, 392, 392, 18), "#4b615b", 3)
    return c


PICTURES = {
    "frequency-hopping": frequency_hopping,
    "induction-motor": induction_motor,
    "node-ranking": node_ranking,
    "electric-lamp": electric_lamp,
    "telephone": telephone,
    "flying-machine": flying_machine,
    "rsa": rsa,
    "edge-chip": edge_chip,
}
