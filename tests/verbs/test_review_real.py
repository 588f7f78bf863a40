"""Real commits of odd shapes through the whole review, without a model. Skips where the material is not at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from changes import touches

from contentkit.code.diff import open_change
from contentkit.core.change import Selection
from contentkit.kit.kit import Kit
from contentkit.review import ReviewOptions, review

MIRRORS = Path(__file__).parents[3] / ".mirror"


async def test_hard_commits_are_reviewed_and_every_hunk_is_accounted_for(shared: Path) -> None:
    index = shared / "data" / "hard-diffs.json"
    if not index.is_file() or not MIRRORS.is_dir():
        pytest.skip("the list of hard commits or the mirrors of their repositories are not here")
    seen = 0
    for case in json.loads(index.read_text(encoding="utf-8")):
        folder = MIRRORS / case["repo"].replace("/", "+") / "repo"
        if not folder.is_dir():
            continue
        change = open_change(Selection(range=f"{case['commit']}^..{case['commit']}"), cwd=folder, env={})
        report = await review(Kit.load(history=False), change, ReviewOptions(model="offline"))
        units = [unit for file in change for unit in file.units]
        assert sorted(unit.name for unit in report.coverage) == sorted(units), case["id"]
        assert not [unit for unit in report.coverage if unit.state == "failed"], case["id"]
        assert all(unit.reason for unit in report.coverage if unit.state == "skipped"), case["id"]
        touched = {file.path: file for file in change}
        for finding in report.findings:
            place = finding.place
            if place is not None and place.line is not None:
                last = place.end_line or place.line
                assert touches(touched[place.path], place.side, place.line, last), (case["id"], finding)
        seen += 1
    print(f"{seen} hard commits are reviewed")
    if not seen:
        pytest.skip("no repository of the hard commits is mirrored here")
