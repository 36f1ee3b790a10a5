"""Why one cell cannot be read."""


class CellError(ValueError):
    """A cell's text is not what its column holds.

    Parameters
    ----------
    code : str
        What kind of fault.
    **facts : str
        What its sentences mention.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
