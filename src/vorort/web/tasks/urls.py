"""Addresses of the tasks."""

from django.urls import path

from vorort.web.tasks import days_views, views

urlpatterns = [
    path("aufgaben/", views.tasks, name="tasks"),
    path("aufgaben/tage/", days_views.task_days, name="task_days"),
    path("aufgaben/tage/setzen/", days_views.task_days_set, name="task_days_set"),
    path("aufgaben/<int:number>/erledigen/", views.end, name="task_end"),
    path("aufgaben/uebergabe/<int:number>/", views.handover, name="handover"),
]
