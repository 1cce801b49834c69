"""Zip files that are the same bytes whenever they are made: entries in a fixed order, with a fixed date."""

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can tell."""


def packed(contents: Mapping[str, bytes]) -> bytes:
    """Return a zip file of these files (path → content), sorted by path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in sorted(contents):
            made.writestr(_entry(name), contents[name])
    return out.getvalue()


def repacked(content: bytes, replaced: Mapping[str, bytes]) -> bytes:
    """Return a zip file with its entries sorted (the list of content types first, as Word wants it), without their
    dates, and with other contents for those that are `replaced`.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w") as kept:
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            kept.writestr(_entry(name), replaced[name] if name in replaced else made.read(name))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 0, 0
    return entry
