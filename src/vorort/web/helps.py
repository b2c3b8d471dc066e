"""What a clerk may want to know on a page: by the name of its address. German: Hilfe

Each part brings its own (`help.py`: `HELP`); they stand folded on the page and together on one.
"""

from importlib import import_module
from importlib.util import find_spec

from vorort.vocabulary import Text
from vorort.web.parts import APPS

HELP: dict[str, tuple[Text, ...]] = {}
for _app in APPS:
    if find_spec(f"vorort.web.{_app}.help"):
        HELP |= import_module(f"vorort.web.{_app}.help").HELP
