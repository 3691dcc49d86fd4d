"""One-time codes: asked for and shown; new contacts; fresh proof."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import answers
from accounts.api.callers import caller_in_session, facts_of, maybe_caller_of
from accounts.api.serializers.codes import (
    SEND_EXAMPLE,
    SENT_EXAMPLE,
    SHOW_EXAMPLE,
    CodeConfirmation,
    EmailChange,
    FreshProof,
    OTPRequest,
    OTPResponse,
    OTPVerified,
    OTPVerify,
    PhoneChange,
    SendOTPRequest,
    VerifyOTPRequest,
)
from accounts.api.serializers.sign_in import (
    TOKENS_EXAMPLE,
    SecondFactorRequired,
    Token,
    TokenResponse,
)
from accounts.api.throttles import SignInThrottle
from accounts.choices import CodePurpose
from accounts.services import code_sign_in, contact_change, step_up
from config.shared.operations import Idempotency, documented
from config.shared.permissions import IsSignedInUnverified, Public
from config.shared.viewsets import APIView


class CodeView(APIView):
    """Codes, for people who are signed in or not."""

    permission_classes = [Public]
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"


class SendOTPView(CodeView):
    """Codes on their way."""

    @extend_schema(request=answers.one_of("CodeRequest", OTPRequest, SendOTPRequest))
    @documented(
        takes=SendOTPRequest,
        gives=OTPResponse,
        status=202,
        example=SEND_EXAMPLE,
        answer=SENT_EXAMPLE,
    )
    def post(self, request: Request) -> Response:
        """Send a code.

        Known and unknown contacts get the same answer. A contact is sent at most one code a
        minute, three an hour and ten a day; then the answer is 429 with `Retry-After`. A newer
        code replaces the one before it. For `verification` sign in first. While no SMS or no
        e-mail gets through at all, the answer says so (`delayed`), whoever is asked for.
        """
        issued = code_sign_in.send(
            **self.validated(),
            user=maybe_caller_of(request),
            ip_prefix=facts_of(request).ip_prefix,
        )
        return self.answer(issued)


class VerifyOTPView(CodeView):
    """Codes that are shown."""

    @extend_schema(
        request=answers.one_of("CodeShown", OTPVerify, VerifyOTPRequest),
        responses={200: answers.one_of("CodeOutcome", Token, SecondFactorRequired, OTPVerified)},
    )
    @documented(takes=VerifyOTPRequest, example=SHOW_EXAMPLE, answer=TOKENS_EXAMPLE)
    def post(self, request: Request) -> Response:
        """Show a code.

        A code for signing in or registering is answered with tokens, or asks for the second
        factor; one for verification marks your phone number or e-mail address as verified. After
        three wrong tries a code is dead, also for the right digits.
        """
        outcome = code_sign_in.show(
            **self.validated(), user=maybe_caller_of(request), request_facts=facts_of(request)
        )
        return answers.code_shown(outcome)


class OwnCodeView(CodeView):
    """Codes for people who are signed in."""

    permission_classes = [IsSignedInUnverified]


class ChangePhoneView(OwnCodeView):
    """Another phone number."""

    @documented(
        takes=PhoneChange,
        gives=OTPResponse,
        status=202,
        example={"phone_number": "+971507654321"},
        answer=SENT_EXAMPLE,
        errors=(403,),
    )
    def post(self, request: Request) -> Response:
        """Ask for another phone number.

        Takes a fresh sign-in (`auth/step-up/`). A code is sent to the new number.
        """
        caller = caller_in_session(request)
        return self.answer(contact_change.ask_to_change(caller, **self.validated()))


class ConfirmPhoneView(OwnCodeView):
    """The proof of another phone number."""

    purpose = CodePurpose.CHANGE_PHONE

    @documented(
        takes=CodeConfirmation,
        gives=TokenResponse,
        example=SHOW_EXAMPLE,
        answer=TOKENS_EXAMPLE,
        errors=(403, 409),
    )
    def post(self, request: Request) -> Response:
        """Confirm the new one with the code that was sent there.

        Every other session ends, and the old contact is told. The answer has new tokens.
        """
        caller = caller_in_session(request)
        tokens = contact_change.confirm_change(caller, purpose=self.purpose, **self.validated())
        return self.answer(tokens)


class ChangeEmailView(OwnCodeView):
    """Another e-mail address."""

    @documented(
        takes=EmailChange,
        gives=OTPResponse,
        status=202,
        example={"email": "priya.nair@courtyard.example"},
        answer=SENT_EXAMPLE,
        errors=(403,),
    )
    def post(self, request: Request) -> Response:
        """Ask for another e-mail address.

        Takes a fresh sign-in (`auth/step-up/`). A code is sent to the new address.
        """
        caller = caller_in_session(request)
        return self.answer(contact_change.ask_to_change(caller, **self.validated()))


class ConfirmEmailView(ConfirmPhoneView):
    """The proof of another e-mail address."""

    purpose = CodePurpose.CHANGE_EMAIL


class StepUpView(OwnCodeView):
    """Fresh proof that it is still the owner who asks."""

    @extend_schema(responses={202: OTPResponse, 204: None})
    @documented(takes=FreshProof, example={"password": "seven green parrots"})
    def post(self, request: Request) -> Response:
        """Confirm that it is you.

        With the password, or with a challenge and its code, the session counts as freshly signed
        in for ten minutes (204). With neither, a code is sent to your verified phone or e-mail
        (202).
        """
        return answers.confirmed(step_up.confirm(caller_in_session(request), **self.validated()))
