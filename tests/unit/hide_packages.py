"""Run the command as if some packages were not installed: PACKAGES ARGUMENTS..."""

import sys
from importlib.abc import MetaPathFinder

HIDDEN = frozenset(sys.argv[1].split(","))


class HidePackages(MetaPathFinder):
    """Finds nothing, and says so of the packages that are hidden."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


sys.meta_path.insert(0, HidePackages())
sys.argv = ["treffsikker", *sys.argv[2:]]

from matcher.cli import main  # noqa: E402

main()
