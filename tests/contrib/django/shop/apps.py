from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "tests.contrib.django.shop"
    default_auto_field = "django.db.models.AutoField"
