"""The command ``treffsikker``."""


def main() -> None:
    """Run the command."""
    # Processes that answer requests load this package again, and need none of the commands.
    from matcher.cli.app import main as run  # noqa: PLC0415

    run()


__all__ = ["main"]
