"""Endpoints that show the policy in force, the policies to choose from, and the rule book."""

from fastapi import APIRouter

from api.access.disclosure import discloses_none
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import StoreDep
from api.policy.schemas import PolicyDetail, RuleBookEntry
from api.policy.service import describe_policy, list_rule_book
from api.problems import LIST_ERRORS
from matcher.domain.roles import Role
from matcher.jobs.in_force import BUNDLED, policy_in_force
from matcher.policy.policy import Policy, list_policy_names

router = APIRouter(
    prefix="/api/v1",
    tags=["policy"],
    dependencies=[discloses_none("rules, weights and their texts")],
)
ALL_ROLES = tuple(Role)


@router.get("/policy", responses=LIST_ERRORS)
def get_policy(store: StoreDep, principal: Principal = allow(*ALL_ROLES)) -> PolicyDetail:
    """Show the policy in force: that of the last complete night, with its hash."""
    return describe_policy(*policy_in_force(store))


@router.get("/policies", responses=LIST_ERRORS)
def list_policies(principal: Principal = allow(*ALL_ROLES)) -> list[PolicyDetail]:
    """List the policies that come with the project."""
    return [describe_policy(Policy.named(name), BUNDLED) for name in list_policy_names()]


@router.get("/rules", responses=LIST_ERRORS)
def list_rules(store: StoreDep, principal: Principal = allow(*ALL_ROLES)) -> list[RuleBookEntry]:
    """Show the rule book: every rule and term, its texts in both languages, and every reason."""
    return list_rule_book(policy_in_force(store)[0])
