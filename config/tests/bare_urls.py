"""A site without documentation, health addresses and a back office where everybody looks."""

from django.contrib import admin
from django.urls import path

from config import views

urlpatterns = [
    path("", views.root, name="root"),
    path("a-path-of-our-own/", admin.site.urls),
]
