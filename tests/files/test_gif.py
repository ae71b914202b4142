"""Animated GIFs: every frame as it was, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops, ImageSequence

from bot.files.gif import bare
from tests.files.drawings import animation, encoded, opened, plain

XMP = b"\x21\xff\x0bXMP DataXMP" + b"\x05place\x00"


def told(data: bytes, more: bytes) -> bytes:
    """The same file with one more block before its end."""
    return data[:-1] + more + data[-1:]


def test_frames_times_and_rounds_stay() -> None:
    data = animation(5, loop=0, comment=b"by Ana Gil")
    before, after = opened(data), opened(bare(data))
    assert after.n_frames == 5  # type: ignore[attr-defined]
    assert after.info["loop"] == 0
    assert after.info["duration"] == 80
    pairs = zip(ImageSequence.Iterator(before), ImageSequence.Iterator(after), strict=True)
    assert all(ImageChops.difference(a.convert("RGB"), b.convert("RGB")).getbbox() is None for a, b in pairs)


@pytest.mark.parametrize("more", [XMP, b"\x21\xfe\x03Ana\x00", b"\x21\x01\x02ab\x00"])
def test_what_nobody_sees_is_left_out(more: bytes) -> None:
    data = animation(2)
    assert bare(told(data, more)) == bare(data)


def test_what_follows_the_end_is_left_out() -> None:
    data = animation(2)
    assert bare(data + b"place") == bare(data)


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_half_a_file_is_not_taken_for_a_whole_one(cut: int) -> None:
    with pytest.raises(ValueError, match="ends in the middle"):
        bare(animation(2)[:-cut])


def test_what_is_no_block_is_said() -> None:
    data = encoded(plain(), "GIF")
    with pytest.raises(ValueError, match="no block"):
        bare(data[:-1] + b"\x07" + data[-1:])


@given(st.binary(max_size=60))
def test_no_bytes_make_it_stumble(noise: bytes) -> None:
    try:
        kept = bare(animation(1)[:20] + noise)
    except ValueError:
        return
    assert kept.endswith(b";")
