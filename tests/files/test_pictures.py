"""Pictures as people have them, and what may leave the machine."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.core.model import Picture
from bot.core.pictures import Look, Unusable
from bot.core.text import LIMITS
from bot.files.pictures import Album
from bot.ports import Drawn
from tests.files.drawings import GPS, animation, encoded, noisy, opened, photo, plain, put

X = LIMITS["x"]


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path)


def drawn(folder: Path, file: str, data: bytes, **limits: int) -> Drawn:
    put(folder, file, data)
    made = Album(folder).draw(Picture(file, "alt"), replace(X, **limits))
    assert isinstance(made, Drawn), made
    return made


def named(value: object) -> str | None:
    """Bytes make no name of a test."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else None


def why_not(folder: Path, file: str, data: bytes | None = None) -> str:
    """What `check` says, which is what the bot says when it comes to it."""
    if data is not None:
        put(folder, file, data)
    look, made = Album(folder).look(file), Album(folder).draw(Picture(file, "alt"), X)
    assert isinstance(look, Unusable), look
    assert made == look
    return look.reason


# --- what is there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "data", "look"),
    [
        ("a.png", encoded(plain(40, 20)), Look("PNG", 40, 20, 1, 0)),
        ("a.PNG", encoded(plain(40, 20, "RGBA", (1, 2, 3, 9))), Look("PNG", 40, 20, 1, 0, opaque=False)),
        ("a.png", encoded(plain(40, 20, "RGBA", (1, 2, 3, 255))), Look("PNG", 40, 20, 1, 0)),
        ("a.jpg", encoded(plain(40, 20), "JPEG"), Look("JPEG", 40, 20, 1, 0)),
        ("a.jpeg", photo(6), Look("JPEG", 200, 400, 1, 0)),
        ("a.gif", encoded(plain(40, 20), "GIF"), Look("GIF", 40, 20, 1, 0)),
        ("a.gif", animation(4), Look("GIF", 20, 20, 4, 0)),
        ("a.webp", encoded(plain(40, 20), "WEBP"), Look("WebP", 40, 20, 1, 0)),
        ("without-an-ending", encoded(plain(40, 20)), Look("PNG", 40, 20, 1, 0)),
    ],
    ids=named,
)
def test_a_picture_is_known_by_what_is_in_it(
    tmp_path: Path, album: Album, file: str, data: bytes, look: Look
):
    put(tmp_path, file, data)
    found = album.look(file)
    assert isinstance(found, Look)
    assert replace(found, size=0) == look


def test_a_telephones_several_pictures_in_one_are_one_picture(tmp_path: Path, album: Album):
    both = encoded(plain(), "MPO", save_all=True, append_images=[plain()])
    put(tmp_path, "a.jpg", both)
    look = album.look("a.jpg")
    assert isinstance(look, Look)
    assert (look.kind, look.animated) == ("JPEG", False)


@pytest.mark.parametrize(
    ("file", "data", "said"),
    [
        ("media/tents.jpg", None, "media/tents.jpg is not there"),
        ("tents.jpg", b"", "is empty"),
        ("tents.jpg", encoded(noisy(90, 90), "JPEG")[:-900], "is damaged or not whole"),
        ("tents.png", encoded(noisy(90, 90))[:-900], "is damaged or not whole"),
        ("tents.gif", animation()[:-90], "is damaged or not whole"),
        ("tents.jpg", encoded(plain()), "tents.jpg is in truth a PNG: name it tents.png"),
        ("tents.png", encoded(plain(), "JPEG"), "tents.png is in truth a JPEG: name it tents.jpg"),
        ("tents.gif", encoded(plain(), "WEBP"), "tents.gif is in truth a WebP: name it tents.webp"),
        ("tents.heic", b"\x00\x00\x00\x18ftypheic" + bytes(40), "tents.heic is a HEIC picture"),
        ("tents.jpg", b"\x00\x00\x00\x18ftypmif1" + bytes(40), "tents.jpg is a HEIC picture"),
        ("tents.jpg", b"\x00\x00\x00\x18ftypavif" + bytes(40), "is an AVIF picture"),
        ("tents.gif", b"\x00\x00\x00\x18ftypisom" + bytes(40), "is a film"),
        ("tents.svg", b"<?xml version='1.0'?><svg/>", "is an SVG drawing"),
        ("tents.png", b"<!DOCTYPE html><p>Not found", "is a web page"),
        ("tents.bmp", encoded(plain(), "BMP"), "is a BMP picture"),
        ("tents.tif", encoded(plain(), "TIFF"), "is a TIFF picture"),
        ("tents.jpg", b"words", "no picture that can be read"),
        ("tents.png", animation(kind="PNG"), "is an animated PNG"),
        ("tents.webp", animation(kind="WEBP"), "is an animated WebP"),
        ("tents.png", encoded(Image.new("1", (12_000, 9_000))), "12000 x 9000 pixels"),
    ],
    ids=named,
)
def test_what_cannot_be_used_is_said_with_what_to_do(
    tmp_path: Path, file: str, data: bytes | None, said: str
):
    reason = why_not(tmp_path, file, data)
    assert reason.startswith(file)
    assert said in reason


def test_a_misspelt_name_gets_a_proposal(tmp_path: Path):
    put(tmp_path, "media/tents.jpg", photo())
    assert why_not(tmp_path, "media/tent.jpg").endswith("did you mean media/tents.jpg?")


def test_a_name_as_a_mac_writes_it_is_found(tmp_path: Path, album: Album):
    put(tmp_path, "tiendas-man\u0303ana.png", encoded(plain()))
    assert isinstance(album.look("tiendas-ma\u00f1ana.png"), Look)


@pytest.mark.parametrize(
    "file", ["/etc/hostname", "../secret.png", "media/../../secret.png", "media\\tents.jpg"]
)
def test_a_picture_outside_the_folder_is_not_opened(tmp_path: Path, file: str):
    inside = tmp_path / "campaign"
    put(tmp_path, "secret.png", encoded(plain()))
    put(inside, "media/tents.jpg", photo())
    assert "from the folder of messages.yaml on" in why_not(inside, file)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    inside = tmp_path / "campaign"
    inside.mkdir()
    (inside / "tents.png").symlink_to(put(tmp_path, "secret.png", encoded(plain())))
    assert "leads out of the folder" in why_not(inside, "tents.png")


def test_a_folder_or_a_pipe_is_no_picture(tmp_path: Path):
    (tmp_path / "media").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    assert "is not there" in why_not(tmp_path, "media")
    assert "is not there" in why_not(tmp_path, "pipe.png")


def test_a_huge_file_is_not_even_read(tmp_path: Path):
    with (tmp_path / "film.png").open("wb") as file:
        file.truncate(50_000_001)
    assert "is larger than 50 MB" in why_not(tmp_path, "film.png")


def test_a_name_that_no_system_takes_is_said(tmp_path: Path):
    assert "cannot be read" in why_not(tmp_path, "x" * 300 + ".png")


# --- what leaves the machine -----------------------------------------------------------------


@pytest.mark.parametrize("largest", [5_000_000, 2_500], ids=["as it is", "made smaller"])
def test_a_photo_is_shown_upright_and_tells_no_place(tmp_path: Path, largest: int):
    data = photo(6, quality=95)
    made = drawn(tmp_path, "tents.jpg", data, picture_bytes=largest)
    image = opened(made.data)
    assert image.size == (made.width, made.height)
    assert image.height == 2 * image.width
    assert dict(image.getexif()) == {}
    assert image.getexif().get_ifd(GPS) == {}
    for told in (b"telephone", b"shelter", b"Exif"):
        assert told not in made.data
    red, green, _ = image.convert("RGB").getpixel((image.width // 2, 2))  # type: ignore[misc]
    assert red > 200 > green + 100  # what was on the left is on top
    assert len(made.data) <= largest


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_ways_to_hold_a_telephone(tmp_path: Path, orientation: int):
    made = drawn(tmp_path, "tents.jpg", photo(orientation))
    assert (made.width, made.height) == ((400, 200) if orientation < 5 else (200, 400))


@pytest.mark.parametrize(
    ("file", "data", "kind"),
    [
        ("a.jpg", encoded(plain(), "JPEG"), "image/jpeg"),
        ("a.jpg", encoded(plain(mode="CMYK", colour=(9, 9, 9, 9)), "JPEG"), "image/jpeg"),
        ("a.png", encoded(plain()), "image/png"),
        ("a.png", encoded(plain(mode="P", colour=3)), "image/png"),
        ("a.png", encoded(plain(mode="LA", colour=(3, 4))), "image/png"),
        ("a.gif", encoded(plain(), "GIF"), "image/png"),
        ("a.webp", encoded(plain(), "WEBP"), "image/jpeg"),
        ("a.webp", encoded(plain(mode="RGBA", colour=(3, 4, 5, 6)), "WEBP"), "image/png"),
    ],
    ids=named,
)
def test_every_kind_leaves_as_one_that_all_networks_take(tmp_path: Path, file: str, data: bytes, kind: str):
    made = drawn(tmp_path, file, data)
    image = opened(made.data)
    assert made.kind == kind == f"image/{str(image.format).lower()}"
    assert image.size == (40, 20)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "I;16"])
def test_what_is_too_large_is_made_smaller_and_stays_whole(tmp_path: Path, mode: str):
    image = noisy(300, 200, "RGB" if mode != "I;16" else "L")
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 256).convert("I;16")
    if mode == "RGBA":
        image.putalpha(noisy(300, 200, "L"))
    made = drawn(tmp_path, "a.png", encoded(image.convert(mode)), picture_bytes=20_000)
    small = opened(made.data)
    assert len(made.data) <= 20_000
    assert small.width < 300
    assert abs(small.width / small.height - 1.5) < 0.05
    assert small.has_transparency_data == (mode == "RGBA")
    shades = small.convert("L").getextrema()
    assert shades[0] < 90 < 160 < shades[1]  # type: ignore[operator]


def test_too_many_pixels_are_too_large_as_well(tmp_path: Path):
    made = drawn(tmp_path, "a.png", encoded(plain(400, 200)), picture_pixels=20_000)
    assert (made.width, made.height) == (200, 100)


def test_words_in_a_png_do_not_leave(tmp_path: Path):
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Ana Gil")
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    made = drawn(tmp_path, "a.png", encoded(plain(), pnginfo=told, exif=exif))
    assert b"Ana" not in made.data
    assert b"telephone" not in made.data


def test_colours_keep_their_meaning(tmp_path: Path):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = drawn(tmp_path, "a.jpg", encoded(plain(), "JPEG", icc_profile=profile))
    assert opened(made.data).info["icc_profile"] == profile


def test_an_animation_is_never_flattened(tmp_path: Path):
    """Not even one that is larger than a still picture may be."""
    data = animation(4, size=120, comment=b"by Ana Gil")
    made = drawn(tmp_path, "tents.gif", data, picture_bytes=len(data) // 8)
    assert made.animated
    assert opened(made.data).n_frames == 4  # type: ignore[attr-defined]
    assert b"Ana" not in made.data
    assert len(data) // 8 < len(made.data) < len(data)


def test_a_large_animation_is_refused_and_not_made_smaller(tmp_path: Path):
    put(tmp_path, "tents.gif", animation(4, size=120))
    made = Album(tmp_path).draw(Picture("tents.gif", "alt"), replace(X, animation_bytes=20_000))
    assert isinstance(made, Unusable)
    assert "make it shorter or smaller" in made.reason


def test_the_file_is_drawn_as_it_is_now(tmp_path: Path, album: Album):
    file = put(tmp_path, "a.png", encoded(plain(10, 10)))
    assert isinstance(album.look("a.png"), Look)
    file.write_bytes(encoded(plain(20, 10)))
    later = album.draw(Picture("a.png", "alt"), X)
    assert isinstance(later, Drawn)
    assert later.width == 20
    file.unlink()
    gone = album.draw(Picture("a.png", "alt"), X)
    assert isinstance(gone, Unusable)


def test_a_picture_that_no_way_of_drawing_makes_small_enough_is_refused(tmp_path: Path):
    put(tmp_path, "a.jpg", encoded(noisy(90, 90), "JPEG"))
    made = Album(tmp_path).draw(Picture("a.jpg", "alt"), replace(X, picture_bytes=10))
    assert isinstance(made, Unusable)
