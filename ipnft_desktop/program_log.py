"""The program's log file: rotating, in the profile, free of secrets because nothing secret is ever handed to it."""

from __future__ import annotations

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_FILE = Path("logs") / "ipnft.log"
FILE_BYTES = 2_000_000
FILES_KEPT = 3


def open_log(profile: Path) -> None:
    """Write everything below the logger `ipnft` to `<profile>/logs/ipnft.log`, with times in UTC."""
    file = profile / LOG_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True)
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger = logging.getLogger("ipnft")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)


def close_log() -> None:
    """End writing; the file is complete."""
    logger = logging.getLogger("ipnft")
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
