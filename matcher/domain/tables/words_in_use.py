"""The languages, occupation groups and hospitals that an instance names."""

from matcher.domain.instance import Instance


def list_languages(instance: Instance) -> tuple[str, ...]:
    """List every language that a member speaks or a municipality mentions, sorted."""
    spoken = {word for h in instance.households for p in h.members for word in p.languages}
    interpreted = {w for m in instance.municipalities for w in m.interpreter_languages or ()}
    in_communities = {word for m in instance.municipalities for word, _ in m.communities}
    return tuple(sorted((spoken | interpreted | in_communities) - {"*"}))


def list_occupations(instance: Instance) -> tuple[str, ...]:
    """List every occupation group that a member has or a municipality mentions, sorted."""
    of_members = {p.occupation for h in instance.households for p in h.members if p.occupation}
    return tuple(sorted(of_members | {word for m in instance.municipalities for word, _ in m.jobs}))


def list_hospitals(instance: Instance) -> tuple[str, ...]:
    """List every hospital that a municipality, travel time or member names, sorted."""
    located = {name for m in instance.municipalities for name in m.hospitals}
    reachable = {travel_time.hospital for travel_time in instance.travel_times}
    needed = {p.hospital_name for h in instance.households for p in h.members if p.hospital_name}
    return tuple(sorted(located | reachable | needed))
