"""Make a store for the measurement: a queue, a complete night, and a caseworker's API key."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath

import numpy as np

from instances import Profile, generate
from matcher.problem.problem import Problem
from matcher.report.result_writing import format_result
from matcher.solve.solver import price_places, solve
from matcher.store import runs
from matcher.store.importing import import_instance
from matcher.store.instance_loading import load_instance_at
from matcher.store.service.api_keys import create_key
from matcher.store.stamp import Stamp
from matcher.store.store import Store, upgrade

ACTOR = "benchmark"


@dataclass(frozen=True, slots=True)
class PreparedStore:
    """A store that is ready for requests.

    Parameters
    ----------
    url : str
        Address of the store.
    key : str
        API key of a caseworker's system.
    households : tuple of str
        Identifiers of the waiting households.
    """

    url: str
    key: str
    households: tuple[str, ...]


def prepare_store(
    folder: Path, profile: str, households: int, seed: int, at: datetime
) -> PreparedStore:
    """Make a store with a queue on the real municipalities, and its night.

    The plan comes from the greedy backend, which is fast; the prices come from the relaxation, as
    on any night.

    Parameters
    ----------
    folder : Path
        Folder for the store.
    profile, households, seed
        Of the queue.
    at : datetime
        Time of the import and of the night.
    """
    url = f"sqlite:///{folder}/store.db"
    upgrade(url)
    chosen = Profile.read(profile)
    # At the end of a year, who moves in in January needs decisions of the next.
    places = replace(chosen.places, decided_next_year=1.0)
    queue = generate(replace(chosen, places=places), seed=seed, households=households)
    queue = queue.replace(today=at.date())
    with Store.open(url) as store:
        import_instance(store, queue, Stamp(at, ACTOR, "import"))
        store_night(store, at)
        key, _ = create_key(
            store,
            ACTOR,
            ["caseworker", "operator"],
            at=at,
            expires_at=at + timedelta(days=2),
            made_by=ACTOR,
        )
    return PreparedStore(url, key, tuple(h.id for h in queue.households))


def store_night(store: Store, at: datetime) -> None:
    """Plan the queue, and store the plan as a complete night."""
    run = runs.enqueue_run(store, runs.NIGHT_KIND, {}, day=at.date(), at=at, asked_by=ACTOR).id
    runs.claim_run(store, [runs.NIGHT_KIND], worker=ACTOR, at=at, stalled_before=at, run=run)
    problem = Problem.of(load_instance_at(store, at.date()))
    result = solve(problem, backend="greedy")
    assert result.choice is not None
    result = replace(result, prices=price_places(problem, np.asarray(result.choice)))
    for file, body in format_result(problem, result).items():
        runs.store_output(
            store,
            run,
            worker=ACTOR,
            at=at,
            name=PurePath(file).stem,
            media_type="text/plain",
            body=body,
        )
    runs.complete_run(store, run, worker=ACTOR, at=at)
