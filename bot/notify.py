"""What a supervisor such as systemd is told: sd_notify, a datagram to the socket that NOTIFY_SOCKET names.

The protocol is one `sendto` and has not changed since 2010; the libraries for it are older than this module is long, or
bind to libsystemd, which a small image does not have.
"""

import os
import socket


def notify(*states: str) -> None:
    """Send states such as READY=1; nothing happens where no supervisor listens, or it does not take them."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address.startswith("@"):  # a name in the abstract namespace
        address = "\0" + address[1:]
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as supervisor:
        supervisor.settimeout(1)
        try:
            supervisor.sendto("\n".join(states).encode(), address)
        except OSError:  # a supervisor that is gone must not take the bot with it
            return


def watchdog_seconds() -> float | None:
    """How often the supervisor wants a sign of life from this process, in seconds; None where it does not."""
    microseconds, process = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or process not in ("", str(os.getpid())):
        return None
    return int(microseconds) / 1e6 or None
