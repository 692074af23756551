"""A phone's photo of goods, made fit to show: three WebP sizes, upright, and nothing in them but the picture.

What comes in is a stranger's file, so only its bytes are believed, never its name. Each check comes before the work it
saves: weight, kind, parts, pixels, and only then the picture itself. Nothing of EXIF (where it was taken, with what),
colour profile, comment or thumbnail is carried over; what they say about turning and colours is applied first.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

# Each registers its format: otherwise the first photo would load all forty of Pillow's readers.
from PIL import Image, ImageCms, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401
from PIL.Image import Resampling, Transpose

SIZES = {"l": 1600, "m": 800, "s": 240}
"""The longest side of each version in pixels, from large to small; a smaller photo is never enlarged."""

BYTES_MAX = 25_000_000
PIXELS_MAX = 40_000_000
PIXELS_UNPACKED_MAX = 20_000_000
"""For PNG and WebP, which are unpacked whole: up to 16 bytes of memory a pixel, where a JPEG takes a few."""

SIDE_PIXELS_MIN = 64
"""The shorter side of the large version: a dot, an icon or a ribbon isn't a photo of goods."""

# A file of 25 MB can ask for hours: a progressive JPEG repaints every pixel for a scan of 60 bytes (real ones have some
# ten scans), and JPEG segments or PNG chunks can be empty and come by the million (real ones: a few dozen).
SCANS_MAX = 50
PARTS_MAX = 1000
PROFILE_BYTES_MAX = 65_536

# Method 2 of 0 to 6: beyond it WebP takes twice as long for files no smaller.
WEBP_QUALITY = 80
WEBP_METHOD = 2

Reason = Literal["empty", "too-heavy", "heic", "other-kind", "unreadable", "animated", "too-large", "tiny"]

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"avif", b"avis"}
_HEIF_BRANDS |= {b"mif1", b"mif2", b"msf1", b"miaf"}
_JPEG_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_JPEG_ALONE, _JPEG_END, _JPEG_SCAN = (0x01, 0xD8), 0xD9, 0xDA
_EXIF_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


class NotAPhoto(Exception):
    """The file can't be shown as a photo. `reason` is a word for the caller to put into a sentence:

    - `empty`: no bytes
    - `too-heavy`: over BYTES_MAX
    - `heic`: HEIC, HEIF or AVIF, what an iPhone keeps; as JPEG it would do
    - `other-kind`: not a JPEG, PNG or WebP by its first bytes (GIF, PDF, SVG, a video, text …)
    - `unreadable`: one of the three, but damaged, cut off, or made to take for ever
    - `animated`: a moving PNG or WebP
    - `too-large`: over PIXELS_MAX, for PNG and WebP over PIXELS_UNPACKED_MAX
    - `tiny`: the shorter side of the large version would be under SIDE_PIXELS_MIN
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo fit to show: WebP bytes by the keys of SIZES; width and height in pixels are the large version's."""

    name: str
    width: int
    height: int
    versions: dict[str, bytes]


def re_encode(content: bytes) -> Photo:
    """The photo in a file's bytes, in the three SIZES; refuses everything else with NotAPhoto and raises nothing else.

    The same bytes give the same `name` (32 hex digits of the large version's SHA-256) until Pillow is replaced.
    """
    with opened(content) as image:
        picture = _read(image)
    width, height = picture.size
    versions = {}
    for key, side in SIZES.items():
        picture = _shrunk(picture, _fitted(picture.size, side))
        versions[key] = _webp(picture)
    return Photo(hashlib.sha256(versions["l"]).hexdigest()[:32], width, height, versions)


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """The photo in a file's bytes, looked over but not unpacked yet: `draft` may still make that cheaper.

    Refuses with NotAPhoto what is none; whatever fails on unpacking it in the block is NotAPhoto as well.
    """
    kind = _kind(content)
    try:
        if (kind == "JPEG" and _is_endless_jpeg(content)) or (kind == "PNG" and _is_endless_png(content)):
            raise NotAPhoto("unreadable")
        with Image.open(BytesIO(content), formats=[kind]) as image:
            _look_over(image, kind)
            yield image
    except NotAPhoto:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPhoto("too-large") from error
    except Exception as error:  # Pillow answers a hostile file with a dozen kinds, from OSError to struct.error
        raise NotAPhoto("unreadable") from error


def _look_over(image: Image.Image, kind: str) -> None:
    if image.width * image.height > (PIXELS_MAX if kind == "JPEG" else PIXELS_UNPACKED_MAX):
        raise NotAPhoto("too-large")
    # A phone's JPEG may hold a second still (MPO): the first one is the photo.
    if kind != "JPEG" and getattr(image, "is_animated", False):
        raise NotAPhoto("animated")
    if min(_fitted(image.size, SIZES["l"])) < SIDE_PIXELS_MIN:
        raise NotAPhoto("tiny")


def _kind(content: bytes) -> str:
    """Pillow's name of the format the first bytes show; refuses what isn't one of the three, or too heavy."""
    if not content:
        raise NotAPhoto("empty")
    if len(content) > BYTES_MAX:
        raise NotAPhoto("too-heavy")
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    raise NotAPhoto("heic" if _is_heif(content) else "other-kind")


def _is_heif(content: bytes) -> bool:
    """Whether the `ftyp` box names HEIC, HEIF or AVIF as its brand or among those it goes with."""
    if content[4:8] != b"ftyp":
        return False
    box = content[8 : min(int.from_bytes(content[:4], "big"), 256)] or content[8:12]
    return any(box[at : at + 4] in _HEIF_BRANDS for at in range(0, len(box), 4))


def _read(image: Image.Image) -> Image.Image:
    """The picture upright, in sRGB on white paper, no larger than the large version."""
    size = _fitted(image.size, SIZES["l"])
    # A JPEG is decoded at a half, a quarter or an eighth where that is still large enough.
    image.draft("RGB", size)
    image.load()
    picture = _on_paper(_shrunk(_in_colours(image), size))
    picture = _in_srgb(picture, image.info.get("icc_profile"))
    turn = _UPRIGHT.get(_orientation(image))
    return picture if turn is None else picture.transpose(turn)


def upright(orientation: int, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
    """Where a point of a photo as it lies in the file, of this size, comes to once the photo is turned upright."""
    width, height = size
    right, down = width - x, height - y
    places = {2: (right, y), 3: (right, down), 4: (x, down), 5: (y, x), 6: (down, x), 7: (down, right), 8: (y, right)}
    return places.get(orientation, (x, y))


def grey(content: bytes, part: int = 1) -> tuple[Image.Image, int]:
    """The photo in a file's bytes in shades of grey at a `part`-th of its sides (1, 2, 4 or 8), as it lies in the file,
    and its EXIF orientation.

    A JPEG is unpacked without its colours and no larger than asked. Refuses with NotAPhoto what is none.
    """
    with opened(content) as image:
        width = image.width // part
        image.draft("L", (width, image.height // part))
        image.load()
        shades = image if image.mode == "L" else _on_paper(_in_colours(image)).convert("L")
        return shades.reduce(part) if shades.width > width + 1 else shades, _orientation(image)


def _is_endless_jpeg(content: bytes) -> bool:
    """Whether a JPEG has far more scans or segments than any camera writes."""
    at = scans = parts = 0
    while (marker := _JPEG_MARKER.search(content, at)) and marker[1][0] != _JPEG_END:
        at = marker.end()
        parts += 1
        scans += marker[1][0] == _JPEG_SCAN
        if scans > SCANS_MAX or parts > PARTS_MAX:
            return True
        if marker[1][0] not in _JPEG_ALONE:
            at += int.from_bytes(content[at : at + 2], "big")
    return False


def _is_endless_png(content: bytes) -> bool:
    """Whether a PNG has far more chunks than any program writes; those of the picture itself count if under 1 KiB."""
    at, parts = 8, 0
    while at < len(content) and (chunk := content[at + 4 : at + 8]) != b"IEND":
        length = int.from_bytes(content[at : at + 4], "big")
        parts += chunk != b"IDAT" or length < 1024
        if parts > PARTS_MAX:
            return True
        at += length + 12
    return False


def _orientation(image: Image.Image) -> int:
    """EXIF's word on which way is up, 1 to 8; 1 where it says nothing or is broken, which spoils no photo."""
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # a broken EXIF block fails in as many ways as a broken picture
        return 1


def _in_colours(image: Image.Image) -> Image.Image:
    """As RGB, or as RGBA where something is see-through: grey, palette, CMYK and 16 bits become 8 bits a colour."""
    if image.mode.startswith("I"):
        # Pillow cuts 16-bit grey off at 255 rather than scaling it, and knows no see-through in it.
        image.info.pop("transparency", None)
        image = image.point(lambda grey: grey * (1 / 256)).convert("L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Laid on white where it is see-through; left alone it would come out black."""
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In the web's colours: an iPhone's Display P3 would look faded without its profile. A broken one is ignored."""
    if not profile or len(profile) > PROFILE_BYTES_MAX or profile[16:20] != b"RGB ":
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return converted or picture


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size scaled down until the longest side is at most `side`, all in pixels."""
    width, height = size
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _shrunk(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Resampling.LANCZOS, reducing_gap=3.0)


def _webp(picture: Image.Image) -> bytes:
    """As WebP; Pillow 13 writes only the metadata it is handed, and the empty ones say so for any other version."""
    file = BytesIO()
    picture.save(file, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD, exif=b"", icc_profile=b"", xmp=b"")
    return file.getvalue()
