"""Descriptions as people write them: Chinese, English or both, 200 to 400 characters, frequent words and rare ones."""

from __future__ import annotations

import random

_PHRASES = 4_000
_CHINESE = (
    "一种 方法 装置 系统 基于 神经网络 芯片 电池 材料 算法 数据 无线 传感器 图像 控制 制备 结构 工艺 光学 量子 "
    "机器人 医疗 能源 环境 低功耗 边缘 推理 所述 包括 连接 信号 处理 单元 模块 温度 压力 检测 通信 存储 加密"
)
_ENGLISH = (
    "the of a method system for wireless sensor network battery cell chip layout neural inference adaptive routing "
    "kernel quantum optical device process and with wherein according embodiment signal data power low high control"
)


class Descriptions:
    """The same number gives the same text."""

    def __init__(self) -> None:
        chooser = random.Random(2024)
        # Frequencies of characters fall off as in real text (Zipf), over a vocabulary of some thousand.
        self._characters = [chr(0x4E00 + min(2_999, int(chooser.paretovariate(0.7)))) for _ in range(20_000)]
        self._chooser = chooser
        self._chinese_words, self._english_words = _CHINESE.split(), _ENGLISH.split()
        self._chinese = ["".join(self._chinese_phrase()) for _ in range(_PHRASES)]
        self._english = [" ".join(self._english_phrase()) for _ in range(_PHRASES)]

    def text(self, number: int) -> str:
        """The description of an asset."""
        state = (number * 2_654_435_761) & 0xFFFF_FFFF
        length = 200 + state % 200
        kind = number % 3
        parts: list[str] = []
        size = 0
        while size < length:
            state = (state * 1_664_525 + 1_013_904_223) & 0xFFFF_FFFF
            is_chinese = kind == 0 or (kind == 2 and len(parts) % 2)
            phrase = (self._chinese if is_chinese else self._english)[(state >> 8) % _PHRASES]
            parts.append(phrase)
            size += len(phrase) + 1
        return " ".join(parts)

    def _chinese_phrase(self) -> list[str]:
        pick = self._chooser
        return [
            pick.choice(self._chinese_words) if pick.random() < 0.4 else "".join(pick.choices(self._characters, k=2))
            for _ in range(pick.randint(10, 20))
        ]

    def _english_phrase(self) -> list[str]:
        pick = self._chooser
        return [
            pick.choice(self._english_words)
            if pick.random() < 0.85
            else f"{pick.choice('bcdfgk')}{pick.randrange(36**4):x}"
            for _ in range(pick.randint(6, 12))
        ]
