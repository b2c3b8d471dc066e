"""Every address of the register: each part names its own. The table of rights in the tests walks
exactly these."""

from importlib.util import find_spec

from django.urls import include, path

from vorort.web.parts import APPS

WITH_PAGES = [app for app in APPS if find_spec(f"vorort.web.{app}.urls")]
urlpatterns = [path("", include(f"vorort.web.{app}.urls")) for app in WITH_PAGES]
