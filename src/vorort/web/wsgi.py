"""Entry for a WSGI server. A real database with demo logins does not open."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vorort.web.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from vorort.web.accounts.login import refuse_demo_logins  # noqa: E402 needs the apps

refuse_demo_logins()
