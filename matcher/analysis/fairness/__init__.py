"""Fairness: outcomes of a plan by group, a test for proxies of barred facts, and drift."""

from matcher.analysis.fairness.drift import DriftAlarm, detect_drift
from matcher.analysis.fairness.group_outcomes import GroupOutcome, summarise_groups
from matcher.analysis.fairness.person_outcomes import build_person_outcomes
from matcher.analysis.fairness.proxy_audit import ProxyFinding, audit_proxies

__all__ = [
    "DriftAlarm",
    "GroupOutcome",
    "ProxyFinding",
    "audit_proxies",
    "build_person_outcomes",
    "detect_drift",
    "summarise_groups",
]
