import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import imagekitio.contrib.django


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "photo",
                    imagekitio.contrib.django.ImageKitImageField(
                        height_field="photo_height",
                        id_field="photo_id",
                        max_length=400,
                        upload_to="",
                        width_field="photo_width",
                    ),
                ),
                ("photo_id", models.CharField(editable=False, max_length=40, unique=True)),
                ("photo_width", models.IntegerField(editable=False, null=True)),
                ("photo_height", models.IntegerField(editable=False, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
    ]
