from __future__ import annotations

from django.contrib import admin

from imagekitio.contrib.django import ImageKitAdminMixin

from .models import Album, Person, Shoe, Slide


@admin.register(Shoe)
class ShoeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    pass


class TabularSlides(ImageKitAdminMixin, admin.TabularInline):  # type: ignore[type-arg]
    model = Slide
    extra = 0


class StackedSlides(ImageKitAdminMixin, admin.StackedInline):  # type: ignore[type-arg]
    model = Slide
    extra = 0


@admin.register(Album)
class AlbumAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    inlines = (TabularSlides, StackedSlides)


@admin.register(Person)
class PersonAdmin(ImageKitAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    pass
