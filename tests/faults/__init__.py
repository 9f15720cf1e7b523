"""What can go wrong is done to the program on purpose, and what it then holds is compared with what it should hold."""

from collections.abc import Callable
from pathlib import Path

from tests.faults.alerts import kill_alerts
from tests.faults.backlog import backlog
from tests.faults.clock import clock
from tests.faults.damage import flip_bytes
from tests.faults.disk import can_mount, full_ingest, full_serve, read_only
from tests.faults.kills import kill_backup, kill_ingest, kill_reindex, kill_restore
from tests.faults.network import network, outage
from tests.faults.outcome import Outcome
from tests.faults.together import two_ingests

Fault = Callable[[Path, int, int], Outcome]
"""Takes an empty folder, a number of rounds, and a seed."""

FAULTS: dict[str, tuple[Fault, float]] = {
    "kill-ingest": (kill_ingest, 1),
    "kill-reindex": (kill_reindex, 1),
    "kill-backup": (kill_backup, 1),
    "kill-restore": (kill_restore, 1),
    "kill-alerts": (kill_alerts, 0.2),
    "flip-bytes": (flip_bytes, 3),
    "network": (network, 0.5),
    "outage": (outage, 0.02),
    "backlog": (backlog, 100),
    "clock": (clock, 0.24),
    "two-ingests": (two_ingests, 0.3),
}
if can_mount():
    FAULTS |= {"full-ingest": (full_ingest, 0.3), "full-serve": (full_serve, 0.2), "read-only": (read_only, 0.1)}
"""By name, each fault, and how many rounds it takes for one of a quick one."""
