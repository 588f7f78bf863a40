"""Secrets that tell themselves by their form: the published formats of tokens and keys, as a table.

Each format has a literal that begins it. Most begin with a word of their own, which few texts have at all; where one
has it, ``str.find`` looks for the literal, and the expression is only tried where that stands. Every repetition is
bounded or runs over one class of characters, so no text makes it slow.
Sources: the vendors' own documentation of their token formats; where they give none, the prefix that their tokens have
and a length well under the real one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

BEGIN = 3


@dataclass(frozen=True, slots=True)
class Format:
    """One form of a secret.

    Attributes:
        rule: what the secret is called in placeholders ("github-token").
        literal: how it begins.
        rest: expression for what follows the literal.
        plain: the rest need not look random (the form alone says enough).
        head: the letters and digits before the first other sign of the literal; b"" when it has none.
        begin: how the word begins that the literal stands in.
    """

    rule: str
    literal: str
    rest: re.Pattern[str]
    plain: bool = False
    head: bytes = b""

    @property
    def begin(self) -> bytes:
        return self.literal[:BEGIN].encode()


# rule | literals | expression for the rest. "w" stands for [A-Za-z0-9_-], "a" for [A-Za-z0-9], "h" for [0-9a-f].
_TABLE = r"""
github-token        ghp_ gho_ ghu_ ghs_ ghr_                 <a>{30,255}
github-token        github_pat_                              [A-Za-z0-9_]{36,255}
gitlab-token        glpat- glptt- gldt- glrt- glcbt- glimt- glft- gloas- glsoat- glagent- glffct-  <w>{20,300}(?:\.<w>{2,10}){0,3}
gitlab-token        GR1348941                                <w>{20,40}
aws-key-id          AKIA ASIA ABIA ACCA                      [A-Z0-9]{16}(?![A-Za-z0-9])
aws-bedrock-key     ABSK                                     [A-Za-z0-9+/]{100,300}={0,2}
aws-bedrock-key     bedrock-api-key-                         [A-Za-z0-9+/]{40,4000}={0,2}
google-key          AIza                                     <w>{35}(?!<w>)
google-secret       GOCSPX-                                  <w>{20,64}
google-token        ya29.                                    [A-Za-z0-9_.-]{20,2000}
google-token        1//0                                     <w>{40,300}
slack-token         xoxa- xoxb- xoxo- xoxp- xoxr- xoxs- xoxe- xoxc- xoxd- xoxe.xoxp- xoxe.xoxb-  (?=[^\s"']{0,24}[0-9]{4})[A-Za-z0-9%+/=_-]{20,400}
slack-token         xapp-                                    [0-9]-[A-Z0-9]{6,20}-[0-9]{6,20}-<a>{20,128}
stripe-key          sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_  <a>{16,250}
webhook-secret      whsec_                                   [A-Za-z0-9+/=]{24,128}
api-key             sk-                                      <w>{20,300}
openai-session      sess-                                    <a>{36,64}
groq-key            gsk_                                     <a>{40,80}
xai-key             xai-                                     <a>{60,120}
perplexity-key      pplx-                                    <a>{40,80}
replicate-token     r8_                                      <a>{30,60}
nvidia-key          nvapi-                                   <w>{50,100}
cerebras-key        csk-                                     <a>{40,80}
fireworks-key       fw_                                      <a>{22,40}
together-key        tgp_v1_                                  <w>{36,64}
voyage-key          pa-                                      <w>{43}(?!<w>)
jina-key            jina_                                    <w>{40,80}
langsmith-key       lsv2_pt_ lsv2_sk_                        <h>{32}_<h>{10}
pinecone-key        pcsk_                                    [A-Za-z0-9_]{50,100}
tavily-key          tvly-                                    <w>{20,64}
resend-key          re_                                      [A-Za-z0-9]{8}_[A-Za-z0-9]{24}(?!<w>)
posthog-key         phx_                                     <a>{40,60}
huggingface-token   hf_ api_org_                             <a>{30,60}(?!<w>)
npm-token           npm_                                     <a>{36}(?!<w>)
pypi-token          pypi-                                    <w>{50,1000}
rubygems-key        rubygems_                                <h>{48}
nuget-key           oy2                                      [a-z0-9]{43}(?!<w>)
crates-token        cio                                      <a>{32}(?!<w>)
docker-token        dckr_pat_ dckr_oat_                      <w>{24,64}
clojars-token       CLOJARS_                                 [a-z0-9]{60}
sendgrid-key        SG.                                      <w>{16,32}\.<w>{32,64}
mailgun-key         key-                                     <h>{32}(?!<w>)
twilio-key          SK                                       <h>{32}(?!<w>)
brevo-key           xkeysib-                                 <h>{64}-<a>{16}
digitalocean-token  dop_v1_ doo_v1_ dor_v1_                  <h>{64}
databricks-token    dapi                                     <h>{32}(?:-[0-9]{1,2})?(?!<w>)
heroku-key          HRKU-                                    <w>{36,80}
vault-token         hvs. hvb. hvr.                           <w>{24,300}
vault-token         s.                                       (?=[a-z]{0,23}[0-9A-Z])<a>{24}(?![A-Za-z0-9_.(])
doppler-token       dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.  [A-Za-z0-9._-]{40,80}
shopify-token       shpat_ shpca_ shppa_ shpss_              [0-9a-fA-F]{32}
linear-key          lin_api_ lin_oauth_                      <a>{32,80}
notion-token        ntn_ secret_                             <a>{40,60}(?!<w>)
figma-token         figd_ figdr_                             <w>{36,80}
postman-key         PMAK-                                    <h>{24}-<h>{34}
grafana-token       glc_                                     [A-Za-z0-9+/]{32,400}={0,2}
grafana-token       glsa_                                    <a>{32}_[0-9A-Fa-f]{8}
newrelic-key        NRAK- NRJS- NRII- NRAL-                  <w>{19,40}
dynatrace-token     dt0c01. dt0s01. dt0s16.                  [A-Z0-9]{8,24}\.[A-Z0-9]{64}
sentry-token        sntryu_                                  <h>{64}
sentry-token        sntrys_                                  [A-Za-z0-9+/=_]{60,400}
planetscale-token   pscale_tkn_ pscale_oauth_ pscale_pw_     [A-Za-z0-9=._-]{32,64}
supabase-key        sbp_                                     <h>{40}
supabase-key        sb_secret_                               <w>{20,64}
netlify-token       nfp_ nfc_ nfu_                           <a>{36,64}
vercel-token        vcp_ vci_ vca_ vcr_                      <a>{24,64}
fly-token           fo1_                                     <w>{43}
fly-token           fm1r_ fm1a_ fm2_                         [A-Za-z0-9+/=]{80,2000}
pulumi-token        pul-                                     <h>{40}
tailscale-key       tskey-auth- tskey-api- tskey-client- tskey-scim- tskey-webhook-  <a>{8,32}-<a>{16,64}
square-token        sq0atp- sq0csp-                          <w>{22,60}
square-token        EAAA                                     <w>{60}(?!<w>)
facebook-token      EAA                                      <a>{90,300}
paypal-token        access_token$production$                 [0-9a-z]{16}\$<h>{32}
twitter-token       AAAAAAAAAAAAAAAAAAAAA                    [A-Za-z0-9%]{40,120}
airtable-token      pat                                      <a>{14}\.<h>{64}
atlassian-token     ATATT3 ATCTT3 ATSTT3                     [A-Za-z0-9_=-]{60,400}
bitbucket-token     ATBB                                     <a>{28,40}
alibaba-key-id      LTAI                                     <a>{16,24}(?!<w>)
tencent-key-id      AKID                                     <a>{32}(?!<w>)
circleci-token      CCIPAT_ CCIPRJ_                          <a>{16,32}_<h>{40}
contentful-token    CFPAT-                                   <w>{43}
easypost-key        EZAK EZTK                                <a>{54}
flutterwave-key     FLWSECK- FLWSECK_TEST-                   <a>{12,64}(?:-X)?
infracost-key       ico-                                     <a>{32}(?!<w>)
mapbox-token        sk.eyJ                                   [A-Za-z0-9_-]{20,300}\.<w>{20,64}
openshift-token     sha256~                                  <w>{43}
prefect-key         pnu_                                     <a>{36}
readme-key          rdme_                                    [a-z0-9]{60,80}
shippo-token        shippo_live_ shippo_test_                <h>{40}
sourcegraph-token   sgp_                                     (?:<h>{16}_|local_)?<h>{40}
typeform-token      tfp_                                     [A-Za-z0-9._=-]{40,80}
duffel-token        duffel_test_ duffel_live_                [A-Za-z0-9_=-]{43}
octopus-key         API-                                     [A-Z0-9]{26}(?!<w>)
artifactory-key     AKCp                                     <a>{60,80}
wakatime-key        waka_                                    <h>{8}-(?:<h>{4}-){3}<h>{12}
1password-token     ops_eyJ                                  [A-Za-z0-9+/]{100,2000}={0,2}
launchdarkly-key    sdk- api- mob-                           <h>{8}-(?:<h>{4}-){3}<h>{12}(?!<w>)
age-key             AGE-SECRET-KEY-1                         [0-9A-Z]{58}
slack-webhook       https://hooks.slack.com/services/ https://hooks.slack.com/workflows/ https://hooks.slack.com/triggers/  [A-Za-z0-9+/]{20,100}
teams-webhook       https://outlook.office.com/webhook/      [A-Za-z0-9@/-]{60,200}
discord-webhook     https://discord.com/api/ https://discordapp.com/api/ https://ptb.discord.com/api/ https://canary.discord.com/api/  (?:v[0-9]{1,2}/)?webhooks/[0-9]{15,21}/<w>{40,100}
"""  # noqa: E501

# Forms without a literal at their beginning: (rule, a part that few texts have, the whole expression).
_INNER = (
    ("telegram-token", ":AA", r"[0-9](?<![0-9A-Za-z].)[0-9]{7,9}:AA[A-Za-z0-9_-]{32,35}(?![A-Za-z0-9_-])"),
    ("azure-client-secret", "Q~", r"(?<![A-Za-z0-9~.])[\w~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])"),
    ("mailchimp-key", "-us[0-9]", r"[0-9a-f](?<![0-9a-zA-Z].)[0-9a-f]{31}-us[0-9]{1,2}(?![0-9A-Za-z])"),
    ("terraform-token", r"\.atlasv1\.", r"(?<![0-9A-Za-z])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80}"),
    ("maxmind-key", "_mmk", r"(?<![0-9A-Za-z])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![0-9A-Za-z])"),
    ("azure-sas", "sig=", r"(?<=[?&]sig=)[A-Za-z0-9%+/]{40,64}(?:%3D|=)?"),
    ("teams-webhook", r"\.webhook\.office\.com/", r"https://[a-z0-9-]{1,60}\.webhook\.office\.com/webhookb2/[^\s\"'<>)]{40,300}"),
    ("discord-token", r"\.[A-Za-z0-9_-]{6}\.",
     r"[MNO](?<![\w.-].)[A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![\w.-])"),
    ("twilio-token", "AC", r"AC(?<!\wAC)[0-9a-f]{32}[^\w\n][^\n]{0,60}?(?<![0-9a-f])(?P<value>[0-9a-f]{32})(?!\w)"),
    ("aws-secret-key", "AKIA", r"AKIA[A-Z0-9]{16}[\s\"',:;|]{1,12}(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"),
)  # fmt: skip


@cache
def formats() -> tuple[Format, ...]:
    """The table, compiled once at first use. A literal comes once, with its expressions tried in order."""
    found = []
    for line in _TABLE.strip().splitlines():
        rule, *literals, rest = line.split()
        for short, chars in (("<w>", "[A-Za-z0-9_-]"), ("<a>", "[A-Za-z0-9]"), ("<h>", "[0-9a-f]")):
            rest = rest.replace(short, chars)
        compiled, plain = re.compile(rest), rule in ("aws-key-id", "age-key")
        heads = (re.match(r"[A-Za-z0-9]+(?![A-Za-z0-9]|$)", literal) for literal in literals)
        found += [
            Format(rule, literal, compiled, plain, head[0].encode() if head else b"")
            for literal, head in zip(literals, heads, strict=True)
        ]
    return tuple(found)


def formats_of(words: Iterable[bytes]) -> list[Format]:
    """The forms that a text with these words may have, in the order of the table."""
    heads, begins = _by_word()
    places = {place for word in words for place in (*heads.get(word, ()), *begins.get(word[:BEGIN], ()))}
    return [formats()[place] for place in sorted(places)]


@cache
def _by_word() -> tuple[Mapping[bytes, Sequence[int]], Mapping[bytes, Sequence[int]]]:
    """Where in the table the forms stand that a word begins, and those that the first letters of a word begin."""
    heads, begins = defaultdict[bytes, list[int]](list), defaultdict[bytes, list[int]](list)
    for place, form in enumerate(formats()):
        if form.head:
            heads[form.head].append(place)
        else:
            begins[form.begin].append(place)
    return heads, begins


@cache
def inner_formats() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Forms to be searched for as a whole where their part is in the text."""
    return tuple((rule, re.compile(part), re.compile(expression)) for rule, part, expression in _INNER)
