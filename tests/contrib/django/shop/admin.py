from __future__ import annotations

from django.contrib import admin

from imagekitio.contrib.django import ImageKitAdminMixin

from .models import Person, Shoe


@admin.register(Shoe)
class ShoeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    pass


@admin.register(Person)
class PersonAdmin(ImageKitAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    pass
