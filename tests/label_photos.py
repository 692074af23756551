"""Photos of labels as phones take them, made here and always the same: our own labels on rattan, 12 million pixels.

A label is printed by the program itself (sheet, Typst, PDF), rasterised, and laid before a pinhole camera that sees
some 67 degrees along its long side, as phones do: turned, tilted, near or far. Then comes what lenses and rooms do:
blur, glare, little light with much noise, and JPEG. One seed, one photo, to the byte on one machine.
"""

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy
import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from showroom_app.lib import document, label_code, label_sheet, qr
from showroom_app.lib.label_sheet import PRESETS, Label

WIDTH, HEIGHT = 3000, 4000
FOCAL_PIXELS = 3000
PRINTED_PER_MM = 20
HOST = "galeri.balearjosari.id"
JPEG_QUALITY = 85
# Of a phone's own picture: its lens and its sensor blur by this much, and it is never without noise.
LENS_PIXELS = 0.7
NOISE = 4.0
BODIES = ("7K3QXM2", "4P8WD0Z", "A1B2C3D", "ZX9Y8W7", "M0N1P2Q", "5T6V7R8")
CODES = tuple(label_code.with_check(body) for body in BODIES)


@dataclass(frozen=True, slots=True)
class Laid:
    """One label in a photo: how it lies, and what happens to it.

    `module_pixels` is how large a module of its QR comes out; angles are degrees; `tilt` leans it away from the camera,
    around the axis `axis`; `blur_modules` is the sigma of a Gauss blur; `glare` is the diameter of a white blob in
    sides of the code, `glare_at` where on the code, from its middle; `at` is the place in the photo, of its width and
    height.
    """

    code: str = CODES[0]
    sheet: str = "a4-3x8"
    module_pixels: float = 8.0
    angle: float = 0.0
    tilt: float = 0.0
    axis: float = 0.0
    blur_modules: float = 0.0
    glare: float = 0.0
    glare_at: tuple[float, float] = (0.0, 0.0)
    at: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Printed:
    """A label as printed: its picture, and where its code lies (middle and side, in printed pixels)."""

    picture: Image.Image
    middle: tuple[float, float]
    side: float
    module_mm: float


@cache
def printed(sheet: str, code: str) -> Printed:
    """A label of the shop, from the PDF that the printer would get."""
    preset = PRESETS[sheet]
    payload = label_sheet.payload_for(preset, code, HOST)
    label = Label(payload=payload, code=code, name="Lampu gantung “Kendil”", crafter="Bu Tutik", price="Rp275.000")
    pdf = document.render("labels", label_sheet.content(preset, "Galeri Rotan Balearjosari", [label]))
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=PRINTED_PER_MM * 25.4 / 72).to_pil().convert("RGB")
    left, top = preset.margin_left_mm * PRINTED_PER_MM, preset.margin_top_mm * PRINTED_PER_MM
    right, bottom = left + preset.label_width_mm * PRINTED_PER_MM, top + preset.label_height_mm * PRINTED_PER_MM
    picture = picture.crop((round(left), round(top), round(right), round(bottom)))
    [found] = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    where = found.position
    corners = [where.top_left, where.top_right, where.bottom_right, where.bottom_left]
    middle = (sum(corner.x for corner in corners) / 4, sum(corner.y for corner in corners) / 4)
    modules = qr.size_modules(payload)
    return Printed(picture, middle, where.top_right.x - where.top_left.x, preset.qr_side_mm / modules)


@cache
def rattan() -> Image.Image:
    """A woven seat, lit from one side, somewhat out of focus."""
    side, chance = 96, numpy.random.default_rng(7)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(numpy.float32)
    slope = 0.35
    across, down = x + slope * y, y - slope * x
    over = ((across // side + down // side) % 2).astype(bool)
    strand = numpy.where(over, down % side, across % side) / side
    along = numpy.where(over, across, down) / side
    shade = 0.35 + 0.65 * numpy.sin(numpy.pi * strand) ** 0.6 * (0.85 + 0.15 * numpy.sin(numpy.pi * along))
    grain = chance.normal(0, 0.05, (HEIGHT // 40, WIDTH // 8)).astype(numpy.float32)
    shade += numpy.asarray(Image.fromarray(grain).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
    light = 0.75 + 0.35 * x / WIDTH - 0.2 * y / HEIGHT
    brown = numpy.array([186, 138, 84], numpy.float32)
    seat = numpy.clip(shade[..., None] * light[..., None] * brown, 0, 255).astype(numpy.uint8)
    return Image.fromarray(seat).filter(ImageFilter.BoxBlur(2))


@cache
def _noise() -> numpy.ndarray:
    """Noise of strength 1, larger than the photo, so that each takes another piece of it."""
    return numpy.random.default_rng(11).normal(0, 1, (HEIGHT + 64, WIDTH + 64)).astype(numpy.float32)


def photo(labels: Sequence[Laid], *, gain: float = 1.0, noise: float = NOISE, seed: int = 1) -> bytes:
    """The JPEG of a phone: labels on the rattan seat, `gain` of full light (0.1 is a dark corner)."""
    scene = rattan().copy()
    for label in labels:
        _lay(scene, label)
    return _developed(scene, gain, noise, seed)


def photo_of(thing: Image.Image, seed: int = 1) -> bytes:
    """A photo of something else, pasted in the middle of the seat as it is."""
    scene = rattan().copy()
    scene.paste(thing, ((WIDTH - thing.width) // 2, (HEIGHT - thing.height) // 2))
    return _developed(scene, 1.0, NOISE, seed)


def other_code(payload: str, scale: int = 10) -> Image.Image:
    """A QR code that is no label: a payment, an address."""
    drawn = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode).to_image(scale=scale)
    shown = memoryview(drawn)
    return Image.frombytes("L", (shown.shape[1], shown.shape[0]), bytes(shown)).convert("RGB")


def _developed(scene: Image.Image, gain: float, noise: float, seed: int) -> bytes:
    chance = random.Random(seed)
    across, down = chance.randrange(64), chance.randrange(64)
    light = numpy.asarray(scene, numpy.float32) * gain
    light += (_noise()[down : down + HEIGHT, across : across + WIDTH] * noise)[..., None]
    out = io.BytesIO()
    Image.fromarray(numpy.clip(light, 0, 255).astype(numpy.uint8)).save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _lay(scene: Image.Image, label: Laid) -> None:
    """Put one label into the scene, with all that happens to it."""
    made = printed(label.sheet, label.code)
    per_mm = label.module_pixels / made.module_mm
    # Beforehand about as large as it comes out: a far label would otherwise be sampled at random.
    scale = min(1.0, 1.5 * per_mm / PRINTED_PER_MM)
    size = (max(1, round(made.picture.width * scale)), max(1, round(made.picture.height * scale)))
    flat = made.picture.resize(size, Image.Resampling.LANCZOS)
    corners = [(0, 0), (flat.width, 0), (flat.width, flat.height), (0, flat.height)]
    seen = [_seen(label, made, x / scale, y / scale, per_mm) for x, y in corners]
    reach = 3 * label.blur_modules * label.module_pixels + 12
    left, top = (max(0, math.floor(min(point[i] for point in seen) - reach)) for i in (0, 1))
    right = min(WIDTH, math.ceil(max(point[0] for point in seen) + reach))
    bottom = min(HEIGHT, math.ceil(max(point[1] for point in seen) + reach))
    box = (left, top, right, bottom)
    how = _coefficients([(x - left, y - top) for x, y in seen], corners)
    extent, turned = (right - left, bottom - top), Image.Transform.PERSPECTIVE
    laid = flat.transform(extent, turned, how, Image.Resampling.BICUBIC)
    mask = Image.new("L", flat.size, 255).transform(extent, turned, how, Image.Resampling.BICUBIC)
    piece = scene.crop(box)
    piece.paste(laid, mask=mask)
    if label.glare:
        _shine(piece, label, made, per_mm, (left, top))
    sigma = math.hypot(LENS_PIXELS, label.blur_modules * label.module_pixels)
    scene.paste(piece.filter(ImageFilter.GaussianBlur(sigma)), box[:2])


def _seen(label: Laid, made: Printed, x: float, y: float, per_mm: float) -> tuple[float, float]:
    """Where a point of the printed label comes out in the photo; the middle of its code comes to `at`."""
    x, y = (x - made.middle[0]) / PRINTED_PER_MM, (y - made.middle[1]) / PRINTED_PER_MM
    turn, axis, tilt = (math.radians(angle) for angle in (label.angle, label.axis, label.tilt))
    x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
    along, aside = x * math.cos(axis) + y * math.sin(axis), y * math.cos(axis) - x * math.sin(axis)
    aside, away = aside * math.cos(tilt), aside * math.sin(tilt)
    x, y = along * math.cos(axis) - aside * math.sin(axis), along * math.sin(axis) + aside * math.cos(axis)
    nearer = FOCAL_PIXELS / (FOCAL_PIXELS / per_mm + away)
    return label.at[0] * WIDTH + x * nearer, label.at[1] * HEIGHT + y * nearer


def _shine(piece: Image.Image, label: Laid, made: Printed, per_mm: float, corner: tuple[int, int]) -> None:
    """A lamp's reflection: white in the middle, soft at the edge."""
    at = [made.middle[i] + label.glare_at[i] * made.side for i in (0, 1)]
    x, y = _seen(label, made, at[0], at[1], per_mm)
    radius = label.glare * made.side / PRINTED_PER_MM * per_mm / 2
    blob = Image.new("L", piece.size, 0)
    place = (x - corner[0] - radius, y - corner[1] - radius, x - corner[0] + radius, y - corner[1] + radius)
    ImageDraw.Draw(blob).ellipse(place, fill=255)
    piece.paste(Image.new("RGB", piece.size, "white"), mask=blob.filter(ImageFilter.GaussianBlur(radius / 6)))


def _coefficients(to: Sequence[tuple[float, float]], out_of: Sequence[tuple[float, float]]) -> list[float]:
    """Pillow's eight numbers of a perspective: from four points of the photo back to four of the label."""
    rows, values = [], []
    for (x, y), (u, v) in zip(to, out_of, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(number) for number in numpy.linalg.solve(numpy.array(rows), numpy.array(values))]
