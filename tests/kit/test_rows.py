"""Tables as people save them: encodings, quotes, delimiters; what is broken is one sentence that names the line."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.errors import UsageError
from contentkit.kit.rows import MOST_CELL, Rows


def read(path: Path, data: bytes, name: str = "rows.csv") -> list[dict[str, Any]]:
    (path / name).write_bytes(data)
    with Rows.open(str(path / name)) as rows:
        first = [dict(row.cells) for row in rows]
        assert [dict(row.cells) for row in rows] == first  # a second time gives the same
        return first


JAPANESE = "id,topic\n一,京都の朝はいつも静かで、お寺の鐘が聞こえます\n二,海辺の町で食べた焼き魚の話を書いてください\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    rows = read(tmp_path, JAPANESE.encode(encoding))
    assert rows[0] == {"id": "一", "topic": "京都の朝はいつも静かで、お寺の鐘が聞こえます"}
    assert len(rows) == 2


def test_what_is_not_utf8_far_down_is_found_there(tmp_path: Path) -> None:
    plain = "".join(f"{row},The ferry to the old harbour\n" for row in range(60_000))
    data = f"id,topic\n{plain}".encode() + "x,京都の朝はいつも静かで、お寺の鐘が聞こえます\n".encode("cp932")
    assert len(data) > 1 << 20
    assert read(tmp_path, data)[-1]["topic"].startswith("京都の朝")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("topic;from\nA, b;notes.md\n", [{"topic": "A, b", "from": "notes.md"}]),
        ("topic\tlang\nA\tja\n", [{"topic": "A", "lang": "ja"}]),
        ('topic,"a, b"\n"one ""two""\nthree",x\n', [{"topic": 'one "two"\nthree', "a, b": "x"}]),
        ("\n\ntopic,x,,\r\n\r\nA,1,,\r\n,,,\r\nB,,,", [{"topic": "A", "x": "1"}, {"topic": "B"}]),
        ("topic\n=cmd|' /C calc'!A0\n{{ 7*7 }}\n", [{"topic": "=cmd|' /C calc'!A0"}, {"topic": "{{ 7*7 }}"}]),
    ],
)
def test_csv_as_spreadsheets_write_it(tmp_path: Path, text: str, rows: list[dict[str, str]]) -> None:
    assert read(tmp_path, text.encode()) == rows


def test_json_lines_keep_their_types(tmp_path: Path) -> None:
    data = (
        '{"topic": "A", "length": 300, "list": ["x", "y"], "flag": true, "none": null, "empty": ""}\n\n{"topic": "B"}'
    )
    rows = read(tmp_path, b"\xef\xbb\xbf" + data.encode(), "rows.jsonl")
    assert rows == [{"topic": "A", "length": 300, "list": ["x", "y"], "flag": True}, {"topic": "B"}]
    assert read(tmp_path, data.encode(), "rows.txt") == rows  # told by its first sign


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n \n", "is empty"),
        ("a.jsonl", b"\n", "is empty"),
        ("a.csv", b"topic,topic\nA,B\n", "two columns are called 'topic'"),
        ("a.csv", b"topic,,x\nA,B,C\n", "column 2 has no name"),
        ("a.csv", b"topic,x\nA,B\nonly one\n", "line 3: it has 1 cells, and there are 2 columns"),
        ("a.csv", b"topic,x\nA,B,C\n", "line 2: it has 3 cells"),
        ("a.csv", b'topic,x\nA,"B\n\n\n', "line 2: a quoted cell has no end"),
        ("a.csv", b'topic,x\nA,"B"C\n', "line 2"),
        ("a.csv", b"topic,x\nA\x00,B\n", "is not text|NUL"),
        ("a.csv", b"topic\n" + b"Harbour and ferry\n" * 800 + b"A\x00\n", "line 802: 'topic' holds a NUL"),
        ("a.csv", b"topic\n" + b"x" * (MOST_CELL + 10) + b"\n", "longer than 10,000,000 characters"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "is not text"),
        ("a.csv", b"topic\ncaf\xe9 \x81\x8d\x8f\x90\x9d\n", "encoding of .* can't be told"),
        ("a.csv", b"\xff\xfet\x00o\x00\n\x00\x00\xd8\n\x00", "is not UTF-16|NUL|line"),
        ("a.jsonl", b'{"topic": "A"\n', "line 1: it is no JSON"),
        ("a.jsonl", b'{"topic": "A"}\n[1]\n', "line 2: it is no JSON object"),
        ("a.jsonl", b'{"topic": {"a": 1}}\n', "'topic' must be text"),
        ("a.jsonl", b'{"topic": "A", "topic": "B"}\n', "'topic' stands twice"),
        ("a.jsonl", b'{"length": NaN}\n', "NaN is no number"),
        ("a.jsonl", b'{"topic": "\\u0000"}\n', "NUL"),
        ("a.jsonl", b'{"topic": "\\ud800"}\n', "half of a character"),
        ("a.jsonl", b'{"topic": ' + b"[" * 100_000 + b"\n", "no JSON"),
    ],
)
def test_what_is_broken_is_one_sentence(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read(tmp_path, data, name)


def test_a_cell_of_a_megabyte_is_a_cell(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"topic,x\n" + b"word " * 200_000 + b",B\n")[0]["topic"]) == 1_000_000


@pytest.mark.parametrize(
    ("path", "said"), [("gone.csv", "No such file"), (".", "is no file of rows"), ("a\0b", "null")]
)
def test_a_file_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=said):
        Rows.open(path)


def test_standard_input_can_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"topic": "A"}\n{"topic": "B"}\n')))
    with Rows.open("-") as rows:
        assert [row.number for row in rows] == [1, 2]
        assert [(row.line, row.cells["topic"]) for row in rows] == [(1, "A"), (2, "B")]


@given(data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode), form=st.sampled_from(["csv", "jsonl"]))
def test_no_bytes_do_worse_than_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes, form: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{form}"
    path.write_bytes(data)
    with contextlib.suppress(UsageError), Rows.open(str(path)) as rows:
        assert [row.number for row in rows] == list(range(1, len(list(rows)) + 1))
