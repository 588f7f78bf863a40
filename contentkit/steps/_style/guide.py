"""A style guide: every key that its TOML file may have, with what holds where nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.nearest import unknown
from contentkit.core.severity import Severity

RULES: Mapping[str, str] = {
    "forbidden": "major", "term": "minor", "name": "minor", "spelling": "minor", "heading": "minor",
    "oxford-comma": "minor", "contraction": "minor", "number": "minor", "sentence-length": "minor",
    "paragraph-length": "info", "reading-grade": "minor", "passive": "info", "inclusive": "minor",
    "repeated-word": "minor", "register": "minor", "writing": "minor", "width": "minor", "punctuation": "minor",
    "spacing": "minor", "commas": "minor", "particle-chain": "minor", "double-negative": "minor",
    "dropped-ra": "minor", "redundant": "minor", "proselint": "info", "textlint": "minor",
}  # fmt: skip
"""Every rule with its severity, which ``[severity]`` of a guide may change."""

_MOST_PHRASE = 100


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that is not to be written.

    Attributes:
        avoid: its writings.
        use: what to write instead; "" for a term that is forbidden outright.
        why: said in the finding.
        case: only just as it is written in ``avoid``, capitals included.
        inflect: also with the endings of an English verb or noun.
        fix: ``use`` can be put in without a look at the sentence.
    """

    avoid: tuple[str, ...]
    use: str = ""
    why: str = ""
    case: bool = False
    inflect: bool = False
    fix: bool = True


@dataclass(frozen=True, slots=True)
class Japanese:
    """``[japanese]``. Of numbers 0 sets no bound.

    Attributes:
        register: です・ます ("desumasu"), だ・である ("dearu"), one of them throughout ("consistent"), or "any".
        writing: one writing of a word throughout ("consistent"), kana where 公用文作成の考え方 asks for it ("kana").
        letters, digits: "half" or "full" width.
        punctuation: "、。", "，．" or "，。".
        spaces: between Japanese and Latin letters or digits: "none" or "one".
        sentence_characters: most that a sentence may have.
        commas: most 読点 in a sentence.
        particle_chain: from how many の in a row a phrase is reported.
    """

    register: str = "consistent"
    writing: str = "consistent"
    letters: str = "any"
    digits: str = "any"
    punctuation: str = "any"
    spaces: str = "any"
    half_width_kana: bool = True
    sentence_characters: int = 0
    commas: int = 0
    particle_chain: int = 0
    double_negative: bool = False
    dropped_ra: bool = False
    redundant: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """A style guide. Of numbers 0 sets no bound.

    Attributes:
        names: writings of names that always hold ("GitHub").
        prefer: what is written -> what to write instead.
        forbid: what is not to be written -> why.
        spelling: "en-GB", "en-GB-oxford" (with -ize), "en-US", one of them throughout ("consistent"), or "any".
        headings: capitals of English headings: "sentence", "title" or "any".
        oxford_comma: "require", "forbid" or "any".
        contractions: "avoid", "use" or "any".
        numbers: zero to nine as "words" or "digits", or "any".
        sentence_words: most words of a sentence.
        paragraph_sentences: most sentences of a paragraph.
        reading_grade: highest Flesch-Kincaid grade of an English text.
        passive: most sentences in the passive, in percent.
        inclusive: report words that leave people out.
        repeated_words: report "the the".
        severity: rule -> how much it weighs.
        tools: linters of others that may run; the configuration says it, never the guide.
    """

    names: tuple[str, ...] = ()
    prefer: Mapping[str, str] = field(default_factory=dict)
    forbid: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    spelling: str = "any"
    headings: str = "any"
    oxford_comma: str = "any"
    contractions: str = "any"
    numbers: str = "any"
    sentence_words: int = 0
    paragraph_sentences: int = 0
    reading_grade: float = 0
    passive: float = 0
    inclusive: bool = False
    repeated_words: bool = True
    japanese: Japanese = Japanese()
    severity: Mapping[str, str] = field(default_factory=dict)
    tools: tuple[str, ...] = ()

    def severity_of(self, rule: str) -> Severity:
        """How much a finding of the rule weighs."""
        return Severity(self.severity.get(rule, RULES[rule]))


def read_guide(table: Mapping[str, Any]) -> Guide:
    """The guide that a table of TOML says.

    Raises:
        UsageError: a key is unknown (the nearest is named), or its value can't be.
    """
    said = _checked(table, _READERS, "key of a style guide")
    guide = Guide(**said)
    _check_circles(guide)
    return guide


def _checked(table: Mapping[str, Any], readers: Mapping[str, Reader], what: str, within: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, value in table.items():
        if key not in readers:
            raise unknown(what, key, readers)
        try:
            said[key] = readers[key](value)
        except ValueError as error:
            raise UsageError(f"In the style guide {within}{key} must be {error}, not {value!r:.60}.") from None
    return said


Reader = Callable[[Any], Any]


def _one_of(*choices: str) -> Reader:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(value)

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise ValueError("a number from 0 on")
    return float(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1e6:
        raise ValueError("a whole number from 0 on")
    return value


def _phrase(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_PHRASE or "\n" in value:
        raise ValueError(f"a text of one line, at most {_MOST_PHRASE} characters")
    return value.strip()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")  # noqa: TRY004
    return value.strip()


def _phrases(value: Any) -> tuple[str, ...]:
    given = value if isinstance(value, list | tuple) else [value]
    if not given:
        raise ValueError("one or more texts")
    return tuple(map(_phrase, given))


def _some(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError("a list of texts")  # noqa: TRY004
    return tuple(map(_phrase, value))


def _table_of(read: Reader) -> Reader:
    def read_table(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValueError("a table")  # noqa: TRY004
        return {_phrase(key): read(each) for key, each in value.items()}

    return read_table


def _severities(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("a table of rule = severity")  # noqa: TRY004
    read = _one_of(*(severity.value for severity in Severity))
    return _checked(value, dict.fromkeys(RULES, read), "rule of style", "severity.")


def _terms(value: Any) -> tuple[Term, ...]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) and "avoid" in row for row in value):
        raise ValueError("tables with avoid = [...], perhaps use, why, case, inflect and fix")
    return tuple(Term(**_checked(row, _TERM_READERS, "key of a term", "terms.")) for row in value)


def _japanese(value: Any) -> Japanese:
    if not isinstance(value, Mapping):
        raise ValueError("a table")  # noqa: TRY004
    return Japanese(**_checked(value, _JAPANESE_READERS, "key of [japanese]", "japanese."))


_TERM_READERS: Mapping[str, Reader] = {
    "avoid": _phrases, "use": _phrase, "why": _text, "case": _flag, "inflect": _flag, "fix": _flag,
}  # fmt: skip
_JAPANESE_READERS: Mapping[str, Reader] = {
    "register": _one_of("desumasu", "dearu", "consistent", "any"),
    "writing": _one_of("consistent", "kana", "any"),
    "letters": _one_of("half", "full", "any"),
    "digits": _one_of("half", "full", "any"),
    "punctuation": _one_of("、。", "，．", "，。", "any"),
    "spaces": _one_of("none", "one", "any"),
    **dict.fromkeys(("sentence_characters", "commas", "particle_chain"), _whole),
    **dict.fromkeys(("half_width_kana", "double_negative", "dropped_ra", "redundant"), _flag),
}
_READERS: Mapping[str, Reader] = {
    "names": _some,
    "prefer": _table_of(_phrase),
    "forbid": _table_of(_text),
    "terms": _terms,
    "spelling": _one_of("en-GB", "en-GB-oxford", "en-US", "consistent", "any"),
    "headings": _one_of("sentence", "title", "any"),
    "oxford_comma": _one_of("require", "forbid", "any"),
    "contractions": _one_of("avoid", "use", "any"),
    "numbers": _one_of("words", "digits", "any"),
    "sentence_words": _whole,
    "paragraph_sentences": _whole,
    "reading_grade": _number,
    "passive": _number,
    "inclusive": _flag,
    "repeated_words": _flag,
    "japanese": _japanese,
    "severity": _severities,
    "tools": _some,
}


def _check_circles(guide: Guide) -> None:
    """Refuse a guide that asks for a word and forbids it: drafts could never satisfy it."""
    uses = {**{key.lower(): use for key, use in guide.prefer.items()}}
    for term in guide.terms:
        uses.update({avoid.lower(): term.use for avoid in term.avoid if term.use})
    for avoid, use in uses.items():
        if use.lower() != avoid and use.lower() in uses:
            raise UsageError(
                f"The style guide asks for {use!r} instead of {avoid!r}, and for another word instead of {use!r}.",
                hint="Name the word that is right in the end for both.",
            )
