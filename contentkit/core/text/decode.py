"""Bytes to text. A byte order mark or a declared charset is believed; the rest is told from the bytes themselves.

Japanese is told apart exactly where the bytes allow it: ISO-2022-JP by its escapes, Shift_JIS and EUC-JP by which of
the two gives kana and common kanji. What none of them explains is Windows' Western encoding, and what that does not
explain either (Chinese or Korean legacy encodings, say) is refused rather than turned into other words.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from contentkit.core.errors import UsageError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks with the codec of what follows."""

_NAMES = {
    "utf-8": "UTF-8",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
    "cp1252": "Windows-1252",
}
# The encodings that pages and editors call by one name and write in another's superset (WHATWG Encoding, section 4.2).
_SUPERSETS = {"shift_jis": "cp932", "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b\b")
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([BJI]|\$\([D])")
_TYPOGRAPHIC = (
    "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u20ac\xa0\xa3\xa7\xa9\xab\xae\xb0\xb7\xbb\xbf\xa1\xbd\xbc"
)
_LEAST = 0.2
"""Worth below this is chance: Polish or Korean bytes read as Western give 0.15, German and French 0.35 and more."""
_SAMPLE = 200_000


class NoText(UsageError):
    """It is empty or binary. In a folder that is no failure, only a file with nothing to write from."""


class EmptyText(NoText):
    """It is a text, with nothing to read in it.

    Attributes:
        text: the white space that it consists of, or "".
    """

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(f"{name} is empty.")
        self.text = text


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the encoding it came in; ``guessed`` when nothing but the bytes told it."""

    text: str
    encoding: str
    guessed: bool = False


def looks_binary(data: bytes) -> bool:
    """Whether the beginning of a file can't be text in any encoding we read."""
    head = data[:8192]
    if any(head.startswith(mark) for mark, _ in BOMS):
        return False
    if b"\0" in head:
        return _wide(head) is None
    controls = sum(byte in _CONTROLS for byte in head)
    return controls > len(head) // 50


def decode(data: bytes, *, name: str, declared: str = "") -> Decoded:
    """The text in ``data``, with its byte order mark removed.

    Args:
        name: what the user called it, for errors.
        declared: the charset that a header or the document states, or "".

    Raises:
        NoText: it is binary.
        UsageError: no encoding explains it.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], encoding, name), encoding)
    if looks_binary(data):
        raise NoText(f"{name} is not text.", hint="Give a text, Markdown, HTML, PDF or Word file.")
    if (codec := _codec(declared)) and (text := _try(data, codec)) is not None:
        return Decoded(text, codec)
    return _guess(data, name)


def _guess(data: bytes, name: str) -> Decoded:
    if wide := _wide(data[:8192]):
        return Decoded(_strictly(data, wide, name), wide, True)
    if _JIS_ESCAPE.search(data[:_SAMPLE]) and (text := _try(data, "iso2022_jp")) is not None:
        return Decoded(text, _NAMES["iso2022_jp"], True)
    if (text := _try(data, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    best, text, score = "", "", _LEAST
    for codec in ("cp932", "euc_jp", "cp1252"):
        candidate = _try(data, codec)
        if candidate is not None and (worth := _worth(candidate, codec)) > score:
            best, text, score = codec, candidate, worth
    if not best:
        raise UsageError(
            f"The encoding of {name} can't be told.",
            hint="Save it as UTF-8 (iconv -f ENCODING -t UTF-8 helps), and try again.",
        )
    return Decoded(text, _NAMES[best], True)


def _codec(declared: str) -> str:
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name if declared else ""
    except (LookupError, ValueError):
        return ""
    return _SUPERSETS.get(name, name)


def codec_of(encoding: str) -> str:
    """The codec of an encoding as ``Decoded`` names it."""
    return next((codec for codec, name in _NAMES.items() if name == encoding), encoding)


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):  # the latter for codecs that are no text encodings ("zlib")
        return None


def _strictly(data: bytes, codec: str, name: str) -> str:
    text = _try(data, codec)
    if text is None:
        raise UsageError(f"{name} begins like {codec.upper()} but is damaged.", hint="Save it again as UTF-8.")
    return text


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: zeros in every other byte, as ASCII characters among the text give."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    least = len(head) // 20
    if odd > least and not even:
        return "utf-16-le"
    if even > least and not odd:
        return "utf-16-be"
    return None


def _worth(text: str, codec: str) -> float:
    """How much like writing the non-ASCII part looks, per byte it took; 0 or less is no writing at all."""
    total, size, chars, kana = 0.0, 0, 0, 0
    previous = " "
    for char in text[:_SAMPLE]:
        if char >= "\x80":
            worth, width = _japanese(char) if codec != "cp1252" else _western(char, previous)
            total += worth
            size += width
            chars += 1
            kana += "\u3040" <= char <= "\u30ff"
        previous = char
    if codec != "cp1252" and chars > 12 and kana <= chars // 20:
        return 0.0  # no Japanese goes on so long without kana; Chinese and Korean bytes read as EUC-JP do
    return total / size if size else 0.0


def _japanese(char: str) -> tuple[float, int]:
    """Kana and Japanese punctuation weigh most; kanji of JIS level 1 are common, those of level 2 rare."""
    if "\u3040" <= char <= "\u30ff" or char in "、。「」『』・ー〜～（）！？：　":
        return 4.0, 2
    if "\u4e00" <= char <= "\u9fff":
        try:
            common = char.encode("euc_jp")[0] < 0xD0
        except UnicodeEncodeError:
            common = False
        return (2.0 if common else -1.0), 2
    if "\uff61" <= char <= "\uff9f":
        return -0.5, 1
    if "\uff01" <= char <= "\uff5e" or "\u2190" <= char <= "\u266f" or "\u0391" <= char <= "\u0451":
        return 0.5, 2
    return -2.0, 2


def _western(char: str, previous: str) -> tuple[float, int]:
    """Accented letters stand among ASCII ones; a run of them is another script (Cyrillic, Greek) misread."""
    if char.isalpha():
        if not previous.isalpha():
            return 0.5, 1
        return (1.2 if previous.isascii() else -0.5), 1
    return (0.8 if char in _TYPOGRAPHIC else -1.0), 1
