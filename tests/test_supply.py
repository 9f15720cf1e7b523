"""What is deployed: pinned by hashes within the project's own bounds, of free licences; and the image can be built."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.supply import is_gpl, licences, locked, verdict

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
WANTED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["formats"]]


@pytest.mark.parametrize("wanted", WANTED)
def test_the_lock_is_within_the_bounds(wanted):
    requirement = Requirement(wanted)
    pinned, _ = locked()[canonicalize_name(requirement.name)]
    [pin] = pinned.specifier
    assert pin.operator == "=="
    assert pin.version in requirement.specifier


def test_everything_locked_has_a_hash():
    assert all(
        hashes and all(re.fullmatch("sha256:[0-9a-f]{64}", h) for h in hashes) for _, hashes in locked().values()
    )


def test_nothing_that_is_deployed_is_under_the_gpl():
    choices = {}
    for name in locked():
        try:
            choices[name] = licences(name)
        except PackageNotFoundError:  # an optional reader that is not installed here
            assert name in {canonicalize_name(Requirement(r).name) for r in WANTED}, name
    assert len(choices) > 40
    assert {name: found for name, found in choices.items() if all(not one or is_gpl(one) for one in found)} == {}


@pytest.mark.parametrize(
    ("licence", "gpl"),
    [
        ("GPL-2.0-only", True),
        ("GNU Affero General Public License v3", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("AGPLv3+", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GNU Library or Lesser General Public License (LGPL)", False),
        ("MIT", False),
    ],
)
def test_the_lesser_licence_is_told_from_the_others(licence, gpl):
    assert is_gpl(licence) == gpl


def test_an_audit_that_nobody_answered_is_no_all_clear(capsys):
    skipped = {"dependencies": [{"name": "click", "skip_reason": "not found"}]}
    assert verdict(json.dumps(skipped), "") == verdict("", "ERROR: no network") == 0
    assert capsys.readouterr().out.count("nothing was audited") == 2
    known = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": []}
    one = {"name": "click", "version": "1", "vulns": [known]}
    assert verdict(json.dumps({"dependencies": [one, {**one, "vulns": []}]}), "") == 1
    assert capsys.readouterr().out.startswith("click 1: PYSEC-1, fixed in 2\n2 of 2 packages audited, 1 known")
    assert verdict(json.dumps({"dependencies": [{**one, "vulns": []}]}), "") == 0


def _copied():
    """What the Dockerfile copies out of the project, and where to."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [(source, line.split()[-1]) for line in lines for source in line.split()[:-1]]


def _environment():
    """What the Dockerfile sets in the environment."""
    [line] = re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE)
    return dict(pair.split("=", 1) for pair in line.split())


def test_the_image_is_built_of_files_that_its_context_holds():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {source.rstrip("/") for source, _ in _copied()} == kept
    assert all((ROOT / name).exists() for name in kept)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A folder with what the Dockerfile's steps for pip make of its copies, in the place of an image's root."""
    root = tmp_path_factory.mktemp("image")
    (root / "src").mkdir()
    for source, target in _copied():
        place = root / target.lstrip("/") if target.startswith("/") else root / "src" / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, place)
    steps = [step for step in re.findall(r"^RUN (.+)$", DOCKERFILE, re.MULTILINE) if "python" in step]
    assert len(steps) == 2
    for step in steps:
        here = step.replace("/opt/newsbot", str(root / "opt" / "newsbot")).replace("--no-cache-dir", "")
        here = re.sub(r"(^|&& )python ", rf"\1{sys.executable} ", here)
        quick = {**os.environ, "PIP_NO_COMPILE": "1"}
        done = subprocess.run(
            ["/bin/sh", "-ec", here], cwd=root / "src", env=quick, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return root


def test_the_image_holds_what_is_locked_and_answers_on_a_root_that_it_cannot_write_to(image, tmp_path):
    python = image / "opt" / "newsbot" / ".venv" / "bin" / "python"
    freeze = subprocess.run([python, "-m", "pip", "list", "--format=json"], capture_output=True, check=True).stdout
    held = {canonicalize_name(one["name"]): one["version"] for one in json.loads(freeze)}
    assert {name: f"=={version}" for name, version in held.items() if name != "setuptools"} == {
        name: str(requirement.specifier) for name, (requirement, _) in locked().items()
    }

    data = tmp_path / "data"
    environment = {
        name: value.replace("/data", str(data)).replace("/opt/newsbot", str(image / "opt" / "newsbot"))
        for name, value in _environment().items()
    }
    command = [python, "-m", "bot", "search", "红十字救援队", "--json"]
    before = _files(image)
    found = subprocess.run(
        command, cwd=_made(data), env={**environment, "HOME": "/nonexistent"}, capture_output=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["total"] == 1
    assert _files(image) == before
    assert not Path("/nonexistent").exists()
    assert list((data / "cache" / "newsbot").glob("jieba-*.table"))


def _made(folder):
    folder.mkdir(mode=0o700)
    return folder


def _files(folder):
    return {(path, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
