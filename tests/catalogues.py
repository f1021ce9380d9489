"""Message catalogues written for a test, so that plural forms can be seen at work."""

import struct

PLURALS = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
AGES = {
    "": f"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: {PLURALS}\n",
    "code of this translation's language\x04en": "uk",
    "compact age\x04now": "щойно",
    "just now": "щойно",
    "yesterday": "учора",
    "%(count)d min ago\x00%(count)d min ago": "\x00".join(
        f"%(count)d {word} тому" for word in ("хвилину", "хвилини", "хвилин")
    ),
    "%(count)d hr ago\x00%(count)d hrs ago": "\x00".join(
        f"%(count)d {word} тому" for word in ("годину", "години", "годин")
    ),
    "compact age in minutes\x04%(count)dm": "%(count)dхв",
    "compact age in hours\x04%(count)dh": "%(count)dгод",
    "compact age in days\x04%(count)dd": "%(count)dдн",
    "compact age in weeks\x04%(count)dw": "%(count)dтиж",
    "compact age in months\x04%(count)dmo": "%(count)dміс",
    "compact age in years\x04%(count)dy": "%(count)dр",
}


def ukrainian_ages(folder):
    """Write the words of ages in Ukrainian below ``folder`` and return it as a locale path."""
    path = folder / "uk" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(_mo_file(AGES))
    return folder


def _mo_file(messages):
    """Return a GNU .mo file: header, tables of lengths and offsets, then the strings."""
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items())
    keys, texts = zip(*pairs, strict=True)
    table_bytes = 8 * len(pairs)
    offset = 28 + 2 * table_bytes
    tables, strings = b"", b""
    for column in (keys, texts):
        for entry in column:
            tables += struct.pack("<II", len(entry), offset + len(strings))
            strings += entry + b"\x00"
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + table_bytes, 0, offset)
    return header + tables + strings
