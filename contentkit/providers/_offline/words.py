"""What the offline engine says in its own words: labels and marks, never prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contentkit.core.article.size import shown as units
from contentkit.core.text.languages import in_language

__all__ = ["Words", "units", "words_for"]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's labels. ``fill`` and ``draft`` stand in brackets, so that nobody takes them for text.

    Attributes:
        narrator: the tag before what a video's narrator says.
    """

    fill: str
    draft: str
    sources: str
    greeting: str
    wishes: Mapping[str, str]
    outline: tuple[str, ...]
    narrator: str = "VO:"

    def mark(self, what: str) -> str:
        """The placeholder for what only a person or a model can write: a name of ``wishes``, or free words."""
        return self.fill.format(self.wishes.get(what, what))


def words_for(language: str) -> Words:
    """Labels in the language of the result; English where there are none."""
    return in_language(_WORDS, language)


_WORDS = {
    "en": Words(
        "[To fill: {}]",
        "[Offline draft: sentences picked from the sources and arranged; no model wrote anything]",
        "Sources",
        "Hello {},",
        {
            "title": "title",
            "summary": "what the reader gets, in two sentences",
            "ending": "conclusion and next step",
            "greeting": "greeting",
            "sender": "name of the sender",
            "subject": "subject line",
            "preheader": "preview line",
            "body": "text",
            "call_to_action": "call to action",
            "post": "post for {}",
            "picture": "picture",
            "shot": "shot",
            "place": "place",
            "narration": "narration",
            "thumbnail": "words on the thumbnail",
            "alt_text": "what the picture shows",
            "hook": "opening line",
            "heading": "heading",
            "description": "description",
            "material": "no sentence of the sources can stand alone here",
            "changes": "what changed; the sources hold no git log",
            "topic": "what the customer wants",
            "question": "the question that “{}” answers",
            "answer": "the answer; the sources do not hold it",
            "headline": "headline",
            "lead": "who, what, when, where and why",
            "about": "two sentences about the company",
            "contact": "name and telephone for the press",
            "intro": "what changes for the reader in this issue",
            "product": "name of the product",
            "tagline": "what it does, for whom",
            "feature": "a fact about the product",
            "benefit": "what the buyer has from it",
        },
        (
            "who reads this, and what for",
            "the main point, in one sentence",
            "facts, figures and examples, each with its source",
            "objections and open questions",
            "what the reader should do next",
        ),
    ),
    "ja": Words(
        "［要記入：{}］",
        "［オフライン下書き：資料の文を選んで並べたもの。モデルは使っていません］",
        "出典",
        "{}",
        {
            "title": "題名",
            "summary": "読者が得るものを二文で",
            "ending": "結びと次の一歩",
            "greeting": "宛名と挨拶",
            "sender": "差出人",
            "subject": "件名",
            "preheader": "プリヘッダー",
            "body": "本文",
            "call_to_action": "行動の呼びかけ",
            "post": "{}への投稿",
            "picture": "映像",
            "shot": "画角",
            "place": "場所",
            "narration": "ナレーション",
            "thumbnail": "サムネイルの文字",
            "alt_text": "画像の説明",
            "hook": "冒頭の一言",
            "heading": "見出し",
            "description": "説明文",
            "material": "資料に単独で使える文がありません",
            "changes": "変更の内容（資料に git のログがありません）",
            "topic": "お客様の用件",
            "question": "「{}」が答えになる質問",
            "answer": "答え（資料にはありません）",
            "headline": "見出し",
            "lead": "誰が、何を、いつ、どこで、なぜ",
            "about": "会社についての二文",
            "contact": "広報の氏名と電話番号",
            "intro": "この号で読み手に何が変わるか",
            "product": "商品名",
            "tagline": "誰のために何をするか",
            "feature": "商品についての事実",
            "benefit": "買い手にとっての利点",
        },
        (
            "誰が何のために読むのか",
            "いちばん言いたいことを一文で",
            "事実・数字・例（それぞれ出典つきで）",
            "反論と未解決の点",
            "読者が次にすること",
        ),
        "NA:",
    ),
    "de": Words(
        "[Noch zu füllen: {}]",
        "[Offline-Entwurf: Sätze aus den Quellen, ausgewählt und geordnet; kein Modell hat geschrieben]",
        "Quellen",
        "Guten Tag {},",
        {
            "title": "Titel",
            "summary": "was der Leser davon hat, in zwei Sätzen",
            "ending": "Schluss und nächster Schritt",
            "greeting": "Anrede",
            "sender": "Name des Absenders",
            "subject": "Betreff",
            "preheader": "Vorschauzeile",
            "body": "Text",
            "call_to_action": "Handlungsaufruf",
            "post": "Beitrag für {}",
            "picture": "Bild",
            "shot": "Einstellung",
            "place": "Ort",
            "narration": "Sprechertext",
            "thumbnail": "Worte auf dem Vorschaubild",
            "alt_text": "was das Bild zeigt",
            "hook": "erster Satz",
            "heading": "Überschrift",
            "description": "Beschreibung",
            "material": "kein Satz der Quellen kann hier allein stehen",
            "changes": "was sich geändert hat; die Quellen enthalten kein git-Log",
            "topic": "worum es dem Kunden geht",
            "question": "die Frage, die „{}“ beantwortet",
            "answer": "die Antwort; in den Quellen steht sie nicht",
            "headline": "Überschrift",
            "lead": "wer, was, wann, wo und warum",
            "about": "zwei Sätze über die Firma",
            "contact": "Name und Telefon für die Presse",
            "intro": "was sich mit dieser Ausgabe für den Leser ändert",
            "product": "Name des Produkts",
            "tagline": "was es für wen leistet",
            "feature": "eine Tatsache über das Produkt",
            "benefit": "was der Käufer davon hat",
        },
        (
            "wer das liest, und wozu",
            "die Hauptsache in einem Satz",
            "Tatsachen, Zahlen und Beispiele, jeweils mit Quelle",
            "Einwände und offene Fragen",
            "was der Leser als Nächstes tun soll",
        ),
    ),
}
