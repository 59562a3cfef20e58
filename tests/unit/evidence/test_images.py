from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from ryoji.catalogue.loading import load
from ryoji.errors import Invalid
from ryoji.evidence.images import CleanImage, sanitise
from simulators.people import variants


def clean(data: bytes, max_side: int = 2400, max_bytes: int = 4_000_000) -> CleanImage:
    return sanitise(data, max_side=max_side, max_bytes=max_bytes)


def opened(image: CleanImage) -> Image.Image:
    return Image.open(io.BytesIO(image.jpeg))


def file_of(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def test_whatever_a_procedure_takes_as_a_picture_is_read() -> None:
    made: dict[str, Callable[[], bytes]] = {
        "image/jpeg": variants.compliant,
        "image/png": variants.png_with_alpha,
        "image/heic": variants.heic,
        "image/bmp": bitmap,
    }
    taken = {
        kind
        for procedure in load(Path(__file__).parents[3] / "procedures").versions()
        for document in procedure.documents
        for kind in (document.limits.content_types if document.limits else ())
    }
    assert "image/jpeg" in taken
    for kind in taken:
        assert clean(made[kind]()).jpeg, kind


def test_a_jpeg_comes_out_as_another_jpeg_of_the_same_picture() -> None:
    given = variants.compliant()
    image = clean(given)
    assert image.jpeg != given
    assert opened(image).format == "JPEG"
    assert (image.width, image.height) == opened(image).size == Image.open(io.BytesIO(given)).size
    assert image.sha256 == hashlib.sha256(image.jpeg).hexdigest()


def test_orientation_is_applied_and_what_the_file_says_besides_is_dropped() -> None:
    given = variants.sideways_with_orientation()
    assert b"must not survive" in given
    image = clean(given)
    assert image.width > image.height
    assert b"must not survive" not in image.jpeg
    assert b"Exif" not in image.jpeg
    assert not opened(image).getexif()


def test_orientation_is_applied_also_when_the_picture_is_decoded_at_a_fraction() -> None:
    image = clean(variants.sideways_with_orientation(), max_side=400)
    assert image.width == 400
    assert image.height == pytest.approx(343, abs=1)


def test_comments_and_data_after_the_picture_are_dropped() -> None:
    given = file_of(variants.plain(), "JPEG", comment=b"<script>alert(1)</script>") + b"PK\x03\x04 an archive"
    image = clean(given)
    assert b"script" not in image.jpeg
    assert b"archive" not in image.jpeg


def test_colours_of_another_profile_are_brought_to_srgb() -> None:
    lab_free = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = clean(file_of(variants.plain(), "JPEG", icc_profile=lab_free))
    assert "icc_profile" not in opened(image).info


def test_a_profile_that_cannot_be_read_is_no_obstacle() -> None:
    assert (
        clean(file_of(variants.plain(), "JPEG", icc_profile=b"nonsense" * 20)).width == variants.plain().width
    )


def test_large_pictures_are_shrunk_to_the_longer_side() -> None:
    image = clean(file_of(Image.new("RGB", (3000, 1500), "white"), "JPEG"), max_side=1000)
    assert (image.width, image.height) == (1000, 500)


def test_bytes_are_bounded_by_quality_and_then_by_size() -> None:
    noise = Image.effect_noise((1200, 1200), 90).convert("RGB")
    image = clean(file_of(noise, "PNG"), max_bytes=120_000)
    assert len(image.jpeg) <= 120_000
    assert image.width < 1200


def test_heic_is_accepted() -> None:
    image = clean(variants.heic())
    assert (image.width, image.height) == variants.plain().size


def test_transparent_parts_become_white() -> None:
    transparent = Image.new("RGBA", (300, 300), (10, 20, 30, 0))
    corner = opened(clean(file_of(transparent, "PNG"))).getpixel((5, 5))
    assert corner == (255, 255, 255)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P"])
def test_a_bitmap_is_taken_because_the_ministry_takes_it_for_signatures(mode: str) -> None:
    picture = Image.new("RGB", (300, 200), "white").convert(mode)
    image = clean(file_of(picture, "BMP"))
    assert (opened(image).format, opened(image).mode) == ("JPEG", "RGB")
    assert opened(image).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "1", "P", "I;16", "LA", "CMYK"])
def test_pictures_of_every_mode_come_out_in_colour(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = (
        Image.new(mode, (200, 200))
        if mode == "I;16"
        else Image.new("RGBA", (200, 200)).convert("RGB").convert(mode)
    )
    assert opened(clean(file_of(picture, kind))).mode == "RGB"


def test_a_second_picture_that_a_phone_adds_to_a_jpeg_is_left_behind() -> None:
    first, second = Image.new("RGB", (400, 300), "white"), Image.new("RGB", (200, 150), "black")
    image = clean(file_of(first, "MPO", save_all=True, append_images=[second]))
    assert (image.width, image.height) == (400, 300)


def png_of_size(width: int, height: int) -> bytes:
    """A few bytes that claim to be so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def bmp_of_size(width: int, height: int) -> bytes:
    """A header alone."""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header


def bitmap() -> bytes:
    """A picture without compression."""
    return file_of(Image.new("RGB", (300, 200), "white"), "BMP")


def animated_png() -> bytes:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    return file_of(frames[0], "PNG", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (variants.text_named_jpg(), "not_an_image"),
        (b"MZ\x90\x00 a programme", "not_an_image"),
        (variants.gif(), "unsupported_type"),
        (b"%PDF-1.7", "unsupported_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_type"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "unsupported_type"),
        (b"\x00\x00\x00\x18ftypmp42", "unsupported_type"),
        (variants.truncated(), "broken_image"),
        (variants.heic()[:3000], "broken_image"),
        (b"\xff\xd8\xff\xe0 and then nonsense", "broken_image"),
        (b"\x89PNG\r\n\x1a\n and then nonsense", "broken_image"),
        (png_of_size(200, 200), "broken_image"),
        (b"BM and then nonsense", "broken_image"),
        (bmp_of_size(300, 300), "broken_image"),
        (bmp_of_size(9_000, 9_000), "too_many_pixels"),
        (png_of_size(60_000, 60_000), "too_many_pixels"),
        (png_of_size(9_000, 9_000), "too_many_pixels"),
        (file_of(Image.new("RGB", (40, 900)), "JPEG"), "too_small"),
        (animated_png(), "several_pictures"),
        (b"\xff\xd8\xff" + bytes(31 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_no_usable_picture_is_refused_with_its_code(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean(data)
    assert refusal.value.code == code


@pytest.mark.parametrize("kept", [0.02, 0.1, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("make", [variants.compliant, variants.heic, variants.png_with_alpha, bitmap])
def test_a_file_cut_anywhere_is_refused_or_read_but_never_trips(
    make: Callable[[], bytes], kept: float
) -> None:
    whole = make()
    with pytest.raises(Invalid):
        clean(whole[: int(len(whole) * kept)])
