"""A voice is learned, read back and recognised; other voices are told apart, with what differs."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contentkit.cli import cli
from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.core.text.document import document
from contentkit.steps._voice.measure import measure
from contentkit.steps._voice.page import from_table, to_toml
from contentkit.steps._voice.profile import background, distance, learn
from contentkit.steps._voice.told import HABITS
from contentkit.steps.voice import after, settings, told

PLACES = ["harbour", "island", "ferry", "engine", "village", "quay", "lighthouse", "market", "storm", "captain"]
# Two writers of our own making: one curt and talking to the reader, one who never comes to an end.
CURT = [
    "You take the ferry to the {0}.", "It's fast.",
    "Don't wait at the {0}!", "I've seen the {1}; you haven't.",
    "Why go to the {0}?", "But you'll like the {1}.", "We don't close the {0}.", "So I went.",
    "That's the {0} for you.",
    "You can't miss it.",
]  # fmt: skip
LONG = [
    "Among those who had known the {0} before it was rebuilt, and there were not many of them left by "
    "the time of which I write, it was held that neither the {1} nor the {0} itself would ever "
    "again be what they had been.",
    "It was, however, upon the {0} that the eyes of all were turned, since whatever had been decided by those to whom "
    "the {1} belonged must, in the end, have been seen there first.",
    "Although nothing of the {1} could be seen from where they stood, for the mist had not yet been lifted from the "
    "{0}, they were of the opinion that it should be waited for.",
    "The {0}, which was thought by some to be older than the {1}, had been given over to those from whom it had once "
    "been taken.",
]
CURT_JA = [
    "{0}に行きます。",
    "とても速いですよ。",
    "あなたも{1}を見てください。",
    "{0}は広いですか？",
    "私は好きです。",
    "さあ、行きましょう！",
]
LONG_JA = [
    "{0}のことを知る者は、もはや多くは残っていないが、それでも{1}がかつてそこにあったことは、誰もが認めるところであった。",
    "{1}から眺める{0}は、朝の霧に包まれて、遠い昔の記憶のように、ただ静かに横たわっているのである。",
    "そのころ{0}を訪れる人々は、{1}の向こうに何があるかを、まだ知らなかったのだ。",
]
PLACES_JA = ["港", "島", "船", "機関", "村", "岸壁", "灯台", "市場", "嵐", "船長"]


def text_of(sentences: list[str], seed: int, number: int, places: list[str]) -> str:
    chance = random.Random(seed)
    made = [chance.choice(sentences).format(*chance.sample(places, 2)) for _ in range(number)]
    return "\n\n".join(("" if "。" in made[0] else " ").join(made[at : at + 5]) for at in range(0, number, 5))


def english(curt: bool, seed: int) -> str:
    return text_of(CURT if curt else LONG, seed, 600 if curt else 130, PLACES)


def japanese(curt: bool, seed: int) -> str:
    return text_of(CURT_JA if curt else LONG_JA, seed, 500 if curt else 120, PLACES_JA)


def run(*words: str) -> Result:
    result = CliRunner().invoke(cli, [*words], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.mark.parametrize(("language", "make"), [("en", english), ("ja", japanese)])
def test_what_was_held_out_is_nearer_to_its_own_author(language: str, make: object) -> None:
    assert callable(make)
    voices = {curt: learn([document(make(curt, 1), language)], language) for curt in (True, False)}
    for curt in (True, False):
        unseen = measure(document(make(curt, 2), language))
        own, other = (distance(unseen, voices[who].measures, language) for who in (curt, not curt))
        assert own + 20 < other


def test_real_authors_are_told_apart(shared: Path) -> None:
    folder = shared / "data" / "sources"
    wells = re.sub(r"(?m)<[^>]+>|^\s+", "", (folder / "en-05-time-machine-chapter-1.html").read_text(encoding="utf-8"))
    half = wells.index("\n", len(wells) // 2)
    voice = learn([document(wells[:half], "en")], "en").measures
    own = distance(measure(document(wells[half:], "en")), voice, "en")
    for other in ("en-01-finding-users.md", "en-02-semver-spec.md", "en-04-httpx-readme.md"):
        assert own < distance(measure(document((folder / other).read_text(encoding="utf-8"), "en")), voice, "en")


@pytest.mark.parametrize(("language", "make"), [("en", english), ("ja", japanese)])
def test_a_voice_is_a_file_that_reads_back(language: str, make: object) -> None:
    assert callable(make)
    profile = learn([document(make(True, 1), language)], language)
    page = to_toml(profile)
    back = from_table(tomllib.loads(page))
    assert (back.size, back.parts, back.own, back.own_most) == (
        profile.size,
        profile.parts,
        profile.own,
        profile.own_most,
    )
    assert distance(back.measures, profile.measures, language) < 1
    assert distance(profile.measures, back.measures, language) == pytest.approx(
        distance(back.measures, profile.measures, language)
    )


def test_a_text_in_another_voice_is_told_with_what_differs_and_where() -> None:
    table = tomllib.loads(to_toml(learn([document(english(True, 1), "en")], "en")))
    piece = Piece("text", "en", name="a.md", settings={"voice": table})
    same = after(replace(piece, body=english(True, 2)))
    assert same.findings == ()
    assert re.search(r"a\.md: \d+ from the voice \(0 is the same", same.notices[0])
    other = after(replace(piece, body=english(False, 2)))
    assert other.findings[0].rule == "voice/distance"
    assert "Write it in the voice: " in other.findings[0].repair
    lengths = [finding for finding in other.findings if finding.rule == "voice/sentence-length"]
    assert lengths
    assert re.fullmatch(
        r"The text has sentences of \d\d words on average; the voice has \d\.\d words\.", lengths[0].message
    )
    assert lengths[0].place is not None
    assert lengths[0].place.quote.startswith("Among those")


def test_what_is_too_short_or_in_another_language_is_said_and_not_judged() -> None:
    table = tomllib.loads(to_toml(learn([document(english(True, 1), "en")], "en")))
    piece = Piece("text", "en", name="a.md", settings={"voice": table})
    short = after(replace(piece, body="A short text. It says little."))
    assert (short.findings, "too short" in short.notices[0]) == ((), True)
    foreign = after(replace(piece, body=japanese(True, 1), language="ja"))
    assert (foreign.findings, "language of the voice" in foreign.notices[0]) == ((), True)


def test_a_model_is_told_the_voice_in_words_of_its_language() -> None:
    said = told(tomllib.loads(to_toml(learn([document(english(False, 1), "en")], "en"))), "en")
    assert any(re.fullmatch(r"sentences of 3\d words on average", line) for line in said)
    table = tomllib.loads(to_toml(learn([document(japanese(True, 1), "ja")], "ja")))
    assert any(
        re.fullmatch("「です・ます」で終わる文は[89]\\d%|「です・ます」で終わる文は100%", line)
        for line in told(table, "ja")
    )
    assert told(table, "en") == ()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_habit_can_be_told(language: str) -> None:
    assert set(background(language)[1]) <= set(HABITS)
    assert set(measure(document("A b. C d.", language)).habits) <= set(background(language)[1])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"version": 2}, "version"),
        ({"versoin": 1}, "'version'"),
        ({"version": 1, "language": "en", "habits": 3, "small_words": {}}, "habits"),
        ({"version": 1, "language": "en", "habits": {"comas": 1.0}, "small_words": {}}, "'commas'"),
        ({"version": 1, "language": "en", "habits": {}, "small_words": {"the": "x"}}, "the"),
        ({"version": 1, "language": "../x", "habits": {}, "small_words": {}}, "language"),
    ],
)
def test_a_wrong_file_is_one_sentence(table: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as error:
        settings(table)
    assert said in str(error.value)


def test_learn_then_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(english(True, 1), encoding="utf-8")
    Path("b.md").write_text(english(False, 2), encoding="utf-8")
    result = run("voice", "learn", "a.md", "-o", "voice.toml")
    assert re.search(r"rests on [\d,]+ words of 1 text in en", result.stderr)
    assert "from the voice" in run("check", "a.md", "--voice", "voice.toml", "--only", "voice").stdout
    assert "voice/distance" in run("check", "b.md", "--voice", "voice.toml", "--only", "voice").stdout
    dry = run("write", "article", "Ferries", "--voice", "voice.toml", "--model", "offline", "--dry-run")
    assert "contractions for 1000 words" in dry.stdout
    with pytest.raises(UsageError, match="exists already"):
        run("voice", "learn", "a.md", "-o", "voice.toml")


def test_little_text_is_said_to_be_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text("I went to the island. It was a fine day, and the boat was full.\n", encoding="utf-8")
    assert "that is little: 1 of at least 6 parts" in run("voice", "learn", "a.md").stderr
    Path("b.md").write_text("```\ncode\n```\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no running text"):
        run("voice", "learn", "b.md")
