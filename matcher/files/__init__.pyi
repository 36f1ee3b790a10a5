from .faults import Fault as Fault
from .faults import FaultsError as FaultsError
from .reading import check as check
from .reading import from_frames as from_frames
from .reading import read as read
from .reading import read_with_warnings as read_with_warnings
from .writing import write as write
