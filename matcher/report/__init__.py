"""The report of a plan as one HTML page for screen or A4, and a picture of prices."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
