"""What an operation takes and gives, written beside it once: for the view and for the schema."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

STANDARD_WRITES = frozenset({"create", "update", "partial_update"})

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
    paginated: bool = False
    idempotency: Idempotency | None = None
    stepwise: bool = False
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
    an answer without a body (204), ``many=True`` a plain list, ``paginated=True`` one that the view
    filters and pages (``self.listed``). ``example`` and ``answer`` are example bodies of the
    request and the response, ``errors`` statuses beyond the usual ones, ``parameters`` further
    ``OpenApiParameter`` objects. ``stepwise=True`` is for services that commit in several steps of
    their own (see ``config.shared.idempotency``). It makes no difference whether it stands above
    or below ``@action``.
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


def input_class_of(view: Any) -> Any:
    """The serializer class of the body, None for an operation that has none.

    Beyond what the operation declares, creating and changing take the view's
    ``input_serializer_class``, or what it shows.
    """
    takes = operation_of(view).takes
    if takes is not None:
        return takes
    general = getattr(view, "input_serializer_class", None)
    action = getattr(view, "action", None)
    if action in STANDARD_WRITES:
        return general or view.get_serializer_class()
    return general if action is None else None


def output_class_of(view: Any) -> Any:
    """The serializer class of the answer, None for an operation that has no body."""
    operation = operation_of(view)
    if operation.nothing or getattr(view, "action", None) == "destroy":
        return None
    if operation.gives is not None:
        return operation.gives
    shows = getattr(view, "serializer_class", None) is not None
    return view.get_serializer_class() if shows else None


def is_listing(view: Any) -> bool:
    """Whether the operation filters, orders and pages."""
    return getattr(view, "action", None) == "list" or operation_of(view).paginated


def idempotency_of(view: Any) -> Idempotency:
    """What the present operation of ``view`` makes of ``Idempotency-Key``."""
    general: Any = getattr(view, "idempotency", Idempotency.OPTIONAL)
    return Idempotency(operation_of(view).idempotency or general)
