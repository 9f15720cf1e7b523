"""Figures for Prometheus. Their labels say what kind of thing is counted, never what a reader has written."""

import time
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.chat.health import Health

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics(Collector):
    """All figures: those that the bot keeps, as they are when they are asked for, and how long answers take."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        self.latency = Histogram(
            "newsbot_update_seconds",
            "Seconds that an update took, from its turn to its answer; quantiles by histogram_quantile().",
            ["kind"],
            buckets=_SECONDS,
            registry=self._registry,
        )

    def text(self) -> bytes:
        """Everything in Prometheus' text format. Reads the databases: not for the event loop."""
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Nothing: what there is, is only known by reading the databases."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """What is kept anyway, read now."""
        pulse, house = self._health.pulse, self._health.house
        held, (queries, nothing) = house.archive.coverage(), house.memory.usage.total()
        yield InfoMetricFamily("newsbot", "The program.", {"version": __version__})
        gauges: dict[str, tuple[str, float]] = {
            "editions": ("Issues in the archive.", held.editions),
            "articles": ("Articles in the archive.", held.articles),
            "paragraphs": ("Paragraphs in the archive.", held.paragraphs),
            "outbox_messages": ("Messages that wait to be sent.", house.memory.watches.waiting()),
            "updates_in_progress": ("Updates that are not yet dealt with.", self._health.in_progress),
            "uptime_seconds": ("Seconds since the start.", time.monotonic() - pulse.born),
        }
        if held.last:
            midnight = datetime.combine(held.last.day, datetime.min.time(), house.settings.timezone).timestamp()
            gauges["newest_issue_timestamp_seconds"] = ("The newest issue's day, as Unix time.", midnight)
        if pulse.heard is not None:
            silence = "Seconds since the last successful poll, or the last update by webhook."
            gauges["seconds_since_telegram"] = (silence, pulse.silence())
        for name, (meaning, value) in gauges.items():
            yield GaugeMetricFamily(f"newsbot_{name}", meaning, value)
        yield CounterMetricFamily("newsbot_queries", "Questions.", queries)
        yield CounterMetricFamily("newsbot_queries_found_nothing", "Questions that found nothing.", nothing)
        yield CounterMetricFamily("newsbot_polling_restarts", "Stalled pollings started anew.", pulse.restarts)
