"""Small files for the demo's letters: a picture of a window, a log, a scanned page."""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Message

WITH_A_FILE = 0.045  # of what customers write
PAPER, INK, LINE, WARNING = "#fdfcf8", "#2f3437", "#c9c7bf", "#d9822b"


def attach(random: Random, messages: list[Message]) -> None:
    uploads = _uploads(random)
    for message in messages:
        if message.kind == Message.Kind.CUSTOMER and random.random() < WITH_A_FILE:
            Attachment.keep(message, random.choice(uploads))


def _uploads(random: Random) -> list[Upload]:
    names = ("screenshot.png", "Bildschirmfoto.png", "capture d'écran.png", "画面.png")
    pictures = [Upload(name, "image/png", window(random)) for name in names]
    page = BytesIO()
    Image.open(BytesIO(window(random))).convert("RGB").save(page, "PDF")
    log = "\n".join(
        f"{n:04} sync {'ok' if random.random() < 0.8 else 'retry QW-4417'} {random.getrandbits(48):012x}"
        for n in range(120)
    )
    return [
        *pictures,
        Upload("scan.pdf", "application/pdf", page.getvalue()),
        Upload("quillwork.log", "text/plain", log.encode()),
    ]


def window(random: Random) -> bytes:
    """A drawing of a program's window in which something has gone wrong, as PNG."""
    image = Image.new("RGB", (720, 440), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 720, 34), fill=INK)
    for n in range(3):
        draw.ellipse((14 + n * 20, 12, 25 + n * 20, 23), fill=LINE)
    draw.rectangle((0, 34, 150, 440), fill="#eeece4")
    for n in range(9):
        draw.line((20, 66 + n * 26, 20 + random.randrange(60, 115), 66 + n * 26), fill=LINE, width=7)
    for n in range(11):
        draw.line((184, 70 + n * 30, 184 + random.randrange(240, 480), 70 + n * 30), fill=LINE, width=8)
    draw.rounded_rectangle((250, 160, 610, 286), 10, fill="#ffffff", outline=WARNING, width=3)
    draw.polygon(((282, 242), (320, 242), (301, 208)), fill=WARNING)
    draw.text((340, 206), "Something went wrong.", fill=INK, font_size=18)
    draw.text((340, 234), f"QW-{random.randrange(2100, 9900)}", fill=INK, font_size=15)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
