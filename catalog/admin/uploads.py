"""Pages on which staff bring files in for a thing: photographs, evidence, models, contracts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.choices import MediaKind
from accounts.models import MediaFile
from accounts.services.incoming import take_in
from config.shared.admin import go_to, row_or_404, staff_of
from config.shared.admin_acts import refusal
from config.shared.errors import DomainError

MOST_FILES = 12
# The row, the member of staff, the files, and what else was filled in.
Attach = Callable[[Any, Any, Sequence[MediaFile], Mapping[str, Any]], object]


class FilesInput(forms.ClearableFileInput):
    """A field of a page that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files at a time.")
        return [super(FilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    """Files."""

    chosen = FilesField(label="Files")


class TitledUploadForm(UploadForm):
    """A file with a title."""

    title = forms.CharField(max_length=160, widget=UnfoldAdminTextInputWidget())


@dataclass(frozen=True, slots=True)
class Upload:
    """One such page.

    Args:
        name: of the act, and with hyphens of the address.
        title: what is brought in.
        permission: asks ``has_<permission>_permission`` of the page.
        kind: of all the files.
        attach: binds the files to the row.
        form: asks for the files and for what else there is to say.
    """

    name: str
    title: str
    permission: str
    kind: str
    purpose: str
    attach: Attach
    form: type[UploadForm] = UploadForm

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")


def upload_act(name: str, description: str, permission: str) -> Any:
    """The act on an object's page that leads to the page of the upload ``name``."""

    def run(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        return go_to(request, f"../bring-in/{name.replace('_', '-')}/")

    run.__name__ = name
    return action(
        description=description, permissions=[permission], url_path=name.replace("_", "-")
    )(run)


class UploadingMixin:
    """An object's page with ``uploads``."""

    uploads: Sequence[Upload] = ()

    def get_urls(self) -> list[Any]:
        """Those of the pages, and one for each upload."""
        meta = self.model._meta  # type: ignore[attr-defined]
        site = self.admin_site  # type: ignore[attr-defined]
        mine = [
            path(
                f"<path:object_id>/bring-in/{upload.slug}/",
                site.admin_view(self._page_of(upload)),
                name=f"{meta.app_label}_{meta.model_name}_{upload.name}_page",
            )
            for upload in self.uploads
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def _page_of(self, upload: Upload) -> Callable[..., HttpResponse]:
        def page(request: HttpRequest, object_id: str) -> HttpResponse:
            return self.bring_in(request, object_id, upload)

        return page

    def bring_in(self, request: HttpRequest, object_id: str, upload: Upload) -> HttpResponse:
        """Ask for the files, check them, bind them to the row, and return to its page."""
        if not getattr(self, f"has_{upload.permission}_permission")(request):
            raise PermissionDenied
        row = row_or_404(self.get_queryset(request), object_id)  # type: ignore[attr-defined]
        meta = row._meta
        back = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        form = upload.form(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                _carry_out(upload, row, staff_of(request), form.cleaned_data)
            except DomainError as error:
                form.add_error(None, refusal(error))
            else:
                messages.success(request, f"{row}: {upload.title.lower()} brought in.")
                return redirect(back)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": f"{upload.title}: {row}",
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/upload.html", context)


def _carry_out(upload: Upload, row: Any, actor: Any, given: dict[str, Any]) -> None:
    files = [
        take_in(
            owner=actor,
            name=one.name or upload.slug,
            kind=_kind_of(upload, one),
            purpose=upload.purpose,
            content=one,
            size=one.size or 0,
            declared_type=_type_of(upload, one),
        )
        for one in given["chosen"]
    ]
    upload.attach(row, actor, files, given)


def _kind_of(upload: Upload, one: UploadedFile) -> str:
    """Papers may be photographed; what is said of them is sniffed later on."""
    if upload.kind == MediaKind.DOCUMENT and (one.content_type or "").startswith("image/"):
        return MediaKind.IMAGE
    return upload.kind


def _type_of(upload: Upload, one: UploadedFile) -> str:
    """Browsers do not know the type of 3D models."""
    if upload.kind == MediaKind.MODEL:
        return "model/gltf-binary"
    return one.content_type or "application/octet-stream"
