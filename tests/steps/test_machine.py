"""What machines write is told at its sentence; what people write is left in peace."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.steps.machine import after, phrases_of

ROOT = Path(__file__).parents[2]

MACHINE = {
    "en": (
        "In today's fast-paced world, ferries are more than just boats. It's important to note that they play a role. "
        "A ferry isn't just about transport, it's about connection. Let's dive in! We delve into cutting-edge engines. "
        "In conclusion, the possibilities are endless."
    ),
    "ja": (
        "近年、渡し船が注目を集めています。渡し船は単なる移動手段ではなく、新たな価値を生む存在と言えるでしょう。時刻表を確認することが重要です。"
        "可能性は無限大です。いかがでしたでしょうか。"
    ),
    "de": (
        "In der heutigen schnelllebigen Welt sind Fähren mehr als nur ein Boot. "
        "Es ist wichtig zu beachten, dass sie fahren. "
        "Sie ebnen den Weg. Zusammenfassend lässt sich sagen: Die Möglichkeiten sind endlos."
    ),
}
PEOPLE = {
    "en": (
        "The ferry leaves the old harbour at 7:40. My aunt ran it for thirty years, and she never once wore the cap. "
        "In March the engine broke off Gull Point; it took a day to find a part, and nobody "
        "complained about the soup. Today's "
        "world record for the crossing is hers, not that she would tell you. Was it luck? Partly."
    ),
    "ja": "船は七時四十分に古い港を出る。叔母は三十年その船を動かしたが、帽子は一度もかぶらなかった。"
    "三月に沖で機関が壊れ、部品を探すのに一日かかった。",
    "de": "Die Fähre verlässt den alten Hafen um 7.40 Uhr. "
    "Meine Tante fuhr sie dreißig Jahre lang, ohne je die Mütze zu tragen.",
}


def found(text: str, language: str) -> tuple[Finding, ...]:
    return after(Piece("text", language, body=text, name="a.md")).findings


@pytest.mark.parametrize("language", MACHINE)
def test_a_machine_is_heard_and_a_person_is_not(language: str) -> None:
    findings = found(MACHINE[language], language)
    assert {finding.rule for finding in findings} >= {"machine/opener", "machine/closer"}
    assert all(finding.severity is Severity.MINOR and finding.repair and finding.place for finding in findings)
    assert len(findings) >= 5
    assert found(PEOPLE[language], language) == ()


def test_a_finding_stands_at_its_words_once_a_sentence() -> None:
    first, second = found(
        "The boat is fine. It's a testament to, and a testament to, skill.\n\nIn conclusion, go.", "en"
    )
    assert first.place is not None
    assert (first.place.line, first.place.column, first.place.quote) == (1, 24, "a testament to")
    assert second.rule == "machine/closer"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Of course! Below is the newsletter.", "en"),
        ("Certainly, here is the article.", "en"),
        ("Here's the revised version of your text:", "en"),
        ("Let me know if you'd like me to adjust the tone.", "en"),
        ("As of my last knowledge update, the ferry ran.", "en"),
        ("もちろんです！以下にブログ記事を作成しました。", "ja"),
        ("かしこまりました。ご要望の文章を作成いたします。", "ja"),
        ("以下は、ご依頼いただいたメールの文面です。", "ja"),
        ("AIとして、個人的な意見はありません。", "ja"),
        ("Gerne! Hier ist der Text.", "de"),
    ],
)
def test_words_of_a_chat_left_in_the_text_are_found(text: str, language: str) -> None:
    assert {finding.rule for finding in found(text, language)} == {"machine/assistant"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("They aren't merely boats, they're friends.", "en"),
        ("We’re not only sailing, but we sing.", "en"),
        ("It is not a boat, it is a home.", "en"),
        ("This isn’t about speed. It's about time.", "en"),
        ("The pier isn't about wood — it's an idea.", "en"),
        ("We sail not because we must, but because we can.", "en"),
        ("No queues, no fuss, just boats.", "en"),
        ("Not only does it float, but it also sings.", "en"),
        ("Das ist nicht nur ein Boot, sondern ein Zuhause.", "de"),
        ("Es geht nicht um Tempo. Es geht um Ruhe.", "de"),
        ("単なる船ではなく、家です。", "ja"),
        ("船だけでなく、港も島の顔でもあるのです。", "ja"),
        ("これは船の話なのではありません。島の話なのです。", "ja"),
    ],
)
def test_a_contrast_with_what_nobody_claimed_is_found(text: str, language: str) -> None:
    assert {finding.rule for finding in found(text, language)} == {"machine/not-x-but-y"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("He is certainly here. Of course I can swim, said nobody. Below is the key.", "en"),
        ("承知いたしました。明日うかがいます。以下の記事をご覧ください。", "ja"),
    ],
)
def test_people_say_such_words_too(text: str, language: str) -> None:
    assert found(text, language) == ()


def test_quotations_and_code_are_not_the_writers() -> None:
    assert found("She said “in conclusion, nothing”. `in conclusion,`\n\n> In conclusion, we lost.\n", "en") == ()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("dashes", "The boat — an old one — sails. The sea — grey — waits. The crew — three — sleep. " * 2),
        ("threes", "We saw boats, birds and bells. We ate bread, cheese and apples. " * 4),
        ("even", "The old boat sails to the island. " * 20),
        ("bold-leads", "".join(f"- **Point {number}:** something is said here.\n" for number in range(6))),
        ("emoji", "".join(f"- 🚀 point {number} is here\n" for number in range(6))),
        ("weak-words", "A robust, seamless and vibrant realm leverages crucial synergy to foster insights."),
        ("hedge", "Perhaps it is. Arguably so. In some cases it tends to be, in many cases potentially."),
    ],
)  # fmt: skip
def test_habits_are_told_with_their_figure(rule: str, text: str) -> None:
    (finding,) = [one for one in found(text, "en") if one.rule == f"machine/{rule}"]
    assert re.search(r"\d", finding.message)


def test_five_dashes_in_few_words_are_a_habit_and_four_are_none() -> None:
    words = "The boat sails, and the sea waits for it. " * 4
    assert "machine/dashes" not in {one.rule for one in found(words + "It — goes — to — sea — today. ", "en")}
    assert "machine/dashes" in {one.rule for one in found(words + "It — goes — to — sea — right — now. ", "en")}


def test_a_single_weak_word_is_nobodys_fault() -> None:
    assert found("The hull is robust, and the landscape is flat. Perhaps it rains.", "en") == ()


def test_a_language_without_a_list_is_left_alone() -> None:
    assert found("Nel mondo di oggi, in conclusione, tutto cambia.", "it") == ()
    assert phrases_of("../en") is None


@pytest.mark.parametrize(("page", "language"), [("plain.md", "en"), ("plain.ja.md", "ja")])
def test_what_the_prompts_forbid_is_what_the_check_finds(page: str, language: str) -> None:
    text = (ROOT / "prompts" / "partials" / page).read_text(encoding="utf-8").split("- 大げさ")[0]
    text = re.sub(r"{%.*?%}", "", text)
    quoted = re.findall(r'"([^"]{8,})"', text) if language == "en" else re.findall("「([^」]{5,})」", text)
    known = [phrase for phrase in quoted if "X" not in phrase]
    assert len(known) >= 8
    assert [phrase for phrase in known if not found(phrase.replace("〜", "船") + ", 船。", language)] == []


def test_documents_of_people_stay_nearly_clean(shared: Path) -> None:
    for path in sorted((shared / "data" / "sources").glob("*.md")):
        assert len(found(path.read_text(encoding="utf-8"), path.name[:2])) <= 3, path.name


def test_a_megabyte_is_read_in_a_second_or_so() -> None:
    text = (PEOPLE["en"] + "\n\n") * 2400
    started = time.perf_counter()
    found(text, "en")
    assert time.perf_counter() - started < 6  # about 0.7 s where nothing else runs


def test_time_grows_as_the_text_does() -> None:
    def seconds(times: int) -> float:
        text = "no a, " * times
        best = 9.0
        for number in range(3):
            started = time.process_time()
            found(f"{number} {text}", "en")
            best = min(best, time.process_time() - started)
        return best

    assert seconds(16_000) < 8 * seconds(4_000) + 0.05
