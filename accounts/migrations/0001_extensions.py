"""Extensions that later migrations build on; a plain database owner may create them."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from config.shared.geo import CubeExtension


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [CubeExtension(), BtreeGistExtension()]
