"""The two parts of a mail, text and HTML, whole: preview line, body, call, signature, and what bulk mail must tell."""

from __future__ import annotations

from html import escape

from contentkit.core.mail.inline import LINK, linked
from contentkit.core.mail.letter import Envelope, Letter
from contentkit.core.mail.twins import NOTHING, Twin, button, lines, twin
from contentkit.core.text.languages import in_language, primary
from contentkit.core.text.mergefields import merge_fields

CLIP = 102_000
"""Bytes of HTML from which Gmail cuts a mail off (practice; measured by many, told by nobody)."""

_LEFTWARD = frozenset({"ar", "fa", "he", "ps", "ur", "yi"})
_UNSUBSCRIBE = {
    "ar": "إلغاء الاشتراك",
    "de": "Abmelden",
    "en": "Unsubscribe",
    "es": "Darse de baja",
    "fr": "Se désabonner",
    "he": "הסרה מרשימת התפוצה",
    "it": "Annulla l’iscrizione",
    "ja": "配信停止",
    "ko": "수신 거부",
    "nl": "Afmelden",
    "pt": "Cancelar inscrição",
    "zh": "退订",
}
_FONT = "-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans CJK JP',Helvetica,Arial,sans-serif"
# Behind the preview line, so that the body does not run into it in the list of mails.
_PADDING = "&#847;&zwnj;&nbsp;" * 40
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{ .link {{ color: #8ab4f8 !important; }} }}
</style>
</head>
<body style="margin:0;padding:0">
{preview}<div style="max-width:600px;margin:0 auto;padding:24px 20px;font-family:{font};font-size:16px;line-height:1.6;\
overflow-wrap:anywhere">
{main}</div>
</body>
</html>
"""
_HIDDEN = (
    '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;'
    'mso-hide:all">{words}</div>\n'
)


def parts(letter: Letter, envelope: Envelope, language: str, told: str = "") -> Twin:
    """The HTML page and the text of a letter.

    Args:
        told: a line for readers of how it was made; "" for none.
    """
    made = twin(letter.body)
    if letter.call_to_action:
        made += button(letter.call_to_action)
    made += lines(letter.signature)
    made += _footer(envelope, language, told)
    page = _PAGE.format(
        language=escape(language or "en"),
        direction="rtl" if primary(language) in _LEFTWARD else "ltr",
        title=_escaped(letter.subject),
        preview=_HIDDEN.format(words=_escaped(letter.preheader) + _PADDING) if letter.preheader else "",
        font=_FONT,
        main=made.html,
    )
    return Twin(page, made.text.rstrip("\n") + "\n")


def _footer(envelope: Envelope, language: str, told: str) -> Twin:
    rows = [Twin(escape(told, quote=False), told)] if told else []
    rows += [Twin(_escaped(row), row) for row in envelope.postal_address.split("\n") if row.strip()]
    if envelope.unsubscribe:
        words, link = in_language(_UNSUBSCRIBE, language), envelope.unsubscribe[0]
        anchor = f'<a class="link" href="{escape(link)}" style="{LINK}">{words}</a>'
        rows.append(Twin(anchor, linked(words, link)))
    if not rows:
        return NOTHING
    inner = "<br>\n".join(row.html for row in rows)
    html = f'<p dir="auto" style="margin:32px 0 0;font-size:13px;opacity:.8">{inner}</p>\n'
    return Twin(html, "-----\n" + "\n".join(row.text for row in rows) + "\n")


def _escaped(text: str) -> str:
    """Text as HTML, its merge fields as they are."""
    pieces, position = [], 0
    for field in merge_fields(text):
        pieces += [escape(text[position : field.start], quote=False), field.raw]
        position = field.end
    return "".join([*pieces, escape(text[position:], quote=False)])
