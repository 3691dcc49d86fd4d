"""How a process gets to hear what happens."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections

from config.settings.environment import parse_database_url
from messaging.sockets.listening import listening_parameters


@pytest.mark.django_db
def test_it_listens_to_the_default_database() -> None:
    parameters = listening_parameters()

    assert parameters["dbname"] == connections["default"].settings_dict["NAME"]
    assert parameters["application_name"] == "courtyard live"
    assert not {"context", "cursor_factory", "prepare_threshold"} & set(parameters)


def test_it_goes_past_a_pooler_where_an_address_says_how(settings: LazySettings) -> None:
    address = "postgresql+asyncpg://listener:secret@db.example:5433/courtyard?sslmode=require"
    settings.REALTIME_DATABASE = parse_database_url(address)

    expected: dict[str, Any] = {
        "dbname": "courtyard",
        "user": "listener",
        "password": "secret",
        "host": "db.example",
        "port": 5433,
        "sslmode": "require",
        "application_name": "courtyard live",
    }
    assert listening_parameters() == expected
