"""The files that put Courtyard on a server fit each other and what the project can do."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from config.tests.sources import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
PROCESSES = ("migrate", "web", "realtime", "worker")
RUN = (
    "python3 -m venv .venv && .venv/bin/pip install -r requirements/dev.txt"
    " && .venv/bin/python manage.py demo"
)
TEST = (
    "python3 -m venv .venv && .venv/bin/pip install -r requirements/dev.txt"
    " && .venv/bin/pytest -n 2"
)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


def words_of(command: Any) -> str:
    return " ".join(command) if isinstance(command, list) else str(command)


def management_commands(text: str) -> set[str]:
    return set(re.findall(r"manage\.py ([a-z_]+)", text))


def test_only_the_proxy_is_reachable_from_outside(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "ports" in service} == {"nginx"}


def test_each_database_has_a_server_a_secret_and_a_volume_of_its_own(
    services: dict[str, Any],
) -> None:
    main, other = services["postgres"], services["postgres-credentials"]

    assert main["volumes"] != other["volumes"]
    assert main["secrets"] != other["secrets"]
    assert main["environment"]["POSTGRES_USER"] != other["environment"]["POSTGRES_USER"]


@pytest.mark.parametrize("name", PROCESSES)
def test_our_containers_may_do_little(services: dict[str, Any], name: str) -> None:
    service = services[name]

    assert service["image"] == "courtyard:latest"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_everything_waits_for_the_migrations(services: dict[str, Any]) -> None:
    for name in ("web", "realtime", "worker"):
        waits = services[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_all_commands_of_servers_exist(services: dict[str, Any]) -> None:
    used = {
        command
        for service in services.values()
        for command in management_commands(words_of(service.get("command", "")))
    }
    for unit in UNITS:
        used |= management_commands(unit.read_text(encoding="utf-8"))
    for page in ("README.md", "docs/operations.md"):
        used |= management_commands((ROOT / page).read_text(encoding="utf-8"))

    assert used - set(get_commands()) == set()
    assert {"migrate", "worker"} <= used


def test_the_image_holds_what_it_copies_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }

    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE))

    paths = {path for line in copied for path in line.split()}
    assert paths == let_in
    assert all((ROOT / path).exists() for path in paths)
    assert re.search(r"^USER courtyard$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert text.count("\nFROM ") == 2


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units_are_confined_and_belong_together(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")

    for line in ("User=courtyard", "NoNewPrivileges=yes", "ProtectSystem=strict"):
        assert f"\n{line}\n" in text
    assert "\nPartOf=courtyard.target\n" in text
    target = (ROOT / "deploy" / "systemd" / "courtyard.target").read_text(encoding="utf-8")
    assert unit.name in target


def test_everything_that_the_media_server_needs_is_filled_in_and_told_of() -> None:
    template = (ROOT / "deploy/nginx/live.conf.template").read_text(encoding="utf-8")
    unit = (ROOT / "deploy/systemd/courtyard-live.service").read_text(encoding="utf-8")
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

    needed = set(re.findall(r"\$\{([A-Z_]+)\}", template))

    assert set(re.findall(r"\$\$\{([A-Z_]+)\}", unit)) == needed
    assert needed <= set(re.findall(r"^([A-Z_]+)=", page, re.MULTILINE))
    assert "error_log ${LIVE_FOLDER}/error.log warn;" in template
    assert "deny play all;" in template


def test_the_proxy_accepts_its_configuration(
    require_service: Callable[[str], None], tmp_path: Path
) -> None:
    require_service("nginx")
    certificate, key = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    make_certificate(certificate, key)
    site = (ROOT / "deploy/nginx/courtyard.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/nginx/tls", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    further = str(ROOT / "deploy/nginx/live-location.conf")
    site = site.replace("/etc/nginx/courtyard.d/*.conf", further)
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    upstreams = ROOT / "deploy/nginx/local-upstreams.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/nginx.pid; events {{}} http {{ access_log off; {folders}"
        f" include {upstreams}; include {tmp_path}/site.conf; }}",
        encoding="utf-8",
    )

    done = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"},
    )

    assert done.returncode == 0, done.stderr


def make_certificate(certificate: Path, key: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "courtyard.invalid")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.mark.parametrize(("path", "status"), [("/health/live/", 0), ("/nothing/", 1)])
def test_the_probe_tells_a_living_process_from_a_broken_one(
    live_server: Any, path: str, status: int
) -> None:
    port = live_server.url.rpartition(":")[2]

    assert probe(port, path) == status


def test_the_probe_finds_nobody_at_a_closed_port() -> None:
    assert probe("9", "/health/live/") == 1


def probe(port: str, path: str) -> int:
    return subprocess.run(
        [sys.executable, "deploy/probe.py", path],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": port, "ALLOWED_HOSTS": "localhost"},
        check=False,
        timeout=30,
    ).returncode


def test_the_throwaway_environment_starts_production(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "deploy/throwaway_environment.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "environment").write_text(made.stdout, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": str(tmp_path / "environment"),
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [RUN, TEST])
def test_the_readme_gives_one_command_to_run_and_one_to_test(command: str) -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()

    assert lines.count(command) == 1


@pytest.mark.parametrize("script", [".ci/run", ".ci/smoke"])
def test_the_scripts_of_continuous_integration_are_sound(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    done = subprocess.run(["bash", "-n", script], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
