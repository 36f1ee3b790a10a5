from .changes import WhatIfChanges as WhatIfChanges
from .changes import parse_parameter as parse_parameter
from .result import MunicipalityShift as MunicipalityShift
from .result import WhatIfResult as WhatIfResult
from .result import solve_what_if as solve_what_if
