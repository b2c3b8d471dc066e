"""Entry for a WSGI server. A real database with demo logins does not open, nor one in which people
are back who were deleted."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vorort.web.settings")

from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from vorort.web import assets

# Stylesheet and mark are served as they lie in the package; nothing is collected.
STATIC = Path(__file__).parent / "static"
application = WhiteNoise(get_wsgi_application(), root=STATIC, prefix="static/")
if assets.are_there():
    application.add_files(assets.FOLDER, prefix="static/")

from vorort.web.accounts.login import refuse_demo_logins  # noqa: E402 needs the apps
from vorort.web.retention.actions import refuse_undeleted  # noqa: E402

refuse_demo_logins()
refuse_undeleted()
