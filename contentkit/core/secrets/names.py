"""What the name beside a value says of it: a password, a key, perhaps a key, or nothing."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from contentkit.core.secrets.values import words

STEMS = words(
    "pass pwd secret token credential key auth kennwort contrase senha パスワード トークン キー 密码 비밀번호"
)
"""Lower case; every name that says anything has one of them in it."""


class Says(IntEnum):
    """How much a name tells."""

    NOTHING = 0
    PERHAPS = 1
    KEY = 2
    PASSWORD = 3


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_PASSWORDS = words(
    """
    password passwords passwd passphrase passcode pwd passwort kennwort contraseña senha secret パスワード 密码 비밀번호
    """
)
_KEYS = words(
    """
    apikey accesskey secretkey privatekey authkey accountkey authtoken accesstoken apitoken token トークン
    """
)
_KEY_OF = words(
    """
    api access private secret auth signing encryption decryption account shared master service subscription
    license consumer client app application session storage deploy admin server crypto cipher aes hmac jwt
    webhook integration ssh cookie
    """
)
_NO_KEY_OF = words(
    """
    public primary foreign sort partition cache bucket schema object lookup dedup group idempotency natural row
    index composite hash range event i18n translation message locale pub host known field column table map dict
    json yaml config registry arrow enter shift escape hot short shortcut answer legend data s3 storage_class
    routing metric label tag node child parent item
    """
)
_NO_TOKEN_OF = words(
    """
    public key next page continuation stop eos bos pad max min num special csrf sync unk mask sep cls syntax design
    first last
    """
)
_ABOUT = words(
    """
    length len size min max count url uri urls endpoint path paths file filename files name names field fields
    label type types format regex pattern policy policies hint prompt help error errors message msg expiry
    expires expiration ttl age version header headers prefix suffix algorithm algo class hash hashed hashes
    digest limit budget index ref arn var column table enabled required provider manager store storage service
    id ids exists valid validator validation reset strength rotation page form input box dialog screen view link
    handler callback function fn method middleware module results result status state scope scopes change
    changed changer lookup parser counter bucket usage generator factory helper utils util test tests spec
    template mode confirmation confirm selector element icon placeholder title text description comment cost
    price rate event hasher checker kind encoder rule rules attempts attempt history fingerprint exchange issuer
    audience lifetime duration timeout timestamp date at time by source sources location dir directory folder
    group pair pairs map list set ring chain board word words
    """
)


@lru_cache(maxsize=8192)
def says(name: str) -> Says:
    """What a name such as ``DB_PASSWORD``, ``apiKey`` or ``max_tokens`` tells of its value."""
    parts = [word.lower() for word in _WORD.findall(name)]
    for index, word in enumerate(parts):
        before = parts[index - 1] if index else ""
        after = parts[index + 1 :]
        if word in _PASSWORDS or (word in ("pass", "pw") and before):
            found = Says.PASSWORD
        elif word in _KEYS:
            found = Says.NOTHING if word == "token" and before in _NO_TOKEN_OF else Says.KEY
        elif word in ("key", "キー") and before:
            found = Says.KEY if before in _KEY_OF else Says.NOTHING if before in _NO_KEY_OF else Says.PERHAPS
        elif word == "auth" and not after:
            found = Says.PERHAPS
        elif word in ("credential", "credentials") and not after:
            found = Says.KEY
        else:
            continue
        if word == "secret" and after[:1] in (["key"], ["token"]):
            after = after[1:]
            found = Says.KEY if len(parts) > 2 else Says.PASSWORD
        if after == ["id"] and (before, word) == ("private", "key"):
            return Says.KEY
        if found and not _ABOUT.intersection(after) and not (after and after[0] in ("key", "keys", "token", "tokens")):
            return found
    return Says.NOTHING
