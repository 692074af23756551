"""Photos of goods: upright, in three sizes, with nothing in them but the picture; everything else is refused."""

import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, ImageFile
from PIL.Image import Transpose

from showroom_app.lib import photo
from showroom_app.lib.photo import SIZES, NotAPhoto, re_encode

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
UPRIGHT = ["red", "green", "blue", "white"]
GPS, MAKER, ORIENTATION = 0x8825, "Kamera Rahasia", 0x0112


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def corners(width: int = 400, height: int = 200) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right: which way is up can be seen."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    right, bottom = width // 2, height // 2
    for corner, colour in (((0, 0), RED), ((right, 0), GREEN), ((0, bottom), BLUE)):
        draw.rectangle((*corner, corner[0] + right - 1, corner[1] + bottom - 1), colour)
    return image


def shown(version: bytes) -> Image.Image:
    with Image.open(BytesIO(version)) as image:
        assert image.format == "WEBP"
        image.load()
        return image


def close(seen: object, meant: tuple[int, ...], by: int = 12) -> bool:
    """Whether a colour is the one meant, but for what a lossy format does to it."""
    assert isinstance(seen, tuple)
    return all(abs(a - b) <= by for a, b in zip(seen, meant, strict=True))


def colours_at_corners(version: bytes) -> list[str]:
    """The names of the colours top left, top right, bottom left, bottom right."""
    image = shown(version)
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    places = [(image.width * x // 10, image.height * y // 10) for y in (1, 9) for x in (1, 9)]
    return [next(n for n, c in names.items() if close(image.getpixel(at), c, 40)) for at in places]


def refused(content: bytes) -> str:
    with pytest.raises(NotAPhoto) as refusal:
        re_encode(content)
    return refusal.value.reason


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size, with little behind it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return PNG_SIGNATURE + header + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND")


def test_three_sizes_and_none_enlarged() -> None:
    made = re_encode(saved(corners(2400, 1800)))
    assert (made.width, made.height) == (1600, 1200)
    assert [shown(made.versions[key]).size for key in ("l", "m", "s")] == [(1600, 1200), (800, 600), (240, 180)]
    assert all(colours_at_corners(version) == UPRIGHT for version in made.versions.values())
    small = re_encode(saved(corners(300, 150)))
    assert [shown(small.versions[key]).size for key in ("l", "m", "s")] == [(300, 150), (300, 150), (240, 120)]


def test_what_phones_add_to_a_photo_is_left_aside() -> None:
    """A second still, or a short film on the end of the picture."""
    stills = saved(corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 200))])
    for content in (stills, saved(corners()) + b"\xff\xda\0\2" * 99_999, saved(corners(), "PNG") + bytes(99_999)):
        assert colours_at_corners(re_encode(content).versions["l"]) == UPRIGHT


def test_the_same_photo_has_the_same_name_in_every_thread() -> None:
    one, other = saved(corners(400, 200)), saved(corners(200, 400))
    with ThreadPoolExecutor(4) as threads:
        names = list(threads.map(lambda content: re_encode(content).name, [one, other] * 4))
    assert names == [re_encode(one).name, re_encode(other).name] * 4
    assert len(set(names)) == 2 and all(len(name) == 32 and int(name, 16) for name in names)


UNDONE = [None, Transpose.FLIP_LEFT_RIGHT, Transpose.ROTATE_180, Transpose.FLIP_TOP_BOTTOM]
UNDONE += [Transpose.TRANSPOSE, Transpose.ROTATE_90, Transpose.TRANSVERSE, Transpose.ROTATE_270, None]


@pytest.mark.parametrize(("orientation", "undone_by"), list(enumerate(UNDONE, 1)))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_turned_photos_come_out_upright(kind: str, orientation: int, undone_by: Transpose | None) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    as_held = corners() if undone_by is None else corners().transpose(undone_by)
    made = re_encode(saved(as_held, kind, exif=exif))
    assert (made.width, made.height) == (400, 200)
    assert all(colours_at_corners(v) == UPRIGHT for v in made.versions.values())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = MAKER
    exif.get_ifd(GPS).update({1: "S", 2: (7.0, 54.0, 12.5), 3: "E", 4: (112.0, 38.0, 1.5)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + MAKER.encode() + b"</x:xmpmeta>"
    content = saved(corners(), kind, exif=exif, icc_profile=profile, xmp=xmp, comment=MAKER)
    with Image.open(BytesIO(content)) as before:  # else this would prove nothing
        assert before.getexif().get_ifd(GPS)
        assert "icc_profile" in before.info
    for version in re_encode(content).versions.values():
        image = shown(version)
        assert not image.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        assert version[12:16] == b"VP8 "  # the plain WebP, which has no room for any of it
        assert MAKER.encode() not in version


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_and_a_broken_profile_spoil_no_photo() -> None:
    a_word_for_a_number = b"\0\0\0\x08\0\1\x01\x12\0\2\0\0\0\4abc\0\0\0\0\0"
    for exif in (b"\xff\xff\xff\xff" + b"\x01" * 40, a_word_for_a_number):
        content = saved(corners(), exif=b"Exif\0\0MM\0*" + exif, icc_profile=bytes(16) + b"RGB " + bytes(200))
        assert colours_at_corners(re_encode(content).versions["l"]) == UPRIGHT


def test_colours_are_carried_over_from_the_photos_profile() -> None:
    """With red and green swapped in its profile, a photo's red is what others call green."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    made = re_encode(saved(corners(), icc_profile=bytes(profile)))
    assert colours_at_corners(made.versions["l"]) == ["green", "red", "blue", "white"]


def test_see_through_lies_on_white_paper() -> None:
    """A red left half; the right half is see-through, and black beneath."""
    drawn = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    drawn.paste((255, 0, 0, 255), (0, 0, 100, 100))
    one_colour = saved(drawn.convert("RGB"), "PNG", transparency=(0, 0, 0))
    for content in (saved(drawn, "PNG"), saved(drawn, "WEBP"), saved(drawn.quantize(8), "PNG"), one_colour):
        image = shown(re_encode(content).versions["l"])
        assert image.mode == "RGB"
        assert close(image.getpixel((150, 50)), WHITE)
        assert close(image.getpixel((50, 50)), RED, 40)


@pytest.mark.parametrize(
    ("image", "kind", "meant"),
    [
        (Image.new("CMYK", (100, 100), (0, 60, 120, 60)), "JPEG", (195, 149, 103)),
        (Image.new("L", (100, 100), 90), "PNG", (90, 90, 90)),
        (Image.new("1", (100, 100), 1), "PNG", WHITE),
        (Image.new("LA", (100, 100), (0, 0)), "PNG", WHITE),
        (Image.new("I;16", (100, 100), 90 * 256), "PNG", (90, 90, 90)),
        (Image.new("RGB", (100, 100), (10, 120, 200)).quantize(4), "PNG", (10, 120, 200)),
    ],
)
def test_all_sorts_of_colours(image: Image.Image, kind: str, meant: tuple[int, int, int]) -> None:
    seen = shown(re_encode(saved(image, kind)).versions["s"]).getpixel((50, 50))
    assert close(seen, meant)


def test_16_bits_with_one_colour_see_through() -> None:
    for colour_type, pixel, key in ((0, b"\x5a\0", b"\0\x5a"), (2, b"\x5a\0" * 3, b"\x5a\0" * 3)):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", 100, 100, 16, colour_type, 0, 0, 0)) + chunk(b"tRNS", key)
        rows = chunk(b"IDAT", zlib.compress((b"\0" + pixel * 100) * 100))
        made = re_encode(PNG_SIGNATURE + header + rows + chunk(b"IEND"))
        assert close(shown(made.versions["l"]).getpixel((50, 50)), (90, 90, 90))


GIF_FRAME = b"\x2c" + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x4c\x01\x00"
GIF_BOMB = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + GIF_FRAME * 1000 + b"\x3b"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (GIF_BOMB, "other-kind"),
        (b"Ini bukan foto, walau namanya kursi.jpg", "other-kind"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "other-kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "other-kind"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41", "other-kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "heic"),
        (b"\0\0\0\x1cftypMiHB\0\0\0\0mif1heixmiaf" + bytes(500), "heic"),
        (b"\0\0\0\x01ftypheic", "heic"),
        (b"\xff\xd8\xff", "unreadable"),
        (PNG_SIGNATURE, "unreadable"),
        (b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0", "unreadable"),
    ],
)
def test_other_files(content: bytes, reason: str) -> None:
    assert refused(content) == reason


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "JPEG2000", "PPM", "AVIF"])
def test_other_kinds_of_picture(kind: str) -> None:
    assert refused(saved(corners(), kind)) == ("heic" if kind == "AVIF" else "other-kind")


def test_moving_pictures() -> None:
    more = [Image.new("RGB", (400, 200))]
    for kind in ("PNG", "WEBP"):
        assert refused(saved(corners(), kind, save_all=True, append_images=more, duration=100)) == "animated"


def test_too_many_bytes() -> None:
    assert refused(saved(corners()) + bytes(photo.BYTES_MAX)) == "too-heavy"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (10_000, 10_000), (5_000, 4_001)])
def test_too_many_pixels_are_not_even_unpacked(width: int, height: int) -> None:
    content = claiming(width, height)
    assert refused(content) == "too-large"
    with warnings.catch_warnings(action="error"):
        assert refused(content) == "too-large"
    jpeg = saved(corners())
    frame = jpeg.index(b"\xff\xc0")
    claim = struct.pack(">HH", height * 2, width)
    assert refused(jpeg[: frame + 5] + claim + jpeg[frame + 9 :]) == "too-large"


def test_files_cut_off() -> None:
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    for content in (saved(Image.effect_noise((300, 200), 80).convert("RGB"), kind) for kind in ("JPEG", "PNG", "WEBP")):
        assert refused(content[: len(content) // 2]) == "unreadable"
    assert refused(claiming(2000, 2000)) == "unreadable"


@pytest.mark.parametrize("size", [(1, 1), (63, 63), (1600, 63), (6400, 240)])
def test_dots_and_ribbons(size: tuple[int, int]) -> None:
    assert refused(saved(Image.new("RGB", size), "PNG")) == "tiny"
    assert re_encode(saved(Image.new("RGB", (64, 64)))).width == 64


def test_a_hundred_scans() -> None:
    """Each of them repaints the whole picture: 25 MB would keep the machine busy for hours."""
    content = saved(Image.new("L", (400, 400), 128), progressive=True)
    scan, end = content.rindex(b"\xff\xda"), content.rindex(b"\xff\xd9")
    again = content[scan:end]
    assert re_encode(content[:end] + again * 20 + content[end:]).width == 400
    assert refused(content[:end] + again * 100 + content[end:]) == "unreadable"


def test_a_thousand_empty_parts_or_one_that_bursts() -> None:
    jpeg, whole = saved(corners()), saved(corners(), "PNG")
    assert refused(jpeg[:2] + b"\xff\xfe\0\2" * 1001 + jpeg[2:]) == "unreadable"
    assert refused(whole[:33] + chunk(b"tEXt", b"a\0") * 1001 + whole[33:]) == "unreadable"
    assert refused(whole[:33] + chunk(b"IDAT") * 1001 + whole[33:]) == "unreadable"
    bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2_000_000)))
    assert refused(whole[:33] + bomb + whole[33:]) == "unreadable"


HEADS = [b"", b"\xff\xd8\xff", PNG_SIGNATURE, b"RIFF\xff\0\0\0WEBP", b"\0\0\0\x18ftyp", claiming(100, 100)[:33]]
PHOTOS = [
    saved(corners(130, 90), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"),
    saved(corners(130, 90), progressive=True),
    saved(corners(130, 90), "PNG"),
    saved(corners(130, 90).quantize(8), "PNG", icc_profile=bytes(16) + b"RGB " + bytes(200)),
    saved(corners(130, 90), "WEBP"),
]


@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_random_bytes_are_refused(head: bytes, rest: bytes) -> None:
    with pytest.raises(NotAPhoto):
        re_encode(head + rest)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=300)
@given(st.sampled_from(PHOTOS), st.floats(0, 1), st.integers(0, 30), st.binary(max_size=30))
def test_damaged_photos_are_shown_or_refused(content: bytes, place: float, cut: int, more: bytes) -> None:
    at = int(place * len(content))
    try:
        assert set(re_encode(content[:at] + more + content[at + cut :]).versions) == set(SIZES)
    except NotAPhoto as refusal:
        assert refusal.reason in get_args(photo.Reason)
