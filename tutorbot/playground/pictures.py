"""How large a picture is, read from its first bytes."""

import struct

from tutorbot.playground.refusals import bad_request

PHOTO_LIMIT = 10 * 1024 * 1024  # bytes
_MOST_PIXELS = 10_000  # width and height together
_MOST_STRETCH = 20  # the longer side over the shorter


def measure(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, JPEG, GIF or WebP; refuses what Telegram would not take."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > PHOTO_LIMIT:
        raise bad_request("file is too big")
    try:
        size = _size(content)
    except (struct.error, IndexError) as broken:
        raise bad_request("IMAGE_PROCESS_FAILED") from broken
    if size is None or min(size) < 1:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > _MOST_PIXELS or max(size) > _MOST_STRETCH * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def _size(content: bytes) -> tuple[int, int] | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return struct.unpack(">II", content[16:24])
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(content):
        marker = content[at + 1]
        if marker in range(0xC0, 0xD0) and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", content[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack("<I", content[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width = int.from_bytes(content[24:27], "little") + 1
            return width, int.from_bytes(content[27:30], "little") + 1
        case _:
            return None
