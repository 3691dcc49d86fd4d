"""Files in the back office: seen through signed links by those who may, and written down."""

import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.groups import MODERATION, SUPPORT, VERIFICATION
from accounts.models import AuditEvent, MediaFile, User
from accounts.services import verifications
from accounts.tests.factories.organizations import staff_in
from accounts.tests.files import jpeg
from accounts.tests.uploads import body_of, completed, path_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media_folder"),
    pytest.mark.capability("A24"),
]


def office_of(group: str) -> Client:
    client = Client()
    client.force_login(staff_in(group))
    return client


def shown(office: Client, file: MediaFile) -> str:
    response = office.get(f"/admin/accounts/mediafile/{file.pk}/open/")
    assert response.status_code == 200
    return response.content.decode()


def link_in(page: str) -> str:
    (address,) = re.findall(r'<img src="([^"]+)"', page)
    return path_of(address.replace("&amp;", "&"))


def test_moderators_see_a_picture_through_its_signed_link(api: APIClient, owner: User) -> None:
    office = office_of(MODERATION)
    row = completed(api, jpeg())

    address = link_in(shown(office, row))

    assert "token=" in address
    assert body_of(Client().get(address))[:4] == b"RIFF"
    assert not AuditEvent.objects.filter(action="accounts.mediafile.viewed").exists()


def identity_paper(api: APIClient, owner: User) -> MediaFile:
    """The image of an identity card that waits for a decision."""
    front = completed(api, jpeg(), purpose="verification")
    back = completed(api, jpeg(width=320), purpose="verification")
    verifications.submit_verification(
        user=owner,
        verification_type="emirates_id",
        emirates_id_number="784-1990-1234567-1",
        emirates_id_front=front,
        emirates_id_back=back,
    )
    return front


@pytest.mark.capability("A37")
def test_a_look_at_an_identity_paper_is_written_down(api: APIClient, owner: User) -> None:
    front = identity_paper(api, owner)
    office = office_of(VERIFICATION)

    page = shown(office, front)
    assert not AuditEvent.objects.filter(action="accounts.mediafile.viewed").exists()
    assert body_of(Client().get(link_in(page)))[:4] == b"RIFF"

    event = AuditEvent.objects.get(action="accounts.mediafile.viewed")
    assert event.object_id == str(front.pk)
    assert event.actor is not None
    assert event.actor.is_staff


@pytest.mark.capability("A37")
def test_moderators_see_no_identity_paper(api: APIClient, owner: User) -> None:
    front = identity_paper(api, owner)

    page = shown(office_of(MODERATION), front)

    assert "nothing that you may see" in page
    assert "token=" not in page


def test_staff_without_files_among_their_tasks_open_none(api: APIClient, owner: User) -> None:
    row = completed(api, jpeg())

    response = office_of(SUPPORT).get(f"/admin/accounts/mediafile/{row.pk}/open/")

    assert response.status_code == 403
