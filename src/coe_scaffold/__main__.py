"""Run the command line with ``python -m coe_scaffold``."""

from coe_scaffold.cli.main import main

if __name__ == "__main__":
    main()
