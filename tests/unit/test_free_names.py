"""What lies in a person's folder stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipnft_desktop.free_names import claim_free_name, put_into_place


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("certificates.pdf", "certificates (2).pdf"),
        ("Radio No. 0 电台 cfdd.evidence.zip", "Radio No. 0 电台 cfdd (2).evidence.zip"),
        ("no suffix", "no suffix (2)"),
        (".hidden", ".hidden (2)"),
    ],
)
def test_a_second_one_gets_a_name_like_it(tmp_path: Path, name: str, second: str) -> None:
    target = tmp_path / name
    target.write_bytes(b"mine")
    finished = tmp_path / "finished"
    finished.write_bytes(b"new")
    assert put_into_place(finished, target) == tmp_path / second
    assert (target.read_bytes(), (tmp_path / second).read_bytes()) == (b"mine", b"new")
    assert not finished.exists()


def test_two_at_once_never_get_the_same(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    assert len({claim_free_name(target) for _ in range(5)}) == 5


def test_what_cannot_be_put_there_leaves_no_empty_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        put_into_place(tmp_path / "never made", tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []
