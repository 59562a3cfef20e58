"""What applicants upload, made safe: recognised by content, decoded, turned upright, bounded, re-encoded, stripped.

What comes out is a new JPEG that holds pixels and nothing else: no place, no camera, no thumbnail, no script.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ryoji.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_UPLOAD_BYTES = 30 * 1024 * 1024
MAX_PIXELS = (
    60_000_000  # a phone's 50-megapixel picture passes; a bomb of a few kilobytes and gigapixels does not
)
MIN_SIDE = 100
QUALITIES = (92, 85, 75, 60)
SMALLER = 0.75

_UNSUPPORTED: tuple[bytes, ...] = (
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"%PDF-",
    b"RIFF",
    b"8BPS",
    b"\x00\x00\x01\x00",
    b"<svg",
    b"\xff\x0a",
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "heic": ("HEIF",), "bmp": ("BMP",)}


@dataclass(frozen=True)
class CleanImage:
    """A JPEG of our own making: upright sRGB pixels, no metadata. `sha256` is hexadecimal."""

    jpeg: bytes
    width: int
    height: int
    sha256: str


def sanitise(data: bytes, *, max_side: int, max_bytes: int) -> CleanImage:
    """The picture as a clean JPEG whose longer side and size are at most `max_side` pixels and `max_bytes`.

    JPEG, PNG, HEIC and BMP (a signature's picture, japan.md §14.4) are taken. Raises Invalid: empty_file, too_large,
    not_an_image, unsupported_type, several_pictures, too_small, too_many_pixels, broken_image.
    """
    kind = _recognise(data)
    picture = _decode(data, kind, max_side)
    jpeg, width, height = _encode(picture, max_bytes)
    return CleanImage(jpeg, width, height, hashlib.sha256(jpeg).hexdigest())


def _recognise(data: bytes) -> str:
    """The type that the first bytes tell; the file's name and declared type are not asked."""
    if not data:
        raise Invalid("empty_file")
    if len(data) > MAX_UPLOAD_BYTES:
        raise Invalid("too_large", limit=str(MAX_UPLOAD_BYTES // 1024 // 1024))
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"BM"):
        return "bmp"
    if data[4:8] == b"ftyp":
        return _recognise_boxes(data)
    if data.lstrip()[:5].lower().startswith(_UNSUPPORTED) or data.startswith(_UNSUPPORTED):
        raise Invalid("unsupported_type")
    raise Invalid("not_an_image")


def _recognise_boxes(data: bytes) -> str:
    """Files of boxes (ISO 14496-12) are pictures, films or sounds: the first brand tells."""
    if data[8:12] in _HEIC_BRANDS:
        return "heic"
    raise Invalid("unsupported_type")


def _decode(data: bytes, kind: str, max_side: int) -> Picture:
    from PIL import Image, UnidentifiedImageError

    if kind == "heic":
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS[kind]) as opened:
            _judge_frame(opened)
            # A JPEG can be decoded at an eighth, a quarter or half of its size for a fraction of the work. The
            # picture is at least so large that shrinking it further still averages pixels instead of dropping them.
            opened.draft("RGB", (max_side, max_side))
            return _upright(opened, max_side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid("too_many_pixels", limit=str(MAX_PIXELS // 1_000_000)) from error
    except UnidentifiedImageError as error:
        raise Invalid("broken_image") from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        RuntimeError,
    ) as error:
        # Decoders meet broken files with errors of every kind; all mean that nothing can be seen.
        raise Invalid("broken_image") from error


def _judge_frame(opened: Picture) -> None:
    """Size and number of pictures, from the header: nothing has been decoded yet."""
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise Invalid("too_many_pixels", limit=str(MAX_PIXELS // 1_000_000))
    if min(width, height) < MIN_SIDE:
        raise Invalid("too_small", limit=str(MIN_SIDE))
    # Phones put a second, auxiliary picture into a JPEG (MPO) or HEIC; the first is the photograph.
    if opened.format == "PNG" and getattr(opened, "n_frames", 1) > 1:
        raise Invalid("several_pictures")


def _upright(opened: Picture, max_side: int) -> Picture:
    from PIL import Image, ImageOps

    profile = opened.info.get("icc_profile")
    picture = ImageOps.exif_transpose(opened)
    if max(picture.size) > max_side:
        picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    else:
        picture.load()
    return _in_srgb(_without_alpha(picture), profile)


def _without_alpha(picture: Picture) -> Picture:
    """Transparent parts are shown on white, as a browser shows them."""
    from PIL import Image

    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return picture if picture.mode in {"RGB", "CMYK"} else picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGB", layered.size, (255, 255, 255))
    white.paste(layered, mask=layered.getchannel("A"))
    return white


def _in_srgb(picture: Picture, profile: bytes | None) -> Picture:
    """Phones record wider colours than sRGB; dropping their profile without converting would pale the skin."""
    if not profile:
        return picture.convert("RGB")
    from PIL import ImageCms

    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A profile that cannot be read, or not of this kind of picture, says nothing about the colours.
        return picture.convert("RGB")
    return converted if converted is not None else picture.convert("RGB")


def _encode(picture: Picture, max_bytes: int) -> tuple[bytes, int, int]:
    """The best quality that fits; if none does, a smaller picture."""
    while min(picture.size) >= MIN_SIDE // 2:
        for quality in QUALITIES:
            jpeg = _as_jpeg(picture, quality)
            if len(jpeg) <= max_bytes:
                return jpeg, picture.width, picture.height
        picture = picture.resize((int(picture.width * SMALLER), int(picture.height * SMALLER)))
    raise Invalid("too_large", limit=str(max_bytes // 1024 // 1024))


def _as_jpeg(picture: Picture, quality: int) -> bytes:
    from PIL import Image

    # Pixels only: what the file said besides (EXIF, comment, profile) stays behind with the old picture.
    bare = Image.frombuffer("RGB", picture.size, picture.tobytes(), "raw", "RGB", 0, 1)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality)
    return out.getvalue()
