"""Signed contracts among the files."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_exports'),
    ]

    operations = [
        migrations.AlterField(
            model_name='mediafile',
            name='purpose',
            field=models.CharField(choices=[('message', 'Message'), ('listing', 'Listing'), ('update', 'Construction update'), ('phase', 'Progress phase'), ('change_request', 'Change request'), ('verification', 'Verification'), ('development', 'Development'), ('unit', 'Unit'), ('organization', 'Organization'), ('avatar', 'Avatar'), ('work_request', 'Work request'), ('application', 'Application'), ('paper', 'Contractor paper'), ('contract', 'Signed contract'), ('export', "Archive of a person's data")], max_length=20),
        ),
    ]
