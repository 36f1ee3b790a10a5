"""Instances from and to CSV, Excel and Parquet; every fault with its file, row and column."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
