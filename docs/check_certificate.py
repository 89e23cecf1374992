"""Checks a certificate and the page beside it: python check_certificate.py run-42.certificate.en.json [HASH]

Recomputes every hash, compares each figure of the page; a HASH noted earlier must be in the chain. Ends with 1 if not.
"""

import hashlib
import json
import re
import sys
from html import unescape
from pathlib import Path

FIGURE = r'<data value="(.*?)" data-figure="(.*?)" data-environment="(.*?)" data-kind="(.*?)">(.*?)</data>'


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def expected(content, figure, environment, kind):
    if figure == "run_id":
        return content["run"][figure]
    checks = content["run"].get("checks", {})
    if figure in ("check", "offences"):
        return sum(x["offences"] for name, x in checks.items() if (name == kind if kind else x["status"] == "fail"))
    lines = [x for x in content["lines"] if environment in ("", x["environment_id"]) and kind in ("", x["kind"])]
    held = [x["due"] for x in lines if figure == "left_over" and x["state"] == "held back"]
    return sum(held) + sum(x.get(figure, 0) for x in lines)


def problems(path, noted=None):
    certificate, before, runs = json.loads(path.read_text("utf-8")), None, {}
    for entry in certificate["chain"]:
        content, number = entry["content"], entry["content"]["run"]["run_id"]
        if digest(json.dumps(content, sort_keys=True, separators=(",", ":"))) != entry["hash"]:
            yield f"run {number} is not what its hash was made of"
        if before not in (None, content["previous_hash"]):
            yield f"run {number} does not follow the run before it"
        before, runs[number] = entry["hash"], content
    if noted and noted not in [entry["hash"] for entry in certificate["chain"]]:
        yield "no run has the hash that was noted"
    certified, texts = runs[certificate["certificate_of_run"]], certificate["documents"]
    named = {certified["run"].get(name) for name in ("data_map_version", "rules_version")} - {None}
    if set(texts) != named or any(digest(text) != name for name, text in texts.items()):
        yield "the data map or the rules are not those that the run names"
    if digest(page := path.with_name(certificate["page"]["name"]).read_text("utf-8")) != certificate["page"]["sha256"]:
        yield "the page is not the one that was certified"
    for value, *of, text in re.findall(FIGURE, page):
        shown = value if of[0] == "bytes_freed" else re.sub(r"\D", "", text)
        if {value, shown} != {str(expected(certified, *map(unescape, of)))}:
            yield f"on the page, {' '.join(filter(None, of))} is not what the ledger has"


try:
    found = [*problems(Path(([x for x in sys.argv[1:2] if x[:1] != "-"] or sys.exit(__doc__))[0]), *sys.argv[2:3])]
except (KeyError, OSError, TypeError, ValueError) as error:
    found = [f"it can't be read: {type(error).__name__}: {error}"]
print("\n".join(found) or "Every run, text and figure is what it was.")
sys.exit(1 if found else 0)
