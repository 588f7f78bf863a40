"""Whether a value is a secret, or stands for one: placeholders, templates, code, plain words."""

from __future__ import annotations

import math
import re
from collections import Counter


def words(text: str) -> frozenset[str]:
    """The words of a list that is too long to quote each."""
    return frozenset(text.split())


_STANDS_FOR = re.compile(
    r"""<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|\{\{.*\}\}|\([^()]*\)   # <your key>, [redacted], {key}, {{ key }}
    |\$\{?[A-Za-z_][\w.:/-]*\}?|\$\(.*\)|\$\{\{.*\}\}|%[A-Za-z_]\w*%|%\(\w+\)s|%[sdr@]|\#\{.*\}|@\w+@|:\w+|<%.*%>|`.*`
    |[xX*•.\-_\#?…~=+0]+|x[xX\-_.]+\w{0,4}""",
    re.VERBOSE,
)
_TEMPLATE = re.compile(
    r"\$\{[A-Za-z_][\w.:-]*\}|\$\([A-Za-z_][^)]*\)|\{\{ ?[A-Za-z_][\w. |]* ?\}\}|<%=?[^%]*%>|%\(\w+\)s"
    r"|\{[A-Za-z_]\w{2,}(?:\[[^\]]*\]|\.\w+|\(\)|![rsa]|:[^{}]*)*\}"
)
_WORDS_FOR = re.compile(
    r"xxxx|\.\.\.|…|change[-_ ]?(?:me|it|this)|place[-_ ]?holder|redacted|replace[-_ ]?(?:me|this|with)"
    r"|insert[-_ ]|to[-_ ]?do\b"
    r"|fix[-_ ]?me|\byour?[-_ ]?|your[-_ ]?(?:own|api|key|secret|token|pass)|example|\bdummy|\bfake|\bsample"
    r"|not[-_ ]?(?:a[-_ ])?real"
    r"|(?:^|\b|_)(?:my|some|the|a|an|test|demo|default|new|old|invalid|wrong|super|top|valid|mock|local|dev)"
    r"[-_ ]?(?:super[-_ ]?)?(?:secret|password|passwd|passphrase|token|api[-_ ]?key|key|pass|pwd)(?:$|\b|_)",
    re.IGNORECASE,
)
_NOTHING = words(
    """
    none null nil undefined true false yes no on off empty default string str text number integer int bool
    boolean bytes object any required optional hidden secret secrets password passwords passwd passphrase pass
    pwd token tokens key keys apikey api_key test tests testing testpass demo foo bar baz qux foobar admin root
    user username guest nobody anonymous abc abcd value values name env environ environment keyring prompt input
    stdin file vault basic bearer oauth oauth2 jwt auto unset unknown disabled enabled self this new private
    public void const let var function return email n/a na credentials credential login auth authorization
    digest plain md5 sha1 sha256 bcrypt scrypt argon2
    """
)
_LABEL = re.compile(
    r"\b(?:enter|your|please|forgot(?:ten)?|reset|confirm|must|should|invalid|incorrect|wrong|change|show|hide|required|password"
    r"|passwords|secret|secrets|token|tokens|key|keys|credentials?|the|is|are|not|cannot|can't|missing|expired|if|when|you)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*(?:\(|\[|\.?<[A-Za-z])"  # call(
    r"|(?:self|this|os|env|ENV|cfg|conf|config|settings|options|opts|args|params|request|req|props|process|data|secrets?|var|local"
    r"|module|each|context|ctx|app|event|user|form|body|session|state|credentials?|keyring|vault)(?:\.|\[|->|::|\?\.)[A-Za-z_\"'$]"
    r"|[&*!]?(?:new|await|async|lambda|function|typeof|not|if|raise|throw|return|mut|dyn)\b"
    r"|!(?:Ref|Sub|GetAtt|secret|vault|env|ImportValue|Join|var)\b|(?:vault|op|env|file|arn|ssm|gcp|aws|secret|sops|keyring):"
)
_IDENTIFIER = re.compile(r"[&*@$]?[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)*[?!]?")
_PATH = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,12}:)?//|[.~]{0,2}/[\w.-]+(?:/|$)|[A-Za-z]:\\|\S*\.(?:pem|key|crt|p12|pfx|jks|json|ya?ml|txt|env|py|js|ts|php|"
    r"rb|go|sh|html?|md|toml|ini|cfg|conf|xml|csv|gpg|asc)$"
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_NAMES_ONE = re.compile(r"secret|passw|passphrase|token|credential", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[-_./:&+,#@|=\s]|%[0-9A-F]{2})+")
_A_WORD = re.compile(r"[a-z]+|[A-Z]+|[a-z]*(?:[A-Z]+[a-z]{2,})+[A-Z]{0,4}|v?[0-9]{1,3}")
_EXPRESSION = re.compile(r"\(\?[:=!<P]|\[\^|\\[swdbSWDBnt]|\.\*|\)\?")
_CROSSES = re.compile(r"x{4,}", re.IGNORECASE)
_OURS = re.compile(r"\[secret-\d+:[a-z0-9-]+\]")


def _entropy(text: str) -> float:
    """Shannon's entropy in bits a character."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts) if text else 0.0


def is_random(text: str) -> bool:
    """Whether the characters vary as random ones do: for the part of a token after its prefix."""
    # A long token can hold a short run by chance; in what stands for one the run is much of it.
    if 4 * sum(map(len, _CROSSES.findall(text))) >= len(text) or "EXAMPLE" in text:
        return False
    return len(set(text)) >= min(8, len(text) // 2) and _entropy(text) >= min(3.0, 0.7 * math.log2(max(len(text), 2)))


def is_wordy(text: str) -> bool:
    """Whether it is words that someone wrote: parts between separators without digits, or one word in one case."""
    return all(_A_WORD.fullmatch(part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text) if part]


def is_placeholder(value: str) -> bool:
    """Whether the value stands for a secret ("<your-key>", "xxxx", "${TOKEN}", "changeme") or is none at all."""
    bare = value.strip()
    if not any(char.isascii() and char.isalnum() for char in bare) or _OURS.search(bare):
        return True
    if all(part in _NOTHING for part in _parts(bare.lower())) or re.fullmatch(
        r"(?:password|secret|token|pass|test|abc|key)[-_]?\d{0,4}", bare.lower()
    ):
        return True
    if len(set(bare)) < 3 or _STANDS_FOR.fullmatch(bare) or _TEMPLATE.search(bare):
        return True
    return bool(_WORDS_FOR.search(bare)) or (is_wordy(bare) and bool(_NAMES_ONE.search(bare)))


def is_label(value: str) -> bool:
    """Whether it is said to a person ("Enter your password", "Passwort", "パスワード")."""
    if any("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in value):
        return True
    if value.isalpha() and (value.istitle() or not value.isascii()):
        return True
    return " " in value and bool(_LABEL.search(value))


def is_code(value: str) -> bool:
    """Whether a value without quotes is an expression of a program or a template's word."""
    if value[0] in "([{&." or _CODE.match(value) or is_expression(value):
        return True
    if not _IDENTIFIER.fullmatch(value):
        return False
    if len(re.findall(r"[a-z]{3,}", value)) >= 2 and "_" in value and value.lower() == value:
        return True
    return not _mixed(value) or ("." in value and bool(re.search(r"[a-z]{5}|[A-Z][a-z]{3}", value)))


def is_expression(value: str) -> bool:
    """Whether it is a regular expression, as programs that read tokens and keys have them."""
    return bool(_EXPRESSION.search(value))


def is_path(value: str) -> bool:
    """Whether it is an address or a file name; base64 may begin with a slash too."""
    if not _PATH.match(value):
        return False
    return not (value.startswith("/") and len(value) >= 20 and value.count("/") < 3 and not is_wordy(value))


def is_strong(value: str) -> bool:
    """Whether someone would choose it as a password, or a program made it: for values that have little context."""
    return len(value) >= 8 and " " not in value and _mixed(value) and not is_wordy(value) and _entropy(value) >= 2.5


def is_key_like(value: str) -> bool:
    """Whether a program made it: long, without words, no UUID and no digest's length; for names that say little."""
    if len(value) < 16 or " " in value or _UUID.fullmatch(value) or is_wordy(value) or is_path(value):
        return False
    if _HEX.fullmatch(value):
        return len(value) == 32 and _entropy(value) >= 3.0
    return _mixed(value) and _entropy(value) >= 3.5 and bool(re.fullmatch(r"[A-Za-z0-9+/=_.~-]+", value))


def _mixed(value: str) -> bool:
    """Letters with digits or with marks other than separators, or in a case that no words have."""
    digits = any(char.isdigit() for char in value)
    marks = any(not char.isalnum() and char not in "_-. $" for char in value)
    letters = any(char.isalpha() for char in value)
    odd_case = len(value) >= 10 and value.lower() != value != value.upper() and not is_wordy(value)
    return letters and (digits or marks or odd_case)
