"""What an operation takes and gives, written beside it once: for the view and for the schema."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

HandlerT = TypeVar("HandlerT", bound=Callable[..., Any])


class Idempotency(StrEnum):
    """What an operation makes of the header ``Idempotency-Key``."""

    OPTIONAL = "optional"
    REQUIRED = "required"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Operation:
    """The contract of one operation; what is None is told by the view or by its method."""

    takes: type | None = None
    gives: type | None = None
    status: int | None = None
    many: bool = False
    idempotency: Idempotency | None = None
    summary: str | None = None
    tag: str | None = None
    operation_id: str | None = None
    example: Any = None
    answer: Any = None
    errors: tuple[int, ...] = ()
    parameters: tuple[Any, ...] = ()
    nothing: bool = False


def documented(**contract: Any) -> Callable[[HandlerT], HandlerT]:
    """Declare the contract of an action; see ``Operation`` for what can be said.

    ``takes`` and ``gives`` are serializer classes, ``status`` the code of success, ``nothing=True``
    an answer without a body (204), ``many=True`` a list; ``example`` and ``answer`` are example
    bodies of the request and the response; ``errors`` are statuses beyond the usual ones; and
    ``parameters`` are further ``OpenApiParameter`` objects. It makes no difference whether it
    stands above or below ``@action``.
    """
    if contract.get("nothing"):
        contract.setdefault("status", 204)

    def mark(handler: HandlerT) -> HandlerT:
        handler.operation = Operation(**contract)  # type: ignore[attr-defined]
        return handler

    return mark


def handler_of(view: Any) -> Any:
    """The method of ``view`` that answers its request: the action's, or the HTTP method's."""
    name = getattr(view, "action", None)
    if name is None and getattr(view, "request", None) is not None:
        name = (view.request.method or "").lower()
    return getattr(view, name, None) if name else None


def operation_of(view: Any) -> Operation:
    """The contract that the handler of ``view`` was declared with; an empty one if it was not."""
    return getattr(handler_of(view), "operation", None) or Operation()


def idempotency_of(view: Any) -> Idempotency:
    """What the present operation of ``view`` makes of ``Idempotency-Key``."""
    general: Any = getattr(view, "idempotency", Idempotency.OPTIONAL)
    return Idempotency(operation_of(view).idempotency or general)
