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
from typing import Any

import numpy
import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

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
class Shot:
    """One photo to be made: see `photo`."""

    labels: tuple[Laid, ...]
    gain: float = 1.0
    noise: float = NOISE

    def taken(self, seed: int) -> bytes:
        """The JPEG."""
        return photo(self.labels, gain=self.gain, noise=self.noise, seed=seed)


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
def _noise(strength: float) -> Image.Image:
    """Noise around the middle grey, larger than the photo, so that each takes another piece of it."""
    grey = numpy.random.default_rng(11).normal(128, strength, (HEIGHT + 64, WIDTH + 64)).astype(numpy.uint8)
    return Image.merge("RGB", [Image.fromarray(grey)] * 3)


def photo(labels: Sequence[Laid], *, gain: float = 1.0, noise: float = NOISE, seed: int = 1) -> bytes:
    """The JPEG of a phone: labels on the rattan seat, `gain` of full light (0.1 is a dark corner)."""
    scene = rattan().copy()
    for label in labels:
        _lay(scene, label)
    return _developed(scene, gain, noise, seed)


def classes(each: int) -> dict[str, list[Shot]]:
    """Photos by what is hard about them, `each` of every class (turned: every 15 degrees), on all makes of paper by
    turns and turned by chance; always the same."""
    chance = random.Random(3)

    def shots(count: int = each, gain: float = 1.0, noise: float = NOISE, **how: Any) -> list[Shot]:
        made = []
        for n in range(count):
            drawn = {name: value() if callable(value) else value for name, value in how.items()}
            usual = {"sheet": list(PRESETS)[n % len(PRESETS)], "angle": chance.uniform(0, 360)}
            laid = Laid(**usual | drawn)
            made.append(Shot((laid,), gain, noise))
        return made

    def around() -> float:
        return chance.uniform(0, 360)

    def on_the_data() -> tuple[float, float]:
        return chance.uniform(-0.1, 0.2), chance.uniform(-0.1, 0.2)

    def three() -> Shot:
        sizes = chance.sample((8.0, 3.5, 2.5), 3)
        places = ((0.25, 0.2), (0.5, 0.5), (0.75, 0.8))
        sheets = chance.sample(list(PRESETS), 3)
        lots = zip(CODES, sheets, sizes, places, strict=False)
        return Shot(tuple(Laid(c, s, m, chance.uniform(0, 360), at=p) for c, s, m, p in lots))

    def in_the_shop() -> list[Shot]:
        light, blur = chance.uniform(0.3, 1), chance.uniform(0, 0.4)
        how = {"tilt": chance.uniform(0, 40), "axis": around(), "module_pixels": chance.uniform(3.5, 12)}
        return shots(1, light, 7, sheet=chance.choice(list(PRESETS)), blur_modules=blur, **how)

    angles = iter(range(0, 360, 15))
    told = {
        "plain": shots(angle=lambda: chance.uniform(-8, 8)),
        "turned, every 15°": shots(24, angle=lambda: float(next(angles))),
        "near, 30 pixels a module": shots(module_pixels=30),
        **{f"far, {m:g} pixels a module": shots(module_pixels=m) for m in (4, 3, 2.5, 2, 1.5)},
        **{
            f"blurred, {b:g} module": shots(blur_modules=b, module_pixels=lambda: chance.uniform(4, 12))
            for b in (0.25, 0.5, 0.6, 0.75)
        },
        **{f"glare on the data, {g:g} of the code": shots(glare=g, glare_at=on_the_data) for g in (0.2, 0.3, 0.4)},
        "glare on a corner mark": shots(glare=0.35, glare_at=(-0.36, -0.36)),
        **{f"dark, {g:.0%} of the light": shots(gain=g, noise=10) for g in (0.3, 0.15, 0.1, 0.08)},
        **{f"tilted by {t}°": shots(tilt=t, axis=around) for t in (30, 45, 55, 60)},
        "three in one, small ones too": [three() for _n in range(each)],
    }
    told["as it comes: tilted, blurred, dim"] = [shot for _n in range(each) for shot in in_the_shop()]
    return told


@cache
def close_up(*codes: str) -> bytes:
    """A photo of labels, two beside each other and the next below, cut to where they lie: light enough to send."""
    laid = [Laid(code=code, at=(0.3 + 0.4 * (n % 2), 0.3 + 0.2 * (n // 2))) for n, code in enumerate(codes)]
    with Image.open(io.BytesIO(photo(laid))) as scene:
        out = io.BytesIO()
        scene.crop((300, 800, 2900, 2600)).save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


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
    chance, out = random.Random(seed), io.BytesIO()
    across, down = chance.randrange(64), chance.randrange(64)
    dimmed = scene if gain == 1 else scene.point([round(level * gain) for level in range(256)] * 3)
    grains = _noise(noise).crop((across, down, across + WIDTH, down + HEIGHT))
    ImageChops.add(dimmed, grains, 1, -128).save(out, "JPEG", quality=JPEG_QUALITY)
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
