"""``erase_user``: forgets one person, for who asks by other ways."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.choices import SessionEnd
from accounts.exceptions import ErasureRefusedError
from accounts.models import ErasureRequest, User
from accounts.services import sessions
from accounts.services.erasure import carry_out, erase_rows, obstacles_of, schedule
from config.management.people import person_named


class Command(BaseCommand):
    """Erases a person, or says what stands against it."""

    help = "Erase a person: after the days in which they could come back, or with --now at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="A key, phone number, e-mail address or username.")
        parser.add_argument("--now", action="store_true", help="Leave them no time to come back.")
        parser.add_argument("--reason", default="", help="For the audit.")
        parser.add_argument("--dry-run", action="store_true", help="Count, and erase nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_named(options["person"])
        if person.anonymised_at is not None:
            raise CommandError("This person has been erased already.")
        if options["dry_run"]:
            self.rehearse(person)
            return
        request = ErasureRequest.objects.open().filter(user=person).first()
        if request is None:
            request = self.scheduled(person, options)
        elif options["now"]:
            ErasureRequest.objects.filter(pk=request.pk).update(due_at=request.created_at)
        counts = carry_out(request_id=request.pk)
        if counts is None:
            request.refresh_from_db()
            self.stdout.write(f"They will be erased on {request.due_at:%Y-%m-%d %H:%M} UTC.")
        else:
            self.report(counts)
            self.stdout.write(self.style.SUCCESS("Erased."))

    def scheduled(self, person: User, options: dict[str, Any]) -> ErasureRequest:
        """A new request, or a ``CommandError`` with everything that stands against it."""
        try:
            request = schedule(
                person, asked_by=None, reason=options["reason"], at_once=options["now"]
            )
        except ErasureRefusedError as error:
            raise CommandError(f"They cannot be erased yet. {error.detail}") from error
        sessions.revoke_rows(user_id=person.pk, reason=SessionEnd.ADMIN)
        return request

    def rehearse(self, person: User) -> None:
        """Count what would go, and take it all back."""
        for obstacle in obstacles_of(person):
            raise CommandError(f"They cannot be erased yet. {obstacle.detail}")
        with transaction.atomic():
            counts = erase_rows(person)
            transaction.set_rollback(True)
        self.report(counts)
        self.stdout.write("Nothing was erased.")

    def report(self, counts: dict[str, int]) -> None:
        """Say in figures what went."""
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count:,} rows")
