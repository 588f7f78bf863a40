"""``contentkit post``: the findings of a saved review, as comments where the change is discussed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.core.errors import UsageError
from contentkit.core.report import Report, Severity

if TYPE_CHECKING:
    from contentkit_post.run import Host, Outcome


@click.group(
    epilog="Examples:\n\n\b\n"
    "  contentkit post github review.json --repo OWNER/NAME --pull 7 --dry-run\n"
    "  contentkit post gitlab review.json --project GROUP/NAME --merge-request 3 --dry-run",
    short_help="Post the findings of a review to GitHub or GitLab.",
)
def command() -> None:
    """Post the findings of a review as comments on a pull or merge request.

    REPORT.json is what `contentkit review --format json -o REPORT.json` wrote. Run again after every push: a finding
    is posted once, and the summary is written anew.
    """


def _shared(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--dry-run", is_flag=True, help="Read everything, post nothing, and show what would be posted."),
        click.option(
            "--timeout", default=300.0, show_default=True, type=click.FloatRange(1), help="Most seconds of waiting."
        ),
        click.option(
            "--max-comments",
            default=50,
            show_default=True,
            type=click.IntRange(0),
            help="New comments; more are summed up.",
        ),
        click.option(
            "--min-severity",
            default=Severity.MINOR.value,
            show_default=True,
            type=click.Choice([severity.value for severity in Severity]),
            help="What is lower is only counted.",
        ),
        click.option("--commit", default="", metavar="SHA", help="The head that was reviewed; the CI's by default."),
        click.argument("report", type=click.Path(dir_okay=False, path_type=Path)),
    ):
        function = option(function)
    return function


@command.command(epilog="The token is read from GITHUB_TOKEN or GH_TOKEN.")
@_shared
@click.option("--repo", default="", metavar="OWNER/NAME", help="By default GITHUB_REPOSITORY.")
@click.option("--pull", default=None, type=click.IntRange(1), help="By default the one of the workflow's event.")
@click.option("--api-url", default="", help="By default GITHUB_API_URL, else https://api.github.com.")
@click.option("--request-changes", is_flag=True, help="Ask for changes where the review fails by its own threshold.")
def github(
    report: Path,
    repo: str,
    pull: int | None,
    api_url: str,
    request_changes: bool,
    commit: str,
    timeout: float,
    **rest: Any,
) -> None:
    """Post to a pull request on GitHub."""
    from contentkit_post.api import Api
    from contentkit_post.github import API, HINT, GitHub, headers, read_event

    read = _read(report)
    event, here = read_event(os.environ.get("GITHUB_EVENT_PATH", "")), os.environ.get("GITHUB_REPOSITORY", "")
    pull, repo = pull or event.pull, repo or here
    if not commit and (repo, pull) == (here, event.pull):
        commit = event.head
    if not repo or pull is None:
        raise UsageError("Which pull request?", hint="Give --repo OWNER/NAME and --pull NUMBER.")
    token = _token("GITHUB_TOKEN", "GH_TOKEN")
    base = api_url or os.environ.get("GITHUB_API_URL") or API
    api = Api("github", base, headers(token[1]), secret=token[1], hint=HINT, patience=timeout)
    fails = request_changes and read.exit_code(_threshold(read)) == 1
    try:
        _go(GitHub(api, repo, pull, commit=_sha(commit), request_changes=fails), read, **rest)
    finally:
        api.close()


@command.command(epilog="The token is read from GITLAB_TOKEN, else CI_JOB_TOKEN.")
@_shared
@click.option(
    "--project", default="", metavar="ID_OR_PATH", help="By default CI_MERGE_REQUEST_PROJECT_ID or CI_PROJECT_ID."
)
@click.option(
    "--merge-request", "iid", default=None, type=click.IntRange(1), help="Its IID; by default CI_MERGE_REQUEST_IID."
)
@click.option("--api-url", default="", help="By default CI_API_V4_URL, else https://gitlab.com/api/v4.")
def gitlab(report: Path, project: str, iid: int | None, api_url: str, commit: str, timeout: float, **rest: Any) -> None:
    """Post to a merge request on GitLab."""
    from contentkit_post.api import Api
    from contentkit_post.gitlab import API, HINT, GitLab

    read = _read(report)
    here = os.environ.get
    number = here("CI_MERGE_REQUEST_IID", "")
    ours = int(number) if number.isascii() and number.isdigit() else None
    iid = iid or ours
    project = project or here("CI_MERGE_REQUEST_PROJECT_ID", "") or here("CI_PROJECT_ID", "")
    if not project or iid is None:
        raise UsageError("Which merge request?", hint="Give --project ID_OR_PATH and --merge-request IID.")
    name, token = _token("GITLAB_TOKEN", "CI_JOB_TOKEN")
    if not commit and iid == ours:  # a pipeline of merged results runs on a merge, and names the head apart
        commit = here("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "") or here("CI_COMMIT_SHA", "")
    header = {"JOB-TOKEN" if name == "CI_JOB_TOKEN" else "PRIVATE-TOKEN": token, "User-Agent": "contentkit-post"}
    base = api_url or here("CI_API_V4_URL") or API
    api = Api("gitlab", base, header, secret=token, hint=HINT, patience=timeout)
    try:
        _go(GitLab(api, project, iid, commit=_sha(commit)), read, **rest)
    finally:
        api.close()


def _go(host: Host, report: Report, *, min_severity: str, max_comments: int, dry_run: bool) -> None:
    from contentkit_post.run import run

    done = run(host, report, least=Severity(min_severity), most=max_comments, dry=dry_run)
    if done.moved:
        click.echo(f"contentkit: {done.moved}", err=True)
    elif dry_run:
        _show(done)
    else:
        plan = done.plan
        click.echo(
            f"{len(plan.post) - len(done.refused)} new comments, {len(plan.old)} there before, "
            f"{len(plan.outside) + len(plan.over) + len(plan.unverified) + len(done.refused)} in the summary; "
            f"summary {done.note or 'not needed'}."
        )


def _show(done: Outcome) -> None:
    """What a run would do."""
    from contentkit_post.words import seen

    for item in done.plan.post:
        path = item.file.path if item.file else ""
        where = f"{path}:{item.spot.start}-{item.spot.end} {item.spot.side}" if item.spot else f"{path} (file)"
        more = " with a suggestion" if item.edit else ""
        finding = item.finding
        message = " ".join(finding.message.split())
        click.echo(seen(f"comment {where} {finding.severity.value} {finding.rule}: {message}{more}"))
    for item in done.plan.old:
        click.echo(seen(f"there   {item.finding.rule}: {' '.join(item.finding.message.split())}"))
    click.echo(f"summary {done.note or 'not needed'}")
    if done.note in ("created", "updated"):
        click.echo(f"\n{done.body}")


def _read(path: Path) -> Report:
    """A saved review.

    Raises:
        UsageError: there is none, or it is something else.
    """
    from contentkit.reports.json import from_dict

    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise UsageError(
            f"{path} is not JSON.", hint="Write one: contentkit review --format json -o review.json"
        ) from None
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict):
        raise UsageError(f"{path} does not hold one report.")
    report = from_dict(data)
    if report.kind != "review":
        raise UsageError(f"{path} is a report of the kind {report.kind!r}; only a review can be posted.")
    return report


def _token(*names: str) -> tuple[str, str]:
    """The first variable that is set, and the token in it, which is never shown."""
    for name in names:
        token = os.environ.get(name, "").strip()
        if token and not re.fullmatch(r"[!-~]+", token):
            raise UsageError(f"{name} holds characters that no token has.", hint="Set it again.")
        if token:
            return name, token
    raise UsageError(f"There is no token: {' and '.join(names)} are not set.")


def _sha(commit: str) -> str:
    if commit and not re.fullmatch(r"[0-9a-fA-F]{7,64}", commit):
        raise UsageError(f"{commit!r} is not a commit.", hint="Give at least 7 digits of its SHA.")
    return commit


def _threshold(report: Report) -> Severity:
    """What the review itself would fail on."""
    try:
        return Severity(str(report.fields.get("fail_on")))
    except ValueError:
        return Severity.MAJOR
