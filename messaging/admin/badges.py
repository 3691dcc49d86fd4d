"""The numbers beside the lines of the side bar."""

from django.http import HttpRequest

from messaging.models import Conversation


def questions_waiting(request: HttpRequest) -> str:
    """How many questions the staff have not answered."""
    return str(Conversation.objects.unanswered().count())
