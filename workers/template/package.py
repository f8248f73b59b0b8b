"""A Word file around a body: the parts that Word, WPS and LibreOffice expect, the same bytes for the same body."""

import io
import zipfile
from collections.abc import Iterable
from typing import Final

from workers.template.page import footer, section, settings
from workers.template.styles import styles
from workers.wordml import Element, serialized, w

_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
# Page numbers stand outside: right on odd pages, left on even ones.
_FOOTERS: Final = {"default": ("footer1", "right"), "even": ("footer2", "left")}


def package(body: list[Element]) -> bytes:
    """A .docx whose one section holds these paragraphs and tables."""
    relations = [
        ("styles", "styles"),
        ("settings", "settings"),
        *(("footer", part) for part, _ in _FOOTERS.values()),
    ]
    identified = {part: f"rId{number}" for number, (_, part) in enumerate(relations, 1)}
    page = section({pages: identified[part] for pages, (part, _) in _FOOTERS.items()})
    word = {"document": w("document", w("body", *body, page)), "styles": styles(), "settings": settings()}
    word |= {part: footer(side) for part, side in _FOOTERS.values()}
    return _zipped(
        {
            "[Content_Types].xml": _content_types(word),
            "_rels/.rels": _relations(
                (f"{_RELATION}/officeDocument", "word/document.xml"),
                (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ),
            "docProps/core.xml": _core(),
            "word/_rels/document.xml.rels": _relations(
                *((f"{_RELATION}/{kind}", f"{part}.xml") for kind, part in relations)
            ),
        }
        | {f"word/{part}.xml": serialized(root) for part, root in word.items()}
    )


def _content_types(word: Iterable[str]) -> bytes:
    kinds = {part: "document.main" if part == "document" else part.rstrip("0123456789") for part in word}
    overrides = {f"/word/{part}.xml": f"{_OFFICE}.{kind}+xml" for part, kind in kinds.items()}
    overrides["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    inside = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return _xml(
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inside}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> bytes:
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return _xml(f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>')


def _core() -> bytes:
    # Filling writes the properties of a report; the template itself says only its language.
    return _xml(
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>zh-CN</dc:language></cp:coreProperties>'
    )


def _xml(text: str) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text.encode()


def _zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return packed.getvalue()
