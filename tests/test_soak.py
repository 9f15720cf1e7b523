"""The soak in a short form; `python -m tests.bench.soak` takes a year."""

import re
import subprocess
import sys

from tests.conftest import ROOT


def test_some_days_of_a_paper_and_its_readers():
    command = [sys.executable, "-m", "tests.bench.soak", "--days", "5", "--readers", "8", "--questions", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line for line in done.stdout.splitlines() if re.match(r"\| \d", line)]
    assert rows and rows[-1].startswith("| 5 |")
    sent = [re.findall(r"\| (\d+) \((\d+)\) ", row) for row in rows]
    alerts, digests = (sum(int(row[kind][0]) for row in sent) for kind in (0, 1))
    assert alerts > 0 and digests == 5 * 4  # half of the readers want one
    assert all(came == wanted for row in sent for came, wanted in row)
