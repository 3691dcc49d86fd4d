"""The one clock is the database's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connections

from config.shared.clock import database_now


@pytest.mark.django_db
@pytest.mark.parametrize("using", ["default", "credentials"])
def test_the_time_is_the_database_s_in_utc_whatever_this_machine_believes(using):
    real = datetime.now(UTC)

    with time_machine.travel(datetime(2001, 1, 1, tzinfo=UTC)):
        now = database_now(using)

    assert abs(now - real) < timedelta(minutes=5)
    assert now.utcoffset() == timedelta(0)


@pytest.mark.django_db
def test_time_goes_on_within_a_transaction():
    first = database_now()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01)")

    assert database_now() - first >= timedelta(milliseconds=10)
