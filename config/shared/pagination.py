"""Pages of lists: by number with totals, or by cursor for what grows without bound."""

from typing import Any

from django.db.models import Model
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from config.shared.errors import InvalidInputError, MissingError
from config.shared.keyset import Cursor, Keyset
from config.shared.parameters import integer_parameter, whole_number

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
# Counting off more rows than this costs more than any page is worth: filters get there faster.
MAX_OFFSET = 100_000
# Nor does anybody read a longer total: counting on would cost more than the page itself.
MAX_COUNT = 1_000
PAGE_SIZE_PARAMETER = integer_parameter(
    "page_size", "How many results a page has.", default=DEFAULT_PAGE_SIZE, highest=MAX_PAGE_SIZE
)
COUNT: dict[str, Any] = {
    "type": "integer",
    "minimum": 0,
    "maximum": MAX_COUNT,
    "description": f"How many results there are; counting stops at {MAX_COUNT:,}.",
}
COUNT_IS_CAPPED: dict[str, Any] = {
    "type": "boolean",
    "description": "Whether there are more results than `count` says.",
}
LINK = {"type": ["string", "null"], "format": "uri"}


def _page_schema(results: dict[str, Any], **members: dict[str, Any]) -> dict[str, Any]:
    properties = {**members, "results": {**results, "maxItems": MAX_PAGE_SIZE}}
    return {"type": "object", "required": list(properties), "properties": properties}


class PagePagination(BasePagination):
    """``?page`` and ``?page_size``, with the number of results as far as 1,000.

    Pages go on beyond that: whether there is a further one is seen from the row after the page.
    """

    parameter_names = ("page", "page_size")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page that ``request`` asks for: one query to count, one to read."""
        self.request = request
        self.page_size = whole_number(
            request, "page_size", default=DEFAULT_PAGE_SIZE, highest=MAX_PAGE_SIZE
        )
        self.page = whole_number(request, "page", default=1, highest=MAX_OFFSET // self.page_size)
        found = queryset.order_by()[: MAX_COUNT + 1].count()
        self.count, self.is_capped = min(found, MAX_COUNT), found > MAX_COUNT
        first = (self.page - 1) * self.page_size
        if self.page > 1 and first >= found and not self.is_capped:
            raise MissingError(f"There is no page {self.page} of {self.count} results.")
        rows = list(queryset[first : first + self.page_size + 1])
        if self.page > 1 and not rows:
            raise MissingError(f"There is no page {self.page}.")
        self.more = len(rows) > self.page_size
        return rows[: self.page_size]

    def _link(self, page: int) -> str:
        address = self.request.build_absolute_uri()
        if page == 1:
            return remove_query_param(address, "page")
        return replace_query_param(address, "page", page)

    def get_paginated_response(self, data: Any) -> Response:
        more = self.more and self.page * self.page_size < MAX_OFFSET
        return Response(
            {
                "count": self.count,
                "count_is_capped": self.is_capped,
                "next": self._link(self.page + 1) if more else None,
                "previous": self._link(self.page - 1) if self.page > 1 else None,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope as it stands in the schema."""
        members = {"count": COUNT, "count_is_capped": COUNT_IS_CAPPED}
        return _page_schema(schema, **members, next=LINK, previous=LINK)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        page = integer_parameter(
            "page",
            f"Which page, counted from 1; no page begins beyond result {MAX_OFFSET:,}.",
            default=1,
            highest=MAX_OFFSET,
        )
        return [page, PAGE_SIZE_PARAMETER]


class CursorPagination(BasePagination):
    """``?cursor`` and ``?page_size`` over the queryset's own order, which ends in the key.

    A page is found by comparing rows, not by counting them off, so that it costs the same
    wherever it lies, and rows that come or go meanwhile neither repeat nor hide others.
    """

    parameter_names = ("cursor", "page_size")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page that ``request`` asks for, in one query."""
        self.request = request
        size = whole_number(request, "page_size", default=DEFAULT_PAGE_SIZE, highest=MAX_PAGE_SIZE)
        self.keyset = Keyset.of(queryset)
        self.cursor = self._asked_for(request)
        rows = list(self.keyset.after(queryset, self.cursor)[: size + 1])
        self.more = len(rows) > size
        self.rows: list[Model] = rows[:size]
        if self.cursor and self.cursor.backwards:
            self.rows.reverse()
        return self.rows

    def _asked_for(self, request: Request) -> Cursor | None:
        text = request.query_params.get("cursor")
        if text is None:
            return None
        cursor = Cursor.read(text, self.keyset)
        if cursor is None:
            raise InvalidInputError.in_parameter(
                "cursor", "invalid_cursor", "This cursor was not made by this list in this order."
            )
        return cursor

    def _link(self, row: Model, *, backwards: bool) -> str:
        cursor = self.keyset.cursor_at(row, backwards=backwards)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor.written())

    def get_paginated_response(self, data: Any) -> Response:
        backwards = bool(self.cursor and self.cursor.backwards)
        has_next = bool(self.rows) and (self.more or backwards)
        has_previous = bool(self.rows) and (self.more if backwards else self.cursor is not None)
        return Response(
            {
                "next": self._link(self.rows[-1], backwards=False) if has_next else None,
                "previous": self._link(self.rows[0], backwards=True) if has_previous else None,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope as it stands in the schema."""
        return _page_schema(schema, next=LINK, previous=LINK)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor = {
            "name": "cursor",
            "in": "query",
            "required": False,
            "description": "From `next` or `previous` of another page of the same list.",
            "schema": {"type": "string", "maxLength": 1000},
        }
        return [cursor, PAGE_SIZE_PARAMETER]
