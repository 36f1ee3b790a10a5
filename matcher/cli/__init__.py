"""The command ``treffsikker``."""


def main() -> None:
    """Run the command."""
    # Server processes import this package again; they do not need the commands.
    from matcher.cli.app import main as run  # noqa: PLC0415

    run()


__all__ = ["main"]
