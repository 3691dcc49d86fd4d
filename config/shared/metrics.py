"""Figures for Prometheus: requests, time in the databases, waiting jobs, outcomes.

Counted in memory by each process. Where several processes serve one site, set
``PROMETHEUS_MULTIPROC_DIR`` to an empty folder that they share, and any of them answers for all.
"""

import os
from collections.abc import Iterable

from django.db import DatabaseError
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.shared import job_queue

CONTENT_TYPE = CONTENT_TYPE_LATEST
LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_registry = CollectorRegistry()
REQUESTS = Counter(
    "courtyard_http_requests",
    "Requests answered.",
    ["method", "route", "status"],
    registry=_registry,
)
LATENCY = Histogram(
    "courtyard_http_request_seconds",
    "Time from a request to its answer.",
    ["method", "route"],
    buckets=LATENCY_BUCKETS,
    registry=_registry,
)
DATABASE_SECONDS = Counter(
    "courtyard_database_seconds",
    "Time spent waiting for a database.",
    ["database", "route"],
    registry=_registry,
)
DATABASE_QUERIES = Counter(
    "courtyard_database_queries",
    "Statements sent to a database.",
    ["database", "route"],
    registry=_registry,
)
OUTCOMES = Counter(
    "courtyard_outcomes",
    "How things that matter ended: codes, claims, payments, sign-ins.",
    ["of", "outcome"],
    registry=_registry,
)
SOCKETS = Gauge(
    "courtyard_sockets_open",
    "WebSockets that are open.",
    registry=_registry,
    multiprocess_mode="livesum",
)
FRAMES = Counter("courtyard_socket_frames", "Frames sent over WebSockets.", registry=_registry)
SOCKETS_CLOSED = Counter(
    "courtyard_sockets_closed",
    "WebSockets that Courtyard closed, by code: 4401 session over, 4408 too slow.",
    ["code"],
    registry=_registry,
)


def count(name: str, outcome: str) -> None:
    """Count one ``outcome`` of ``name``: ``count("codes", "wrong")``.

    The names are ``codes``, ``claims``, ``payments`` and ``sign_in``. Both are short fixed words,
    never anything a person typed: each pair is a time series for ever.
    """
    OUTCOMES.labels(name, outcome).inc()


def observe_request(
    *, method: str, route: str, status: int, seconds: float, databases: dict[str, tuple[int, float]]
) -> None:
    """Count one answered request; ``databases`` has (statements, seconds) by alias."""
    method = method if method in METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    LATENCY.labels(method, route).observe(seconds)
    for alias, (statements, waited) in databases.items():
        DATABASE_QUERIES.labels(alias, route).inc(statements)
        DATABASE_SECONDS.labels(alias, route).inc(waited)


class JobQueueCollector(Collector):
    """Asks the database for the job queues whenever somebody asks for the figures."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Depth, age and failures by queue; nothing while the database is away."""
        try:
            queues = job_queue.queues()
        except DatabaseError:
            queues = []
        figures = {
            "waiting": "Jobs that are due and not begun.",
            "running": "Jobs being done.",
            "failed": "Jobs given up after their last try.",
            "oldest_seconds": "Age of the oldest job that is due and not begun.",
        }
        for attribute, documentation in figures.items():
            family = GaugeMetricFamily(
                f"courtyard_jobs_{attribute}", documentation, labels=["queue"]
            )
            for queue in queues:
                family.add_metric([queue.name], getattr(queue, attribute))
            yield family


def exposition() -> bytes:
    """Every figure in Prometheus' text format, of all processes where they share a folder."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        gathered = CollectorRegistry()
        MultiProcessCollector(gathered)
    else:
        gathered = _registry
    live = CollectorRegistry()
    live.register(JobQueueCollector())
    return generate_latest(gathered) + generate_latest(live)
