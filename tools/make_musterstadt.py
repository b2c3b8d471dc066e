"""Write the scenario folder of the fictional town: `python tools/make_musterstadt.py [folder]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from musterstadt.folder import write

if __name__ == "__main__":
    default = Path(__file__).parent.parent / "examples" / "musterstadt"
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
