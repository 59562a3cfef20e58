"""A good portrait and everything that applicants send instead, made from the committed pictures."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

PICTURES = Path(__file__).parent / "pictures"
WALL = (232, 236, 238)

Picture = Image.Image


def person(name: str) -> Picture:
    """One of the committed pictures: first-person, first-person-plain, second-person, third-person …"""
    with Image.open(PICTURES / f"{name}.jpg") as opened:
        return opened.convert("RGB")


def as_jpeg(picture: Picture, quality: int = 90, **options: object) -> bytes:
    """The picture as JPEG bytes."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def plain() -> Picture:
    """The first person before a plain wall, with as many pixels as a small camera gives."""
    picture = person("first-person-plain")
    return picture.resize((picture.width * 6 // 5, picture.height * 6 // 5), Image.Resampling.LANCZOS)


@functools.cache
def compliant() -> bytes:
    """One person before a plain wall, sharp, looking straight, with room all round: passes every rule."""
    return as_jpeg(plain(), 92)


def busy_background() -> bytes:
    """The same person before curtains and flags, hardly any room above the head."""
    return as_jpeg(person("first-person"))


def room_for_busy_background() -> bytes:
    """Room enough, but stripes behind the person."""
    picture = plain()
    stripes = Image.new("RGB", picture.size, WALL)
    pen = ImageDraw.Draw(stripes)
    for left in range(0, picture.width, 60):
        pen.rectangle((left, 0, left + 30, picture.height), fill=(150, 60, 60))
    wall = picture.convert("L").point(lambda level: 255 if level > 228 else 0)
    return as_jpeg(Image.composite(stripes, picture, wall))


def too_small() -> bytes:
    """Good, but with so few pixels that nothing can be printed from it."""
    picture = plain()
    return as_jpeg(picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.LANCZOS))


def cut_at_head() -> bytes:
    """No room above the head."""
    picture = plain()
    return as_jpeg(picture.crop((0, 146, picture.width, picture.height)))


def off_centre() -> bytes:
    """The face near the left edge."""
    picture = plain()
    return as_jpeg(picture.crop((450, 0, picture.width, picture.height)))


def too_close() -> bytes:
    """The face fills the picture."""
    return as_jpeg(plain().crop((396, 180, 792, 672)))


def leaning() -> bytes:
    """The head leans by 14 degrees."""
    return as_jpeg(plain().rotate(14, Image.Resampling.BICUBIC, fillcolor=WALL))


def sideways() -> bytes:
    """The whole picture lies on its side, and nothing in the file says so."""
    return as_jpeg(plain().transpose(Image.Transpose.ROTATE_90))


def sideways_with_orientation() -> bytes:
    """The pixels lie on their side as a phone stores them, and EXIF says how to turn them; EXIF also says where."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a description that must not survive"
    exif.get_ifd(0x8825)[1] = "N"
    turned = plain().transpose(Image.Transpose.ROTATE_90)
    return as_jpeg(turned, exif=exif.tobytes())


def turned_head() -> bytes:
    """Another person, the head turned aside."""
    return as_jpeg(person("second-person"))


def blurred() -> bytes:
    """Out of focus."""
    return as_jpeg(plain().filter(ImageFilter.GaussianBlur(5)))


def dark() -> bytes:
    """Taken without light."""
    return as_jpeg(ImageEnhance.Brightness(plain()).enhance(0.22))


def burnt_out() -> bytes:
    """Taken into a flash."""
    return as_jpeg(ImageEnhance.Brightness(plain()).enhance(2.1))


def shadow() -> bytes:
    """A shadow over half of the wall."""
    picture = plain()
    half = (
        Image.linear_gradient("L").rotate(90).resize(picture.size).point(lambda level: min(255, 120 + level))
    )
    return as_jpeg(Image.composite(picture, Image.new("RGB", picture.size, (20, 20, 25)), half))


def sunglasses() -> bytes:
    """Dark glasses, painted on."""
    picture = plain()
    pen = ImageDraw.Draw(picture)
    for middle in (528, 659):
        pen.ellipse((middle - 53, 329, middle + 53, 406), fill=(14, 14, 16))
    pen.line((528, 360, 659, 360), fill=(14, 14, 16), width=10)
    return as_jpeg(picture)


def two_faces() -> bytes:
    """Two people in one picture."""
    first, other = plain(), person("third-person-plain")
    other = other.resize((other.width * first.height // other.height, first.height), Image.Resampling.LANCZOS)
    both = Image.new("RGB", (first.width + other.width, first.height), WALL)
    both.paste(first, (0, 0))
    both.paste(other, (first.width, 0))
    return as_jpeg(both)


def no_face() -> bytes:
    """A wall."""
    return as_jpeg(Image.new("RGB", (900, 1100), WALL))


@functools.cache
def huge() -> bytes:
    """27 megapixels, as new telephones make them."""
    picture = plain()
    wide = Image.new("RGB", (round(picture.height * 4 / 3), picture.height), WALL)
    wide.paste(picture, ((wide.width - picture.width) // 2, 0))
    return as_jpeg(wide.resize((6000, 4500), Image.Resampling.BICUBIC), 85)


def truncated() -> bytes:
    """An upload that broke off half-way."""
    whole = compliant()
    return whole[: len(whole) // 2]


@functools.cache
def heic() -> bytes:
    """As an iPhone saves it."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    out = io.BytesIO()
    plain().save(out, "HEIF", quality=80)
    return out.getvalue()


@functools.cache
def png_with_alpha() -> bytes:
    """A cut-out with a transparent background."""
    picture = plain()
    alpha = picture.convert("L").point(lambda level: 0 if level > 228 else 255)
    picture.putalpha(alpha)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def gif() -> bytes:
    """An animated GIF."""
    frames = [Image.new("P", (300, 400), colour) for colour in (1, 2)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def text_named_jpg() -> bytes:
    """No picture at all, under a picture's name."""
    return "これは写真ではありません。\n".encode()


VARIANTS: dict[str, Callable[[], bytes]] = {
    "compliant.jpg": compliant,
    "busy-background.jpg": busy_background,
    "striped-background.jpg": room_for_busy_background,
    "too-small.jpg": too_small,
    "cut-at-head.jpg": cut_at_head,
    "off-centre.jpg": off_centre,
    "too-close.jpg": too_close,
    "leaning.jpg": leaning,
    "sideways.jpg": sideways,
    "sideways-with-orientation.jpg": sideways_with_orientation,
    "turned-head.jpg": turned_head,
    "blurred.jpg": blurred,
    "dark.jpg": dark,
    "burnt-out.jpg": burnt_out,
    "shadow.jpg": shadow,
    "sunglasses.jpg": sunglasses,
    "two-faces.jpg": two_faces,
    "no-face.jpg": no_face,
    "huge.jpg": huge,
    "truncated.jpg": truncated,
    "heic.heic": heic,
    "alpha.png": png_with_alpha,
    "animated.gif": gif,
    "text.jpg": text_named_jpg,
}
