"""``Idempotency-Key``: a POST whose answer was lost can be sent again and happens once.

The key is inserted in the transaction of the effect. Whoever repeats it meanwhile waits on the
unique index and then gets the first answer; a crash leaves neither key nor effect behind.

A ``stepwise`` operation (one that writes to both databases, or asks somebody outside between two
transactions) cannot be one transaction. Its key is committed first and the answer afterwards;
whoever repeats it meanwhile gets a 409. After a crash the key is free again in two minutes, and
the service, which has to bear that anyway, is asked once more.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial, update_wrapper
from typing import Any

import orjson
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.models import Model, Q
from django.db.models.functions import Now
from django.http import QueryDict
from psycopg.pq import TransactionStatus
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.shared.database_problems import LOCK_NOT_AVAILABLE, sqlstate
from config.shared.errors import ConflictError, DomainError, FieldError, InvalidInputError
from config.shared.operations import Idempotency, idempotency_of, operation_of
from config.shared.problems import CONTENT_TYPE, as_domain_error
from config.shared.renderers import to_json
from config.shared.retries import retry_transaction

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_FOR = timedelta(hours=24)
# Longer than any request lives, shorter than anybody waits before they try again.
STEPWISE_LIMIT = timedelta(minutes=2)
SHAPE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
DONE = "done"
# Answers that say "not now" or "not you": the same request may fare better later.
NOT_KEPT = frozenset({401, 408, 425, 429})
KEPT_HEADERS = ("ETag", "Location", "Retry-After")

Handler = Callable[..., Response]


class KeyRequiredError(InvalidInputError):
    """The operation insists on a key, so that its effect cannot happen twice."""

    code = "idempotency_key_required"
    title = "This operation needs an Idempotency-Key"


class KeyInvalidError(InvalidInputError):
    """The key is not 1 to 255 printable ASCII characters."""

    code = "idempotency_key_invalid"
    title = "The Idempotency-Key is not acceptable"


class KeyReusedError(DomainError):
    """The key already belongs to a request with another body, path or method."""

    code = "idempotency_key_reused"
    status = 422
    title = "This Idempotency-Key was used for another request"


class KeyInUseError(ConflictError):
    """The first request with this key is still being worked on."""

    code = "idempotency_key_in_use"
    title = "A request with this Idempotency-Key is still being worked on"

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class IdempotentMixin(APIView):
    """Makes every POST of a view repeatable by key, each owner's keys apart from all others'.

    Operations declare ``idempotency`` (see ``documented``) or the view has it as an attribute:
    ``optional`` (everywhere by default), ``required``, or ``exempt`` for answers that hold tokens
    or other secrets, which must not be stored. Without a signed-in caller a key means nothing.
    """

    idempotency = Idempotency.OPTIONAL

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        handler = getattr(self, "post", None)
        rule = idempotency_of(self)
        if request.method != "POST" or handler is None or rule == Idempotency.EXEMPT:
            return
        key = key_of(request, required=rule == Idempotency.REQUIRED)
        if key is not None and request.user.is_authenticated:
            whole = retry_transaction(self._once)
            steps = operation_of(self).stepwise
            once = partial(self._in_steps if steps else whole, key, handler)
            # What the handler declares (``documented``) is read from whatever stands in its place.
            self.post: Any = update_wrapper(once, handler)

    def _in_steps(
        self, key: str, handler: Handler, request: Request, *args: Any, **kwargs: Any
    ) -> Any:
        row, is_first = claim(key, request, life=STEPWISE_LIMIT)
        if not is_first:
            return replay(row)
        try:
            response = handler(request, *args, **kwargs)
        except Exception as error:
            if not is_refusal(error):
                row.delete()
                raise
            response = self.handle_exception(error)
        keep_or_forget(row, response)
        return response

    def _once(self, key: str, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Any:
        row, is_first = claim(key, request)
        if not is_first:
            return replay(row)
        response = self._handled(partial(handler, request, *args, **kwargs))
        if response.status_code >= 500:
            transaction.set_rollback(True)
        else:
            keep_or_forget(row, response)
        return response

    def _handled(self, call: Callable[[], Response]) -> Response:
        """The answer of ``call``, refusals included; a fault or a 5xx rises and undoes it all."""
        try:
            with transaction.atomic():
                return self._attempted(call)
        except Exception as error:
            if not is_refusal(error):
                raise
            return self.handle_exception(error)

    def _attempted(self, call: Callable[[], Response]) -> Response:
        """As without a key: what a service wrote before it refused (a counter, say) stays."""
        try:
            return call()
        except Exception as error:
            if is_transaction_broken() or not is_refusal(error):
                raise
            return self.handle_exception(error)


def is_refusal(error: Exception) -> bool:
    """Whether ``error`` is an answer to the caller rather than a failure of ours."""
    meant = as_domain_error(error)
    return meant is not None and meant.status < 500


def is_transaction_broken() -> bool:
    """Whether the open transaction can do nothing any more but roll back."""
    state = connection.connection.info.transaction_status
    return transaction.get_rollback() or state == TransactionStatus.INERROR


def key_of(request: Request, *, required: bool) -> str | None:
    """The key that ``request`` was sent with, None without one; refuses malformed ones."""
    key = request.headers.get(HEADER)
    if key is None:
        if required:
            detail = f"Send a header {HEADER} with a value of your own choice, say a UUID."
            raise KeyRequiredError(detail, errors=[FieldError("", KeyRequiredError.code, detail)])
        return None
    if not SHAPE.fullmatch(key):
        detail = f"{HEADER} has 1 to 255 printable ASCII characters."
        raise KeyInvalidError(detail, errors=[FieldError("", KeyInvalidError.code, detail)])
    return key


def fingerprint(request: Request) -> str:
    """What makes two requests the same: method, path, query and parsed body."""
    data = request.data
    body = dict(data.lists()) if isinstance(data, QueryDict) else data
    content = body if isinstance(body, bytes) else to_json(body, sort_keys=True)
    head = f"{request.method}\n{request.get_full_path()}\n".encode()
    return hashlib.sha256(head + content).hexdigest()


def claim(key: str, request: Request, *, life: timedelta = KEPT_FOR) -> tuple[Any, bool]:
    """The row of ``key`` and whether it is this request's own; waits for one that is at work.

    ``life`` is how long the key is taken should no answer ever be stored.

    Raises ``KeyReusedError`` when the key stands for another request, and ``KeyInUseError`` when
    the first is not done within the session's ``lock_timeout``.
    """
    keys: Any = apps.get_model("accounts", "IdempotencyKey")
    mine = keys(
        owner=request.user,
        key=key,
        method=request.method,
        path=request.path[:500],
        fingerprint=fingerprint(request),
        expires_at=Now() + life,
    )
    try:
        row = _insert_or_find(keys, mine)
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        raise KeyInUseError from error
    if row.pk == mine.pk:
        return row, True
    if row.fingerprint != mine.fingerprint:
        raise KeyReusedError
    if row.status != DONE:
        raise KeyInUseError
    return row, False


def _insert_or_find(keys: type[Model], mine: Any) -> Any:
    rows = keys._default_manager.filter(owner=mine.owner, key=mine.key)
    for _ in range(3):
        keys._default_manager.bulk_create([mine], ignore_conflicts=True)
        row = rows.alias(expired=Q(expires_at__lte=Now())).filter(expired=False).first()
        if row is not None:
            return row
        rows.filter(expires_at__lte=Now()).delete()
    raise KeyInUseError


def keep_or_forget(row: Any, response: Any) -> None:
    """Store ``response`` as the answer that repetitions get, or free its key."""
    lasting = response.status_code < 500 and response.status_code not in NOT_KEPT
    if not (lasting and isinstance(response, Response)):
        row.delete()
        return
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    row.status = DONE
    row.response_status = response.status_code
    row.response_body = to_json({"headers": headers, "data": response.data})
    row.expires_at = Now() + KEPT_FOR
    row.save(update_fields=["status", "response_status", "response_body", "expires_at"])


def replay(row: Any) -> Response:
    """The answer that was stored, marked as a repetition."""
    kept = orjson.loads(bytes(row.response_body))
    return Response(
        kept["data"],
        status=row.response_status,
        headers={**kept["headers"], REPLAYED: "true"},
        content_type=CONTENT_TYPE if row.response_status >= 400 else None,
    )
