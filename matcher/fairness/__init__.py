"""Fairness: outcomes of a plan by group, a test for proxies of barred facts, and drift."""

from matcher.fairness.audit import Finding, audit
from matcher.fairness.drift import Alarm, alarms
from matcher.fairness.groups import Group, groups
from matcher.fairness.outcomes import outcomes

__all__ = ["Alarm", "Finding", "Group", "alarms", "audit", "groups", "outcomes"]
