"""Reports to post, and the ways to post them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from reviewserver import REPO, TOKEN, ReviewServer

from contentkit.core.report import Covered, Edit, Finding, Place, Report, Severity

ROOT = Path(__file__).parents[2]


def finding(
    message: str,
    path: str = "app/cart.py",
    line: int | None = 5,
    end: int | None = None,
    side: str = "RIGHT",
    *,
    quote: str = "",
    severity: Severity = Severity.MAJOR,
    edit: tuple[int, int, str] | None = None,
    **more: Any,
) -> Finding:
    """A finding with a fingerprint of its own."""
    edits = (Edit(path, *edit),) if edit else ()
    place = Place(path, line, end, side=side, quote=quote)  # type: ignore[arg-type]
    return Finding("bugs/logic", message, severity, place, edits=edits, fingerprint=f"print of {message}", **more)


def review(*findings: Finding, **more: Any) -> Report:
    """A review of a change with these findings."""
    return Report("review", more.pop("body", ""), findings=findings, coverage=(Covered("app/cart.py", "read"),), **more)


def command(
    site: Path, folder: Path, report: Report | None, *arguments: str, **env: str
) -> subprocess.CompletedProcess[str]:
    """``contentkit post`` as a process of its own."""
    return subprocess.run(**process(site, folder, report, *arguments, **env), capture_output=True, timeout=60)


def process(site: Path, folder: Path, report: Report | None, *arguments: str, **env: str) -> dict[str, Any]:
    """The arguments of a process that posts."""
    from contentkit.reports.json import render

    if report:
        (folder / "review.json").write_text(render(report), encoding="utf-8")
    path = os.pathsep.join([str(site), str(ROOT)])
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GITLAB_", "CI", "GH_"))
    }
    return {
        "args": [sys.executable, "-m", "contentkit", "post", *arguments],
        "cwd": folder,
        "env": {**kept, "PYTHONPATH": path, "PYTHONUTF8": "1", **env},
        "text": True,
        "encoding": "utf-8",
    }


def github_environment(server: ReviewServer, folder: Path, head: str = "") -> dict[str, str]:
    """What a workflow of a pull request sets."""
    event = folder / "event.json"
    event.write_text(
        json.dumps({"pull_request": {"number": 7, "head": {"sha": head or server.head}}}), encoding="utf-8"
    )
    return {
        "GITHUB_REPOSITORY": REPO,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_API_URL": server.github,
        "GITHUB_TOKEN": TOKEN,
    }


def gitlab_environment(server: ReviewServer, name: str = "GITLAB_TOKEN") -> dict[str, str]:
    """What a pipeline of a merge request sets."""
    return {
        "CI_MERGE_REQUEST_PROJECT_ID": "42",
        "CI_PROJECT_ID": "9",
        "CI_MERGE_REQUEST_IID": "3",
        "CI_API_V4_URL": server.gitlab,
        "CI_COMMIT_SHA": server.head,
        name: TOKEN,
    }
