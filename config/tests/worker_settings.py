"""Settings of a worker that a test starts beside itself: the same, on the test's database."""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES

for alias, variable in (
    ("default", "WORKER_TEST_DATABASE"),
    ("credentials", "WORKER_TEST_CREDENTIALS"),
):
    DATABASES[alias]["NAME"] = os.environ[variable]

PROCRASTINATE_IMPORT_PATHS = ["config.tests.worker_jobs"]
