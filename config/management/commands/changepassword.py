import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import passwords
from accounts.services.identifiers import find_person
from accounts.services.password_rules import check_new_password
from config.shared.errors import DomainError

TRIES = 3


class Command(BaseCommand):
    """Gives somebody a new password, with all that follows from it."""

    help = (
        "Give a person a new password. Every session of theirs ends, locks are lifted, and they "
        "are told on their verified phone and e-mail."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="Phone number, e-mail address or username.")

    def handle(self, *args: Any, **options: Any) -> str:
        person = find_person(options["person"])
        if person is None:
            raise CommandError(f"Nobody is called {options['person']}.")
        self.stdout.write(f"A new password for {person}")
        password = self._chosen(person)
        try:
            passwords.replace_password(
                user=person, new_password=password, actor=None, reason="At the console."
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        return f"The password of {person} was changed, and every session of theirs has ended."

    def _chosen(self, person: User) -> str:
        """A password that was typed twice and may be chosen."""
        names = (person.phone_number, person.email, person.username)
        for _ in range(TRIES):
            password = getpass.getpass("Password: ")
            if password != getpass.getpass("Password (again): "):
                self.stderr.write("The two are not the same.")
                continue
            try:
                check_new_password(password, identifiers=names)
            except DomainError as error:
                self.stderr.write(error.detail)
            else:
                return password
        raise CommandError("Nothing was changed.")
