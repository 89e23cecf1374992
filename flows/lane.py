"""A further lane, in a process of its own: reads the project, and works its share of the messages once it is let.

`python -m flows.lane OPTIONS`, with dbt's options; a line of its input says how many lanes there are. A process whose
parent is gone before that ends, and has changed nothing.
"""

import os
import sys

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

QUIET = ["--target", "nightly", "--no-write-json", "--log-level", "none", "--log-level-file", "warn"]


def main(options: list[str]) -> bool:
    """Whether all was done that the lane was let do."""
    options = [*options, *QUIET]
    manifest = dbtRunner().invoke(["parse", *options]).result
    lanes = sys.stdin.readline().strip()
    if not lanes or not isinstance(manifest, Manifest):
        return False
    os.environ["RETENTION_LANES"] = lanes
    return dbtRunner(manifest=manifest).invoke(["run", "--select", "anonymized_messages", *options]).success


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
