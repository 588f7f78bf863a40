"""What a path says of a file: whether it is a test, made-up data of tests, prose, or code of which language."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TEST_FOLDERS = _words(
    "test tests testing __tests__ spec specs __specs__ e2e integration-tests integration_tests unittests testsuite"
)
_TEST_NAME = re.compile(
    r"test_.*\.pyi?|.*_tests?\.(?:py|go|rb|exs|cc|cpp|dart)|tests?\.py|conftest\.py|.*[._-](?:test|spec|cy)s?\.[cm]?[jt]sx?"
    r"|.*(?:Test|Tests|TestCase|IT|Spec)\.(?:java|kt|scala|cs|php|swift|groovy)|.*_(?:spec|test)\.rb|.*test-d\.ts"
)
_DATA_FOLDERS = _words(
    "fixture fixtures __fixtures__ testdata test_data test-data testfiles __snapshots__ snapshots golden goldens mocks"
    " __mocks__ resources samples cassettes corpus"
)
_EXAMPLE_FOLDERS = _words(
    "example examples demo demos sample samples bench benches benchmark benchmarks doc docs tutorial tutorials"
)
_PROSE = _words(".md .mdx .markdown .rst .txt .adoc .asciidoc .org .tex .html .htm .po .pot .rtf .textile")
_DATA = _words(
    ".json .jsonc .json5 .yaml .yml .toml .ini .cfg .conf .properties .xml .csv .tsv .arb .ftl .strings .xlf .xliff"
    " .resx .srt .vtt .lock .svg .plist .env"
)
_LANGUAGES = {
    "python": ".py .pyi .pyw",
    "javascript": ".js .jsx .mjs .cjs .ts .tsx .mts .cts .vue .svelte",
    "go": ".go",
    "java": ".java .kt .kts .groovy .scala",
    "rust": ".rs",
    "ruby": ".rb .rake",
    "php": ".php",
    "c": ".c .h .cc .cpp .cxx .hpp .m .mm",
    "csharp": ".cs",
    "swift": ".swift",
    "shell": ".sh .bash .zsh",
}
_BY_SUFFIX = {suffix: language for language, suffixes in _LANGUAGES.items() for suffix in suffixes.split()}


@lru_cache(maxsize=4096)
def is_test(path: str) -> bool:
    """A file of tests, or one that lies with them."""
    pure = PurePosixPath(path)
    return bool(_TEST_NAME.fullmatch(pure.name)) or any(part.lower() in _TEST_FOLDERS for part in pure.parts[:-1])


@lru_cache(maxsize=4096)
def is_test_data(path: str) -> bool:
    """Material that tests read: it may be wrong on purpose."""
    parts = [part.lower() for part in PurePosixPath(path).parts[:-1]]
    return any(part in _DATA_FOLDERS for part in parts) or (
        any(part in _TEST_FOLDERS for part in parts)
        and any(part in ("data", "cases", "input", "inputs") for part in parts)
    )


@lru_cache(maxsize=4096)
def is_example(path: str) -> bool:
    """What shows how a thing is used, or how fast it is."""
    return any(part.lower() in _EXAMPLE_FOLDERS for part in PurePosixPath(path).parts[:-1])


def is_prose(path: str) -> bool:
    """Written for people: documentation, translations."""
    return _suffix(path) in _PROSE


def is_data(path: str) -> bool:
    """Settings and data rather than a program."""
    return _suffix(path) in _DATA or PurePosixPath(path).name.startswith(".env")


@lru_cache(maxsize=4096)
def language(path: str) -> str:
    """The programming language by the file's ending ("python", "javascript" also for TypeScript), or ""."""
    return _BY_SUFFIX.get(_suffix(path), "")


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
