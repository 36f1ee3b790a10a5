"""Metrics of the store, counted again for each request."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Column, func, select

from matcher.store import tables
from matcher.store.alarms import list_alarms
from matcher.store.runs import RunStatus, find_run_in_force
from matcher.store.store import Store


class StoreMetrics(Collector):
    """Gauges of a store; they have the same values in every process of the service.

    Parameters
    ----------
    store : Store
    at : datetime
    """

    def __init__(self, store: Store, at: datetime) -> None:
        self.store, self.at = store, at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each gauge with its values."""
        yield self._runs()
        yield self._waiting()
        yield self._worker_silence()
        yield self._alarms()
        yield self._last_night()

    def _runs(self) -> GaugeMetricFamily:
        columns = tables.runs.c
        query = select(columns.kind, columns.status, func.count()).group_by(
            columns.kind, columns.status
        )
        with self.store.read_transaction() as connection:
            counted = {(kind, status): count for kind, status, count in connection.execute(query)}
        gauge = GaugeMetricFamily("treffsikker_runs", "Runs so far.", labels=("kind", "status"))
        for kind in sorted({kind for kind, _ in counted}):
            for status in RunStatus:
                gauge.add_metric([kind, str(status)], counted.get((kind, status), 0))
        return gauge

    def _waiting(self) -> GaugeMetricFamily:
        since = self._earliest(tables.runs.c.asked_at, RunStatus.QUEUED)
        return GaugeMetricFamily(
            "treffsikker_run_waiting_seconds",
            "How long the run that has waited longest has waited for a worker.",
            self._age(since),
        )

    def _worker_silence(self) -> GaugeMetricFamily:
        since = self._earliest(tables.runs.c.heartbeat_at, RunStatus.RUNNING)
        return GaugeMetricFamily(
            "treffsikker_worker_silent_seconds",
            "Seconds since the most silent of the workers that have a run was heard of.",
            self._age(since),
        )

    def _alarms(self) -> GaugeMetricFamily:
        counted = Counter(alarm.kind for alarm in list_alarms(self.store, self.at.date()))
        gauge = GaugeMetricFamily(
            "treffsikker_ledger_alarms", "What a person must look at.", labels=("kind",)
        )
        for kind, count in sorted(counted.items()):
            gauge.add_metric([kind], count)
        return gauge

    def _last_night(self) -> GaugeMetricFamily:
        night = find_run_in_force(self.store)
        gauge = GaugeMetricFamily(
            "treffsikker_last_night_age_seconds", "Seconds since the last complete night ended."
        )
        if night is not None:
            gauge.add_metric([], self._age(night.ended_at))
        return gauge

    def _earliest(self, column: Column[datetime], status: RunStatus) -> datetime | None:
        query = select(func.min(column, type_=column.type)).where(tables.runs.c.status == status)
        with self.store.read_transaction() as connection:
            earliest: datetime | None = connection.execute(query).scalar()
        return earliest

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else (self.at - since).total_seconds()
