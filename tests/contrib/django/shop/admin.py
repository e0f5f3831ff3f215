from __future__ import annotations

from django.contrib import admin

from imagekitio.contrib.django import ImageKitAdminMixin

from .models import Person, Shoe


@admin.register(Shoe)
class ShoeAdmin(admin.ModelAdmin[Shoe]):
    pass


@admin.register(Person)
class PersonAdmin(ImageKitAdminMixin, admin.ModelAdmin[Person]):
    pass
