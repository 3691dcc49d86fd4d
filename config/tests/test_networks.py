"""The back office is there for the networks that the operator names, and for nobody else."""

from typing import Any

import pytest
from django.test import Client

from config.shared.networks import is_within
from config.tests.production import start

OFFICE = ["192.0.2.0/24", "2001:db8::/32"]
LOGIN = "/admin/login/"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("192.0.2.7", 200),
        ("::ffff:192.0.2.7", 200),
        ("2001:db8::1", 200),
        ("198.51.100.7", 404),
        ("2001:db9::1", 404),
        ("", 404),
    ],
)
def test_the_back_office_is_there_for_named_networks(
    client: Client, settings: Any, db: None, address: str, status: int
) -> None:
    settings.ADMIN_ALLOWED_NETWORKS = OFFICE

    assert client.get(LOGIN, REMOTE_ADDR=address).status_code == status
    assert client.post(LOGIN, {}, REMOTE_ADDR=address).status_code == status


def test_nobody_claims_a_network_they_are_not_in(client: Client, settings: Any, db: None) -> None:
    settings.ADMIN_ALLOWED_NETWORKS = OFFICE
    forged = {"REMOTE_ADDR": "198.51.100.7", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}

    assert client.get(LOGIN, **forged).status_code == 404


@pytest.mark.parametrize("path", ["/", "/api/v1/health/live/"])
def test_the_rest_of_the_site_is_there_for_everybody(
    client: Client, settings: Any, db: None, path: str
) -> None:
    settings.ADMIN_ALLOWED_NETWORKS = OFFICE

    assert client.get(path, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_without_names_the_back_office_is_there_for_everybody(client: Client, db: None) -> None:
    assert client.get(LOGIN, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_what_is_no_address_is_nowhere() -> None:
    assert not is_within("testclient", ["0.0.0.0/0"])


@pytest.mark.parametrize("value", ["10.0.0.1/8", "office", "10.0.0.0/33"])
def test_a_network_that_is_none_stops_the_start(value: str) -> None:
    refused = start("production", ADMIN_ALLOWED_NETWORKS=value)

    assert refused.returncode == 1
    assert "ADMIN_ALLOWED_NETWORKS must be networks such as" in refused.stderr


def test_networks_are_read_as_a_list() -> None:
    found = start(
        "production", "ADMIN_ALLOWED_NETWORKS", ADMIN_ALLOWED_NETWORKS="10.0.0.0/8, 2001:db8::/32"
    )

    assert '"ADMIN_ALLOWED_NETWORKS": ["10.0.0.0/8", "2001:db8::/32"]' in found.stdout
