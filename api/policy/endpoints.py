"""Endpoints that show the policy in force, the policies to choose from, and the rule book."""

from fastapi import APIRouter

from api.access import Principal, Role, allow, shows_none
from api.answers import LISTED
from api.context import StoreHere
from api.policy.schemas import PolicyShown, RuleShown
from api.policy.service import policy_shown, rule_book
from matcher.policy import Policy, policy_names
from matcher.working.in_force import WITH_PROJECT, policy_in_force

router = APIRouter(
    prefix="/api/v1", tags=["policy"], dependencies=[shows_none("rules, weights and their texts")]
)
EVERYONE = tuple(Role)


@router.get("/policy", responses=LISTED)
def policy(store: StoreHere, who: Principal = allow(*EVERYONE)) -> PolicyShown:
    """Show the policy in force: that of the last complete night, with its hash."""
    return policy_shown(*policy_in_force(store))


@router.get("/policies", responses=LISTED)
def policies(who: Principal = allow(*EVERYONE)) -> list[PolicyShown]:
    """List the policies that come with the project."""
    return [policy_shown(Policy.named(name), WITH_PROJECT) for name in policy_names()]


@router.get("/rules", responses=LISTED)
def rules(store: StoreHere, who: Principal = allow(*EVERYONE)) -> list[RuleShown]:
    """Show the rule book: every rule and term, its texts in both languages, and every reason."""
    return rule_book(policy_in_force(store)[0])
