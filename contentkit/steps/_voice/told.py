"""A voice in words: for a model that is to write in it, and for what a text has more or less of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contentkit.steps._voice.profile import Profile, background


@dataclass(frozen=True, slots=True)
class Habit:
    """How a habit is spoken of.

    Attributes:
        said: English, with {} for the number.
        said_ja: Japanese, with {}.
        share: the number is a share, told in percent.
    """

    said: str
    said_ja: str
    share: bool = False


HABITS = {
    "sentence length": Habit("sentences of {} on average", "一文は平均{}"),
    "spread of sentences": Habit("sentence lengths that vary by {}", "一文の長さのばらつきは{}"),
    "short sentences": Habit("{} of the sentences short", "短い文は{}", True),
    "long sentences": Habit("{} of the sentences long", "長い文は{}", True),
    "paragraph length": Habit("paragraphs of {} sentences", "一段落は{}文"),
    "questions": Habit("{} of the sentences questions", "問いかけの文は{}", True),
    "exclamations": Habit("{} of the sentences with an exclamation mark", "感嘆符で終わる文は{}", True),
    "openings with and, but": Habit("{} of the sentences opened with and, but, so", "接続詞で始まる文は{}", True),
    "commas": Habit("{} commas", "読点は{}"),
    "semicolons": Habit("{} semicolons", "セミコロンは{}"),
    "colons": Habit("{} colons", "コロンは{}"),
    "dashes": Habit("{} dashes", "ダッシュは{}"),
    "brackets": Habit("{} brackets", "丸括弧は{}"),
    "quotations": Habit("{} quotations", "かぎ括弧は{}"),
    "ellipses": Habit("{} ellipses", "三点リーダーは{}"),
    "I": Habit("{} times I or my", "「私」などは{}"),
    "we": Habit("{} times we or our", "「私たち」などは{}"),
    "you": Habit("{} times you or your", "読者への呼びかけは{}"),
    "contractions": Habit("{} contractions", ""),
    "word length": Habit("words of {} letters", ""),
    "variety": Habit("{} different words in a hundred", "", True),
    "kanji": Habit("{} kanji", "漢字の割合は{}", True),
    "hiragana": Habit("{} hiragana", "ひらがなの割合は{}", True),
    "katakana": Habit("{} katakana", "カタカナの割合は{}", True),
    "です・ます": Habit("{} of the sentences in です・ます", "「です・ます」で終わる文は{}", True),
    "だ・である": Habit("{} of the sentences in だ・である", "「だ・である」で終わる文は{}", True),
    "noun endings": Habit("{} of the sentences ending in neither", "そのほか（体言止めなど）で終わる文は{}", True),
}
_ALWAYS = ("sentence length", "spread of sentences", "short sentences", "paragraph length", "です・ます", "だ・である")
_TELLING = 0.5
"""Deviations among authors from which a habit is worth telling a model."""


def number(name: str, value: float, language: str) -> str:
    """A value as people read it, with its unit where a sentence needs one."""
    if HABITS[name].share:
        return f"{value:.0%}"
    unit = {"sentence length": ("characters", "字") if language == "ja" else ("words", "語")}
    unit["spread of sentences"] = unit["sentence length"]
    english, _ = unit.get(name, ("", ""))
    said = f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.05 else "0" if language == "ja" else "no"
    return f"{said} {english}".strip()


def lines(profile: Profile, language: str) -> Iterator[str]:
    """What a model is told of the voice, a line each; in Japanese for Japanese."""
    _, usual = background(profile.language)
    japanese = language == "ja"
    for name, value in profile.measures.habits.items():
        mean, deviation = usual.get(name, (0.0, 0.0))
        if name not in _ALWAYS and (deviation <= 0 or abs(value - mean) < _TELLING * deviation):
            continue
        habit = HABITS[name]
        said = habit.said_ja if japanese and habit.said_ja else habit.said
        shown = number(name, value, profile.language)
        if japanese:
            shown = shown.replace(" characters", "字").replace(" words", "語")
        rate = "" if habit.share or name in _LENGTHS else ("（1000字あたり）" if japanese else " for 1000 words")
        yield said.format(shown) + rate


_LENGTHS = ("sentence length", "spread of sentences", "paragraph length", "word length")
