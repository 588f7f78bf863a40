"""A prompt file in a stranger's checkout: it sees data, reads nothing outside, and comes to an end."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import SourceText
from contentkit.core.text.counting import Rule
from contentkit.kit.prompts import Prompts, builtin_dir


def project(tmp_path: Path, body: str, name: str = "trick") -> Prompts:
    folder = tmp_path / "project" / "prompts"
    (folder / "write").mkdir(parents=True, exist_ok=True)
    (folder / "write" / f"{name}.md").write_text(body, encoding="utf-8")
    return Prompts([("project", folder), ("built-in", builtin_dir())])


def rendered(tmp_path: Path, body: str, **fields: object) -> str:
    prompts = project(tmp_path, body)
    values = {"sources": (SourceText("a.md", "words"),), "rules": {"x": Rule("x", hard=280)}, **fields}
    return "\n".join(message.text for message in prompts.render(prompts.get("trick"), values))


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ topic.__class__ }}",
        "{{ topic['__class__'] }}",
        "{{ sources[0].__class__ }}",
        "{{ sources[0].__dataclass_fields__ }}",
        "{{ rules.x.__init__.__globals__ }}",
        "{{ rules['x']['__init__'] }}",
        "{{ self.__init__.__globals__ }}",
        "{{ range.__self__ }}",
        "{{ namespace.__init__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ lipsum.__globals__ }}",
        "{{ topic|attr('__class__') }}",
        "{{ [topic]|map(attribute='__class__')|list|join }}",
        "{{ '{0.__class__}'.format(topic) }}",
        "{{ '{0.__class__}'.format_map({}) }}",
        "{{ ('%s' % topic) }}",
        "{{ topic.encode('utf-8') }}",
        "{% for s in sources %}{{ loop.__class__ }}{% endfor %}",
        "{% macro m() %}x{% endmacro %}{{ m.__globals__ }}",
        "{{ self._TemplateReference__context.environment }}",
        "{{ sources[0].replace }}",
        "{{ dict.__subclasses__() }}",
        "{{ {}.update({'a': 1}) }}",
        "{{ rules.clear() }}",
    ],
)
def test_no_way_from_data_to_objects(tmp_path: Path, body: str) -> None:
    with pytest.raises(UsageError, match=r"trick\.md"):
        rendered(tmp_path, body)


def twice(step: str) -> str:
    """Forty levels, each of two: two to the fortieth in all."""
    return f"{{% set d = (d if d is defined else 0) + 1 %}}{{% if d < 40 %}}{step}{step}{{% endif %}}"


def grown(start: str, step: str, shown: str = "") -> str:
    return f"{{% set n = namespace(t={start}) %}}{{% for i in range(90) %}}{step}{{% endfor %}}{shown}"


@pytest.mark.parametrize(
    "body",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ range(10 ** 9)|list|length }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ ['x', 'y'] * 100000000 }}",
        "{{ '%0900000000d' % 1 }}",
        "{{ 'x'|center(900000000) }}",
        "{{ '{:900000000}'.format(1) }}",
        grown("'xxxxxxxx'", "{% set n.t = n.t ~ n.t %}", "{{ n.t|length }}"),
        grown("'xxxxxxxx'", "{% set n.t = n.t + n.t %}", "{{ n.t|length }}"),
        grown("'xxxxxxxx'", "{% set n.t %}{{ n.t }}{{ n.t }}{% endset %}"),
        grown("'xxxxxxxx'", "{% set n.t = n.t|replace('x', n.t) %}"),
        grown("'xxxxxxxx'", "{% set n.t = [n.t, n.t]|join %}"),
        grown("[1]", "{% set n.t = n.t + n.t %}", "{{ n.t|length }}"),
        grown("[1]", "{% set n.t = [n.t, n.t] %}", "{{ n.t }}"),
        grown("[1]", "{% set n.t = [n.t, n.t] %}", "{{ n.t|tojson }}"),
        grown("7", "{% set n.t = n.t * n.t %}", "{{ n.t }}"),
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}",
        "{% include 'write/trick.md' %}{% include 'write/trick.md' %}",
        twice("{% include 'write/trick.md' %}"),
        twice("{% include ['write/trick.md'] %}"),
        "{{ 1.5|round(10000000000, 'ceil') }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    ],
)
def test_every_template_comes_to_an_end(tmp_path: Path, body: str) -> None:
    started = time.monotonic()
    with pytest.raises(UsageError, match=r"trick\.md"):
        rendered(tmp_path, body)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "name",
    [
        "../secret.md",
        "/etc/passwd",
        "partials/../../secret.md",
        "partials\\\\x.md",
        ".hidden.md",
        "notes.txt",
        "built-in:../x.md",
    ],
)
def test_includes_stay_in_the_prompt_folders(tmp_path: Path, name: str) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "secret.md").write_text("the secret")
    with pytest.raises(UsageError, match="include"):
        rendered(tmp_path, f"{{% include '{name}' %}}")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_that_leave_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("the secret")
    prompts = project(tmp_path, "{% include 'partials/linked.md' %}")
    root = tmp_path / "project" / "prompts"
    (root / "partials").mkdir()
    (root / "partials" / "linked.md").symlink_to(secret)
    (root / "write" / "linked.md").symlink_to(secret)
    (root / "write" / "inner.md").symlink_to(root / "write" / "trick.md")
    with pytest.raises(UsageError, match="leads out"):
        prompts.render(prompts.get("trick"), {})
    with pytest.raises(UsageError, match="leads out"):
        prompts.get("linked")
    assert prompts.get("inner").body


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_checkout_can_not_point_its_whole_folder_elsewhere_but_the_user_can(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    (real / "write").mkdir(parents=True)
    (real / "write" / "mine.md").write_text("Hello")
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "prompts").symlink_to(real)
    with pytest.raises(UsageError, match="leads out"):
        Prompts([("project", tmp_path / "checkout" / "prompts")]).get("mine")
    assert Prompts([("user", tmp_path / "checkout" / "prompts")]).get("mine").body == "Hello"


def test_no_project_file_can_leave_secrets_unhidden(tmp_path: Path) -> None:
    assert project(tmp_path, "---\nsteps: [normalise]\n---\nHi").get("trick").steps == ("normalise", "redact")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("a: &a [1]\nb: *a", "aliases are not used"),
        ("description: !!python/object/apply:os.system ['true']", "no valid YAML"),
        ("description: x\ndescription: y", "stands twice"),
        ("metadata: " + "[" * 500 + "]" * 500, "nested too deeply"),
    ],
)
def test_front_matter_is_plain_data(tmp_path: Path, head: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        project(tmp_path, f"---\n{head}\n---\nHi").get("trick")


def test_a_huge_or_binary_file_is_no_prompt(tmp_path: Path) -> None:
    prompts = project(tmp_path, "x" * 300_000)
    with pytest.raises(UsageError, match="too large"):
        prompts.get("trick")
    (tmp_path / "project" / "prompts" / "write" / "trick.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-8"):
        prompts.get("trick")


def test_what_prompts_need_is_allowed(tmp_path: Path) -> None:
    body = (
        "{% set n = namespace(t=0) %}"
        "{% for s in sources %}{% set n.t = n.t + loop.index %}{{ s.text|upper }}{% endfor %}{{ n.t }} "
        "{{ rules.x.hard // 2 }} {{ rules.get('y') is none }} {{ topic.split(' ')|join('-') }} {{ 'a' ~ 'b' }}"
        "{{ {'a': 1}|tojson }} {{ 'x\ny'|indent(2) }} {{ 75|clock }} {{ 3675|clock }}"
        "{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m('q') }}{{ ['b', 'a']|sort|join }}"
    )
    said = rendered(tmp_path, body, topic="one two")
    assert said == 'WORDS1 140 True one-two ab{"a": 1} x\n  y 1:15 1:01:15<q>ab'
