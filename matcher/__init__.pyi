from .domain import Instance as Instance
from .domain import Plan as Plan
from .files.reading import from_frames as from_frames
from .files.reading import read as read
from .files.writing import write as write
from .policy.policy import Policy as Policy
from .problem.problem import Problem as Problem
from .ranking.rank import Ranking as Ranking
from .ranking.rank import rank as rank
from .solve.result import Result as Result
from .solve.solver import solve as solve
from .solve.stopping import StopCriteria as StopCriteria

__version__: str
