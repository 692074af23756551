"""A film for the browser's fake camera, made of a page of a PDF: what a phone sees when held over a label."""

import io
from pathlib import Path

import pypdfium2
from PIL import Image

CAMERA = (1280, 720)
DPI = 300
MM = DPI / 25.4


def label_picture(pdf: bytes, column: int = 0, row: int = 0, page: int = 0) -> Image.Image:
    """One label of an A4 sheet of 3 × 8, rasterised as a good printer would print it."""
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[page].render(scale=DPI / 72).to_pil().convert("RGB")
    left, top = column * 70 * MM, (0.5 + row * 37) * MM
    return sheet.crop((round(left), round(top), round(left + 70 * MM), round(top + 37 * MM)))


def write_film(path: Path, picture: Image.Image, frames: int = 20) -> Path:
    """A film (JPEGs one after another) of a hand that holds a picture before the camera, not quite still."""
    picture = picture.resize((900, round(900 * picture.height / picture.width)), Image.Resampling.LANCZOS)
    with path.open("wb") as film:
        for number in range(frames):
            scene = Image.new("RGB", CAMERA, "#b9a68c")
            scene.paste(picture, (150 + number % 5 * 4, 120 + number % 3 * 5))
            frame = io.BytesIO()
            scene.save(frame, "JPEG", quality=85)
            film.write(frame.getvalue())
    return path
