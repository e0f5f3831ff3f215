"""The URLs of the gallery."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.show, name="show"),
    path("log-in", views.log_in, name="log-in"),
    path("log-out", views.log_out, name="log-out"),
    path("pictures", views.add, name="add"),
    path("pictures/<int:pk>/delete", views.delete, name="delete"),
    path("picture-token", views.PictureTokenView.as_view(), name="picture-token"),
]
