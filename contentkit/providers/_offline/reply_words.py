"""What a reply made offline says around the passages of the folder: greeting, the refusal, the hand-over; and moods."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contentkit.core.text.languages import in_language


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """One language's frame of a reply. Nothing in it is a claim about the company.

    Attributes:
        greeting, greeting_named: the latter with "{}" for the name.
        found: before the passages; refusal: in their place.
        colleague: what happens next.
        handover, handover_found: for the colleague.
    """

    greeting: str
    greeting_named: str
    found: str
    refusal: str
    colleague: str
    closing: str
    handover: str
    handover_found: str


def reply_words(language: str) -> ReplyWords:
    """The frame in the customer's language; English where there is none."""
    return in_language(_WORDS, language)


def mood_of(message: str) -> str:
    """The mood that the words of a message show, by lists; calm where they show none."""
    if len(re.findall(r"\b[A-Z]{4,}\b", message)) >= 3 or "!!" in message or "！！" in message:
        return "angry"
    return next((mood for mood, pattern in _MOODS.items() if pattern.search(message)), "calm")


_SIGNS = {
    "angry": (
        r"\b(?:unacceptable|furious|angry|ridiculous|outrageous|scandal|disgrace|worst|lawyer|fed up|rip-?off)\b",
        r"\b(?:wütend|unverschämt|frechheit|anwalt|skandal)\b",
        r"ひどい|許せ|ふざけ|いい加減に|最悪|怒って|腹が立",
    ),
    "disappointed": (
        r"\b(?:disappoint\w*|let down|unhappy|sadly|regret|(?:second|third|fourth) time)\b",
        r"\benttäuscht?\w*",
        r"残念|がっかり|期待外れ|不満|もう[二三四2-4２-４]回目",
    ),
    "worried": (
        r"\b(?:worried|afraid|anxious|urgent\w*|concerned|scared)\b",
        r"\b(?:besorgt|dringend)\b",
        r"心配|不安|至急|大丈夫でしょうか",
    ),
    "confused": (
        r"\b(?:confus\w+|don'?t understand|unclear|no idea|not sure)\b",
        r"\bverstehe nicht\b",
        r"わからな|分からな|わかりませ|分かりませ|困って|迷って",
    ),
    "pleased": (
        r"\b(?:thank you so much|love|wonderful|delighted|very happy|great service)\b",
        r"\b(?:super|begeistert)\b",
        r"嬉し|うれし|素晴らし|助かりました|ありがとうございました",
    ),
}
_MOODS = {mood: re.compile("|".join(signs), re.IGNORECASE) for mood, signs in _SIGNS.items()}
_WORDS = {
    "en": ReplyWords(
        "Hello,",
        "Hello {},",
        "Thank you for your message. This is what our documents say about it:",
        "Thank you for your message. Our documents do not answer it, and I do not want to guess.",
        "A colleague will look at it and write to you.",
        "Kind regards",
        "Nothing in the folder matches the message. Read it and answer it.",
        "The passages were found by the words of the message. Check whether they answer it, and what they leave open.",
    ),
    "ja": ReplyWords(
        "お客様",
        "{}",
        "お問い合わせありがとうございます。手元の資料には次のようにあります。",
        "お問い合わせありがとうございます。手元の資料にはお答えできる内容がなく、推測でのお返事は控えます。",
        "担当者が確認し、改めてご連絡いたします。",
        "よろしくお願いいたします。",
        "資料に合う箇所がありません。メッセージを読み、お返事をお願いします。",
        "言葉の一致で選んだ箇所です。答えになっているか、足りない点がないかを確認してください。",
    ),
    "de": ReplyWords(
        "Guten Tag,",
        "Guten Tag {},",
        "danke für Ihre Nachricht. In unseren Unterlagen steht dazu:",
        "danke für Ihre Nachricht. Unsere Unterlagen beantworten sie nicht, und raten möchte ich nicht.",
        "Eine Kollegin oder ein Kollege sieht sie sich an und schreibt Ihnen.",
        "Mit freundlichen Grüßen",
        "Nichts im Ordner passt zur Nachricht. Bitte lesen und beantworten.",
        "Die Stellen wurden nach den Wörtern der Nachricht gefunden. Bitte prüfen, ob sie antworten.",
    ),
}
