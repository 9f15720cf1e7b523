"""Logging that never holds the token."""

import logging
import sys


class _Redacting(logging.Formatter):
    """Writes a record, its traceback included, with the secrets blotted out."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


def set_up(level: str, secrets: list[str]) -> None:
    """Log to stderr from that level on; `secrets` (tokens, and their halves) never show."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "apscheduler"):  # httpx logs each request's address, with the token in it
        logging.getLogger(noisy).setLevel(logging.WARNING)
