"""What stands in the picture: the prompt, the rehearsal mark, and a row of references."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = Path(__file__).resolve().parents[1] / "fonts" / "NotoSansCJKsc-Rehearsal.otf"
MARK = "REHEARSAL"
TRAILING = " ,;" + "\uff0c\u3002"  # what an ellipsis must not follow
LONGEST = 600  # characters looked at; what does not fit is cut anyway


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def pieces(text: str) -> list[str]:
    """Where a line may break: after a space, and around every Chinese or Japanese character."""
    found: list[str] = []
    for letter in " ".join(text.split()):
        wide = letter >= "⺀"
        closing = letter in ",。、!?:;)」』》”…"
        starts = not found or (wide and not closing) or found[-1][-1] == " " or found[-1][-1] >= "⺀"
        if starts and not (closing and found):
            found.append(letter)
        else:
            found[-1] += letter
    return found


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int, lines: int) -> list[str]:
    """At most ``lines`` lines of ``width`` pixels; what is left out is shown as an ellipsis."""
    rows, row = [], ""
    for piece in pieces(text[:LONGEST]):
        while face.getlength(piece) > width:  # one endless word
            cut = next(n for n in range(len(piece), 0, -1) if n == 1 or face.getlength(piece[:n]) <= width)
            piece, rest = piece[:cut], piece[cut:]
            rows, row, piece = ([*rows, row], piece, rest) if row else ([*rows, piece], "", rest)
            if not piece:
                break
        if row and face.getlength((row + piece).rstrip()) > width:
            rows.append(row.rstrip())
            row = ""
        row += piece
    rows = [*rows, row.rstrip()]
    if len(rows) > lines or len(text) > LONGEST:
        rows = rows[:lines]
        last = rows[-1]
        while last and face.getlength(last + "…") > width:
            last = last[:-1]
        rows[-1] = last.rstrip(TRAILING) + "…"
    return [row for row in rows if row]


def scrim(size: tuple[int, int], top: int) -> Image.Image:
    """Black that grows softly from ``top`` to the lower edge, so that words read on any picture."""
    width, height = size
    ramp = Image.linear_gradient("L").point([round(176 * (v / 255) ** 1.35) for v in range(256)])
    alpha = Image.new("L", size)
    alpha.paste(ramp.resize((width, height - top), Image.Resampling.BICUBIC), (0, top))
    layer = Image.new("RGBA", size, (4, 5, 9, 0))
    layer.putalpha(alpha)
    return layer


def thumbnails(pictures: list[Image.Image], edge: int, room: int) -> list[Image.Image]:
    """Rounded squares with a hair of white around them, made smaller until they fit in ``room``."""
    edge = min(edge, (room - (len(pictures) - 1) * edge // 8) // max(1, len(pictures)))
    found = []
    for picture in pictures:
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        small = picture.convert("RGB").resize(
            (edge, edge), Image.Resampling.LANCZOS, (left, top, left + side, top + side)
        )
        mask = Image.new("L", (edge * 4, edge * 4))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, edge * 4 - 1, edge * 4 - 1), edge * 4 * 0.16, fill=255)
        card = Image.new("RGBA", (edge, edge))
        card.paste(small, (0, 0), mask.resize((edge, edge), Image.Resampling.LANCZOS))
        pen = ImageDraw.Draw(card)
        pen.rounded_rectangle(
            (0, 0, edge - 1, edge - 1), edge * 0.16, outline=(255, 255, 255, 150), width=max(1, edge // 60)
        )
        found.append(card)
    return found


def overlay(size: tuple[int, int], prompt: str, references: list[Image.Image]) -> Image.Image:
    """Everything that stands still over the film, as RGBA of the film's own size."""
    width, height = size
    short = min(size)
    margin = round(short * 0.058)
    text_size = max(13, round(short * 0.046))
    face, small = font(text_size), font(max(9, round(text_size * 0.5)))
    measure = round(min(width - 2 * margin, text_size * 27))
    rows = wrap(prompt, face, measure, 2 if width >= height else 3)
    leading = round(text_size * 1.42)
    top = height - margin - leading * len(rows)
    eyebrow = top - round(text_size * 1.12)
    thumbs = thumbnails(references, round(short * 0.15), width - 2 * margin) if references else []
    row_top = eyebrow - (thumbs[0].height + round(text_size * 0.7) if thumbs else 0)
    layer = scrim(size, max(0, row_top - round(short * 0.16)))
    shadow = Image.new("L", size)
    ink = Image.new("RGBA", size)
    _write(ImageDraw.Draw(ink), ImageDraw.Draw(shadow), rows, face, small, (margin, top, eyebrow), leading)
    box = (0, max(0, eyebrow - text_size), width, height)
    soft = (
        shadow.crop(box)
        .filter(ImageFilter.GaussianBlur(text_size * 0.16))
        .point([v * 130 // 255 for v in range(256)])
    )
    dark = Image.new("RGBA", soft.size, (0, 0, 0, 255))
    dark.putalpha(soft)
    layer.alpha_composite(dark, box[:2])
    layer.alpha_composite(ink)
    for index, thumb in enumerate(thumbs):
        layer.alpha_composite(thumb, (margin + index * (thumb.width + thumb.width // 8), row_top))
    return layer


def _write(ink, shadow, rows, face, small, place, leading) -> None:  # noqa: ANN001
    margin, top, eyebrow = place
    for index, row in enumerate(rows):
        at = margin, top + index * leading
        shadow.text(at, row, font=face, fill=255)
        ink.text(at, row, font=face, fill=(255, 255, 255, 238))
    x, gap = margin, small.size * 0.26
    rule = round(small.size * 1.5)
    middle = eyebrow + round(small.size * 0.78)
    ink.line((x, middle, x + rule, middle), fill=(255, 255, 255, 150), width=max(1, round(small.size / 11)))
    x += rule + round(small.size * 0.6)
    for letter in MARK:
        shadow.text((x, eyebrow), letter, font=small, fill=200)
        ink.text((x, eyebrow), letter, font=small, fill=(255, 255, 255, 190))
        x += small.getlength(letter) + gap
