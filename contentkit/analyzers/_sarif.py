"""Findings of other tools in SARIF 2.1.0 (OASIS, docs.oasis-open.org/sarif/sarif/v2.1.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contentkit.analyzers._fixes import Part, edits
from contentkit.analyzers._reading import Files, Texts, code_point, count, items, parsed, rule_id, slug, table, words
from contentkit.core.change import text_lines
from contentkit.core.errors import UsageError
from contentkit.core.report import Edit, Finding, Place, Severity
from contentkit.core.secrets import mask

_LEVELS = {"error": Severity.MAJOR, "warning": Severity.MINOR, "note": Severity.INFO, "none": Severity.INFO}


def findings(text: str, *, root: str = "", text_of: Texts | None = None) -> list[Finding]:
    """The findings of all runs in ``text``. What was suppressed, or found to be in order, is left out.

    Args:
        root: absolute folder of the work tree, for absolute addresses.
        text_of: a file's text after the change; with it columns are exact and fixes become edits.

    Raises:
        UsageError: it is not SARIF.
    """
    data = table(parsed(text, "SARIF"))
    if not isinstance(data.get("runs"), list):
        raise UsageError("This is not SARIF: it has no runs.", hint="Have the tool print SARIF 2.1.0.")
    files = Files(root, text_of or (lambda path: None))
    return [finding for run in data["runs"] for finding in _Run(table(run), files).findings()]


@dataclass(slots=True)
class _Run:
    data: Mapping[str, Any]
    files: Files

    def findings(self) -> Iterator[Finding]:
        for result in items(self.data.get("results")):
            if isinstance(result, Mapping) and _stands(result):
                yield self._finding(result)

    def _finding(self, result: Mapping[str, Any]) -> Finding:
        rule = self._rule(result)
        name = words(result.get("ruleId")) or words(table(result.get("rule")).get("id")) or words(rule.get("id"))
        tool = slug(words(self._driver().get("name")), "sarif")
        return Finding(
            rule_id(tool, name),
            mask(_one_line(self._message(result, rule))),
            _severity(result, rule),
            self._place(result),
            _category(rule),
            edits=self._edits(result),
        )

    def _driver(self) -> Mapping[str, Any]:
        return table(table(self.data.get("tool")).get("driver"))

    def _rule(self, result: Mapping[str, Any]) -> Mapping[str, Any]:
        """The rule's own description, by index or by id, of the tool or of one of its extensions."""
        reference = table(result.get("rule"))
        component = self._driver()
        extension = table(reference.get("toolComponent")).get("index")
        extensions = items(table(self.data.get("tool")).get("extensions"))
        if isinstance(extension, int) and 0 <= extension < len(extensions):
            component = table(extensions[extension])
        rules = items(component.get("rules"))
        index = result.get("ruleIndex", reference.get("index"))
        if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(rules):
            return table(rules[index])
        wanted = words(result.get("ruleId")) or words(reference.get("id"))
        known = [table(rule) for part in (component, *map(table, extensions)) for rule in items(part.get("rules"))]
        exact = next((rule for rule in known if wanted and rule.get("id") == wanted), None)
        above = wanted.rpartition("/")[0]  # "CA1000/1" is a part of CA1000
        return exact or next((rule for rule in known if above and rule.get("id") == above), {})

    def _message(self, result: Mapping[str, Any], rule: Mapping[str, Any]) -> str:
        message = table(result.get("message"))
        said = words(message.get("text")) or words(message.get("markdown"))
        if not said:
            known = table(table(rule.get("messageStrings")).get(words(message.get("id")))) or table(
                rule.get("shortDescription")
            )
            said = words(known.get("text")) or words(rule.get("name")) or "The tool gave no message."
        given = [words(argument) for argument in items(message.get("arguments"))]
        return re.sub(
            r"\{(\d{1,3})\}", lambda slot: given[int(slot[1])] if int(slot[1]) < len(given) else slot[0], said
        )

    def _place(self, result: Mapping[str, Any]) -> Place | None:
        for location in items(result.get("locations")):
            physical = table(table(location).get("physicalLocation"))
            if path := self._path(table(physical.get("artifactLocation"))):
                part = self._part(path, table(physical.get("region")))
                if part is None:
                    return Place(path)
                column = part.column if part.end_column else None
                return Place(path, part.line, part.end_line, column, part.end_column or None)
        return None

    def _path(self, artifact: Mapping[str, Any]) -> str:
        uri = words(artifact.get("uri"))
        index = artifact.get("index")
        artifacts = items(self.data.get("artifacts"))
        if not uri and isinstance(index, int) and 0 <= index < len(artifacts):
            artifact = table(table(artifacts[index]).get("location"))
            uri = words(artifact.get("uri"))
        seen: set[str] = set()
        base = words(artifact.get("uriBaseId"))
        while base and base not in seen and not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|/", uri):
            seen.add(base)
            above = table(table(self.data.get("originalUriBaseIds")).get(base))
            uri, base = f"{words(above.get('uri'))}{uri}", words(above.get("uriBaseId"))
        return self.files.path(uri) if uri else ""

    def _part(self, path: str, region: Mapping[str, Any], text: str = "") -> Part | None:
        """The region; ``end_column`` is 0 where it names whole lines."""
        first = count(region.get("startLine"))
        if first is None:
            return None
        last = max(count(region.get("endLine")) or first, first)
        start, end = count(region.get("startColumn")), count(region.get("endColumn"))
        if start is None and end is None:
            return Part(first, 1, last, 0, text)
        lines = text_lines(self.files.text(path) or "") if start or end else []
        unit = "" if self.data.get("columnKind") == "unicodeCodePoints" else "utf-16-le"
        start = code_point(lines[first - 1], start, unit) if start and first <= len(lines) else start or 1
        if end is None:
            end = len(lines[last - 1]) + 1 if last <= len(lines) else 0
        elif last <= len(lines):
            end = code_point(lines[last - 1], end, unit)
        return Part(first, start, last, end, text)

    def _edits(self, result: Mapping[str, Any]) -> tuple[Edit, ...]:
        """The first fix, where the files' texts are known and it fits them."""
        fix = table(next(iter(items(result.get("fixes"))), None))
        found: list[Edit] = []
        for change in items(fix.get("artifactChanges")):
            path = self._path(table(table(change).get("artifactLocation")))
            text = self.files.text(path) if path else None
            parts = [self._replacement(path, table(one)) for one in items(table(change).get("replacements"))]
            made = edits(path, text, [part for part in parts if part]) if text is not None and all(parts) else ()
            if not made:
                return ()
            found += made
        return tuple(found)

    def _replacement(self, path: str, replacement: Mapping[str, Any]) -> Part | None:
        text = words(table(replacement.get("insertedContent")).get("text"))
        part = self._part(path, table(replacement.get("deletedRegion")), text)
        if part is None or part.end_column:
            return part
        lines = text_lines(self.files.text(path) or "")
        end = len(lines[part.end_line - 1]) + 1 if part.end_line <= len(lines) else 1
        return Part(part.line, part.column, part.end_line, end, text)


def _stands(result: Mapping[str, Any]) -> bool:
    """Whether it is a finding that nobody has dismissed."""
    if result.get("kind", "fail") in ("pass", "notApplicable") or result.get("baselineState") == "absent":
        return False
    states = [table(one).get("status", "accepted") for one in items(result.get("suppressions"))]
    return not any(state == "accepted" for state in states)


def _severity(result: Mapping[str, Any], rule: Mapping[str, Any]) -> Severity:
    """By CVSS-like scores where the rule has one (as GitHub reads them), else by level."""
    try:
        score = float(table(rule.get("properties")).get("security-severity", ""))
    except (TypeError, ValueError):
        score = 0.0
    if score > 0:
        steps = ((9.0, Severity.CRITICAL), (7.0, Severity.MAJOR), (4.0, Severity.MINOR))
        return next((severity for least, severity in steps if score >= least), Severity.INFO)
    if result.get("kind", "fail") != "fail":
        return Severity.INFO
    default = table(rule.get("defaultConfiguration")).get("level")
    return _LEVELS.get(words(result.get("level")) or words(default), Severity.MINOR)


def _category(rule: Mapping[str, Any]) -> str:
    properties = table(rule.get("properties"))
    tags = {words(tag).lower() for tag in items(properties.get("tags"))}
    if "security" in tags or "security-severity" in properties:
        return "security"
    return "maintenance" if tags & {"maintainability", "style", "readability"} else "bug"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:1000]
