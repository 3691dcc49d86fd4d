"""Views whose address names what their rows belong to."""

from functools import cached_property
from typing import Any

from rest_framework.generics import get_object_or_404

from catalog.models import Development, Unit


class OfDevelopmentMixin:
    """For addresses below ``developments/{development_id}/``: an unseen one is a 404."""

    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def development(self) -> Development:
        """The development that the path names, if the caller may see it."""
        seen = Development.objects.visible_to(self.request.user).select_related("builder")
        return get_object_or_404(seen, pk=self.kwargs["development_id"])

    def get_serializer_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super().get_serializer_context()  # type: ignore[misc]
        if "development" in self.__dict__:
            context["development"] = self.development
        return context


class OfUnitMixin:
    """For addresses below ``units/{unit_id}/``: an unseen one is a 404."""

    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def unit(self) -> Unit:
        """The unit that the path names, if the caller may see it."""
        seen = Unit.objects.visible_to(self.request.user).select_related("development__builder")
        return get_object_or_404(seen, pk=self.kwargs["unit_id"])
