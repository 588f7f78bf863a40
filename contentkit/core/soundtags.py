"""The tags of a script's sound, out of the many ways to write them: no narrator says his name or reads a noise out."""

from __future__ import annotations

import re

_VOICE = (
    r"narrat(?:or|ion)|voice[ -]?over|voice|speaker|host|presenter|v\.?o\.?|NA|ナレーション|ナレーター|ナレ|語り手?|声"
)
_NOISE = r"sfx|sounds?(?: effects?)?|fx|SE|効果音|環境音|音"
_MUSIC = r"music|bgm|soundtrack|M|音楽|楽曲|♪"
_OFF = r"(?:\s*[(\[（](?:v\.?o\.?|o\.?s\.?|off(?:[ -]?screen)?|voice[ -]?over|cont['’]d|声のみ|オフ)[)\]）])?"
# Before it nothing, an end of a line or of a sentence; behind it a colon, or it stands in brackets.
_BEFORE = r"(?:(?<=[\n.!?…。！？)）\]】”\"])|\A)[ \t　]*"
_SPOKEN = re.compile(
    rf"{_BEFORE}(?:\*{{0,2}}(?:{_VOICE}){_OFF}\*{{0,2}}\s?[:：]\*{{0,2}}"
    rf"|[\[(（【](?:{_VOICE}){_OFF}[\])）】]\s?[:：]?)[ \t　]*",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"(?<![ \t　])[ \t　]*[\[(（【]\s*(?:(?P<noise>{_NOISE})|(?P<music>{_MUSIC}))\s*[:：]\s*"
    r"(?P<what>[^\])）】\n]+)[\])）】][ \t　]*",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"{_BEFORE}\*{{0,2}}(?:(?P<noise>{_NOISE})|(?P<music>{_MUSIC}))\*{{0,2}}\s?[:：]\*{{0,2}}[ \t　]*", re.IGNORECASE
)
_KNOWN = re.compile(
    r"(?:V\.?O\.?|NA|SFX|SE|MUSIC|GFX|M|G)\s{0,3}(?:\([^()\n]{0,40}\)|（[^（）\n]{0,40}）)?\s{0,3}[:：]"
)
_JAPANESE = re.compile(r"[\u3040-\u30ff]")


def tagged(audio: str) -> str:
    """A row's sound with the tags that scripts have: VO, SFX, MUSIC, in Japanese NA, SE, M. What has them stays."""
    voice, noise, music = ("NA", "SE", "M") if _JAPANESE.search(audio) else ("VO", "SFX", "MUSIC")

    def cue(found: re.Match[str]) -> str:
        tag = noise if found["noise"] else music
        rest = found.string[found.end() :]
        goes_on = rest.strip() and not rest.startswith("\n") and not _starts_tagged(rest)
        before = "\n" if found.start() and not found.string.endswith("\n", 0, found.start()) else ""
        return f"{before}{tag}: {found['what'].strip()}" + (f"\n{voice}: " if goes_on else "")

    def label(found: re.Match[str]) -> str:
        tag = voice if found.re is _SPOKEN else noise if found["noise"] else music
        if _KNOWN.fullmatch(found[0].strip()):
            return found[0]
        mid_line = found.start() and not found.string.endswith("\n", 0, found.start())
        return ("\n" if mid_line else "") + f"{tag}: "

    return _SPOKEN.sub(label, _LABELLED.sub(label, _BRACKETED.sub(cue, audio))).strip()


def _starts_tagged(text: str) -> bool:
    text = text.lstrip()
    return bool(_KNOWN.match(text) or _SPOKEN.match(text) or _LABELLED.match(text) or _BRACKETED.match(text))
