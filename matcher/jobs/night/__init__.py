"""The night: steps from the store to ranked suggestions and a report; begin with ``night.py``."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
