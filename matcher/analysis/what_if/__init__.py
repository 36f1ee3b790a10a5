"""What-ifs: tonight's queue planned under changed circumstances, and what would be different."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
