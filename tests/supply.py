"""What the deployed program is made of. `python -m tests.supply audit` asks whether any of it is known as vulnerable.

It exits 1 when something is, 0 when nothing is or nobody could be asked, and says which. `pip install '.[supply]'`
brings pip-audit.
"""

import json
import re
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).parent.parent / "deploy" / "requirements.lock"


def locked(text: str | None = None) -> dict[str, tuple[Requirement, list[str]]]:
    """What the lock file pins for this Python and system, by name, with its hashes."""
    entries = (text or LOCK.read_text(encoding="utf-8")).replace("\\\n", " ").splitlines()
    pinned = {}
    for entry in entries:
        if entry.strip() and not entry.startswith("#"):
            what, *hashes = entry.split(" --hash=")
            requirement = Requirement(what.strip())
            if not requirement.marker or requirement.marker.evaluate():
                pinned[requirement.name] = requirement, [one.strip() for one in hashes]
    return pinned


def licences(name: str) -> list[str]:
    """The licences between which an installed package leaves the choice, by its own metadata."""
    about = metadata(name)
    said = about.get("License-Expression") or ""
    if not said:
        classes = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License ::")]
        said = " AND ".join(classes) or (about.get("License") or "").partition("\n")[0]
    return [one.strip(" ()") for one in re.split(r"\bOR\b", said)]


def is_gpl(licence: str) -> bool:
    """Whether a licence is the GPL or the AGPL, under whatever name; the LGPL is neither."""
    lesser = re.sub(r"L(esser|ibrary)[\w ]*General Public|\bLGPL", "", licence, flags=re.IGNORECASE)
    return bool(re.search(r"A?GPL|General Public", lesser, re.IGNORECASE))


def audit() -> int:
    """Ask pip-audit about all that is locked; print what it says; return the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(LOCK)]
    asked = subprocess.run([*command, "--format=json", "--timeout=10"], capture_output=True, text=True, check=False)
    return verdict(asked.stdout, asked.stderr)


def verdict(report: str, complaint: str) -> int:
    """What follows from pip-audit's report: a service that does not answer is no vulnerability, and is no all-clear."""
    try:
        packages = json.loads(report)["dependencies"]
    except ValueError:
        packages = []
    answered = [package for package in packages if "vulns" in package]
    if not answered:
        last = complaint.strip().rpartition("\n")[2]
        print(f"No advisory service could be asked; nothing was audited. {last}")
        return 0
    found = [(package, vulnerability) for package in answered for vulnerability in package["vulns"]]
    for package, vulnerability in found:
        fixed = ", ".join(vulnerability["fix_versions"]) or "none yet"
        print(f"{package['name']} {package['version']}: {vulnerability['id']}, fixed in {fixed}")
    print(f"{len(answered)} of {len(packages)} packages audited, {len(found)} known vulnerabilities.")
    return int(bool(found))


if __name__ == "__main__":
    if sys.argv[1:] != ["audit"]:
        sys.exit("usage: python -m tests.supply audit")
    sys.exit(audit())
