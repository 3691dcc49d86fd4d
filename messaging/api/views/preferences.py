"""How the caller wants to be told."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import APIView
from messaging.api import notification_examples as examples
from messaging.api.serializers.preferences import PreferencesSerializer
from messaging.services.preferences import preferences_of, replace_preferences


class PreferencesView(APIView):
    """The caller's channels by category, quiet hours and digest."""

    serializer_class = PreferencesSerializer
    permission_classes = [IsSignedIn]
    tag = "notifications"

    @documented(
        operation_id="notification_preferences_retrieve",
        summary="Get how you are told",
        answer=examples.PREFERENCES,
    )
    def get(self, request: Request) -> Response:
        """On which channels the caller is told of what, and when not.

        Every category is there; where nothing was chosen, `is_default` is true and the channels
        are the usual ones.
        """
        return self.answer(preferences_of(user=caller_of(request)))

    @documented(
        operation_id="notification_preferences_replace",
        summary="Choose how you are told",
        takes=PreferencesSerializer,
        example=examples.CHOICES,
        answer=examples.PREFERENCES,
    )
    def put(self, request: Request) -> Response:
        """Replace channels, quiet hours and digest.

        What you send is all of it: a category that is left out goes back to the usual. During quiet
        hours e-mails, SMS and pushes wait until they are over; with a digest, what is not urgent
        comes by e-mail in one piece, at eight in the morning. Security notices always come at
        once, on every channel that was proved: a choice for them is ignored.
        """
        return self.answer(replace_preferences(user=caller_of(request), **self.validated()))
