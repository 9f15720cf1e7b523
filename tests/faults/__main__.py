"""All faults, some hundred times: what was done, how often, and what was lost.

    python -m tests.faults [--rounds N] [--seed N] [FAULT…]

Prints a row a fault as it is done. Exit 1 when anything was lost.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.faults import FAULTS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Break what can break, and compare.")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=", ".join(FAULTS))
    parser.add_argument("--rounds", type=int, default=100, help="of each that is quick; of the others a share")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if unknown := set(given.faults) - set(FAULTS):
        parser.error(f"no such fault: {', '.join(unknown)}")
    failed = False
    print("| what is done | times | lost | |\n|---|---|---|---|")
    for name in given.faults or FAULTS:
        fault, share = FAULTS[name]
        begin = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            outcome = fault(Path(folder), max(1, round(given.rounds * share)), given.seed)
        failed |= bool(outcome.lost)
        notes = "; ".join([*outcome.notes, f"{time.perf_counter() - begin:.0f} s"])
        print(
            f"| {outcome.done} | {outcome.times} | {'; '.join(outcome.lost[:3]) or 'nothing'} | {notes} |", flush=True
        )
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
