"""Subtitles that independent parsers read, and tables that a spreadsheet opens without calculating anything."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from contentkit.cli import cli
from contentkit.core.errors import UsageError
from contentkit.core.report import Report
from contentkit.reports import csv as table
from contentkit.reports import srt, vtt

ROWS = [
    {"start": 0, "seconds": 8, "shot": "wide", "place": "quay", "video": "A boat", "on_screen": "9:00",
     "audio": "VO: The old boat leaves the harbour every morning at nine. SFX: gulls"},
    {"start": 8, "seconds": 2, "shot": "close-up", "place": "deck", "video": "Ropes", "on_screen": "",
     "audio": "MUSIC: soft"},
    {"start": 10, "seconds": 5, "shot": "wide", "place": "quay", "video": "=1+1", "on_screen": "-40 %",
     "audio": "VO: Nobody is <b>late</b> & nobody waits."},
]  # fmt: skip
SCRIPT = Report("video-script", "# Boats\n", {"title": "Boats", "scenes": ROWS}, language="en")


def test_subtitles_as_they_are_written() -> None:
    assert srt.render(SCRIPT) == (
        "1\n00:00:00,000 --> 00:00:04,053\nThe old boat leaves the harbour\nevery morning at nine.\n\n"
        "2\n00:00:10,000 --> 00:00:12,398\nNobody is <b>late</b> & nobody waits.\n"
    )
    assert vtt.render(SCRIPT) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:04.053\nThe old boat leaves the harbour\nevery morning at nine.\n\n"
        "00:00:10.000 --> 00:00:12.398\nNobody is &lt;b&gt;late&lt;/b&gt; &amp; nobody waits.\n"
    )


def script(rows: list[tuple[int, str]]) -> Report:
    return Report(
        "video-script", "", {"scenes": [{"seconds": seconds, "audio": f"VO: {text}"} for seconds, text in rows]}
    )


said = st.lists(
    st.tuples(st.integers(1, 20), st.text(max_size=60) | st.sampled_from(
        ["1\n\n00:00:01,000 --> 00:00:02,000", "--->", "WEBVTT\n\nNOTE x"])),
    min_size=1, max_size=5,
)  # fmt: skip


@given(said)
def test_independent_parsers_read_every_file(rows: list[tuple[int, str]]) -> None:
    import pysrt
    import srt as parser
    import webvtt

    report = script(rows)
    found = list(parser.parse(srt.render(report)))
    again = pysrt.from_string(srt.render(report), error_handling=pysrt.ERROR_RAISE)
    pages = webvtt.from_string(vtt.render(report))
    assert [item.index for item in found] == list(range(1, len(found) + 1)) == [item.index for item in again]
    assert [round(item.start.total_seconds() * 1000) for item in found] == [item.start.ordinal for item in again]
    assert [item.end.ordinal for item in again] == [round(item.end.total_seconds() * 1000) for item in found]
    assert len(pages) == len(found)
    from contentkit.core.film import narration, scenes_of

    wanted = "".join(narration(scenes_of(report.fields)).split())
    assert "".join("".join(item.content for item in found).split()) == wanted
    assert all(one.end <= following.start for one, following in pairwise(again))
    assert not again or again[-1].end.ordinal <= 1000 * sum(seconds for seconds, _ in rows)


def test_a_table_of_the_rows() -> None:
    text = table.render(SCRIPT)
    assert "\r\n" in text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["narration"] for row in rows] == [
        "The old boat leaves the harbour every morning at nine.", "", "Nobody is <b>late</b> & nobody waits.",
    ]  # fmt: skip
    assert rows[0] == {
        "scene": "1", "start": "0:00", "end": "0:08", "seconds": "8", "shot": "wide", "place": "quay",
        "video": "A boat", "audio": ROWS[0]["audio"], "on_screen": "9:00",
        "narration": "The old boat leaves the harbour every morning at nine.",
    }  # fmt: skip
    # A spreadsheet would calculate the one, and shows the other as it is.
    assert (rows[2]["video"], rows[2]["on_screen"]) == ("'=1+1", "'-40 %")


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["a", "=b", "c d"]), st.text() | st.integers() | st.none(), min_size=1),
        min_size=1,
    )
)
def test_cells_come_back_and_none_is_a_formula(rows: list[dict[str, Any]]) -> None:
    text = table.render(Report("mine", "", {"rows": rows}))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == len(rows) + 1
    names = list(dict.fromkeys(name for row in rows for name in row))
    for cells, row in zip(read[1:], rows, strict=True):
        for cell, name in zip(cells, names, strict=True):
            value = row.get(name)
            wanted = "" if value is None else str(value).replace("\0", "")
            assert cell.removeprefix("'") == wanted.removeprefix("'")
            number = re.fullmatch(r"[+-]?\d+(?:[.,]\d+)*%?", cell)  # which a spreadsheet shows as it is
            assert number or not (isinstance(value, str) and cell.strip()[:1] in tuple("=+@＝"))


def test_other_answers_have_tables_too_and_text_has_none() -> None:
    posts = Report(
        "social", "", {"posts": [{"platform": "x", "text": "Hi, you", "hashtags": ["a", "b"], "more": {"k": 1}}]}
    )
    assert table.render(posts) == 'platform,text,hashtags,more\r\nx,"Hi, you","a, b","{""k"": 1}"\r\n'
    for form, module in (("csv", table), ("srt", srt), ("vtt", vtt)):
        with pytest.raises(UsageError, match=f"--format {form}"):
            module.render(Report("article", "# Text\n"))


def run(*words: str) -> Any:
    return CliRunner().invoke(cli, list(words), standalone_mode=False)


def test_a_file_for_excel_begins_with_its_mark_and_a_pipe_does_not(tmp_path: Path) -> None:
    saved = tmp_path / "script.json"
    from contentkit.reports import json as as_json

    saved.write_text(as_json.render(SCRIPT), encoding="utf-8")
    assert run("report", str(saved), "-o", str(tmp_path / "script.csv")).return_value == 0
    assert (tmp_path / "script.csv").read_bytes().startswith(b"\xef\xbb\xbfscene,start,")
    assert run("report", str(saved), "--format", "csv").stdout.startswith("scene,start,")


def test_what_a_kind_can_not_be_shown_as_is_said_before_a_model_is_asked(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Boats\n\nThe boat leaves at nine.\n")
    for kind, form in (("article", "srt"), ("social", "vtt"), ("email", "csv")):
        done = run("write", kind, "--from", str(tmp_path / "notes.md"), "--model", "openai:none", "--format", form)
        assert isinstance(done.exception, UsageError)
        assert done.exception.message == f"--format {form} has nothing to show of {kind}."


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("duration", [20, 90, 600])
def test_an_offline_script_is_one_consistent_package(language: str, duration: int, tmp_path: Path) -> None:
    import srt as parser

    from contentkit.core.film import narration, scenes_of
    from contentkit.reports import json as as_json

    source = Path(__file__).parents[2] / "docs" / "examples" / ("ferry.ja.md" if language == "ja" else "ferry.md")
    target = tmp_path / "script.json"
    options = ["--model", "offline", "--duration", str(duration), "-o", str(target), "--format", "json"]
    assert run("write", "video-script", "--from", str(source), *options).return_value == 0
    import json

    report = as_json.from_dict(json.loads(target.read_text()))
    assert report.findings == ()
    fields = report.fields
    assert sum(row["seconds"] for row in fields["scenes"]) == duration
    told = narration(scenes_of(fields))
    assert told in report.body.replace("\\", "")
    assert "".join("".join(cue.content for cue in parser.parse(srt.render(report))).split()) == "".join(told.split())
    assert told.startswith(fields["hook"])
    assert fields["call_to_action"] in told.splitlines()[-1]
    assert all(chapter["start"] in [row["start"] for row in fields["scenes"]] for chapter in fields["chapters"])
    assert fields["thumbnail"]
    assert fields["tags"]
    rows = list(csv.DictReader(io.StringIO(table.render(report), newline="")))
    assert [row["narration"] for row in rows if row["narration"]] == told.split("\n\n")
