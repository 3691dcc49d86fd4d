"""News from the site: drafting, publishing once, correcting, withdrawing, and who is refused."""

from decimal import Decimal

import pytest

from accounts.choices import MembershipRole
from accounts.models import AuditEvent, MediaFile
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from catalog.construction_exceptions import NotLaunchedError
from catalog.models import ConstructionUpdate
from catalog.services.updates import (
    TELL_JOB,
    change_draft,
    correct_update,
    draft_update,
    publish_update,
    withdraw_update,
)
from catalog.tests.factories.construction import (
    PhaseFactory,
    UpdateFactory,
    photograph_of,
    site_engineer,
)
from catalog.tests.factories.homes import DevelopmentFactory
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.tests.support import waiting_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def engineer(development):
    return site_engineer(development)


def told_jobs():
    return [job.task_kwargs for job in waiting_jobs(TELL_JOB)]


@pytest.mark.capability("R26")
def test_a_draft_is_published_with_the_percent_of_that_moment(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True, percent="62.5")
    photo = photograph_of(engineer)
    draft = draft_update(
        actor=engineer,
        development=development,
        values={"title": "The roof slab is poured", "phase": phase, "media": [photo]},
    )
    photo.refresh_from_db()
    assert (draft.status, draft.author, draft.percent_snapshot) == ("draft", engineer, None)
    assert (photo.target_id, photo.is_private) == (draft.pk, True)
    assert told_jobs() == []

    published = publish_update(update=draft, actor=engineer)

    published.refresh_from_db()
    photo.refresh_from_db()
    assert (published.status, published.percent_snapshot) == ("published", Decimal("62.50"))
    assert published.published_at is not None
    assert not photo.is_private
    assert told_jobs() == [{"update_id": str(draft.pk)}]
    assert [event.action for event in AuditEvent.objects.about(draft)] == [
        "catalog.constructionupdate.published",
        "catalog.constructionupdate.drafted",
    ]


@pytest.mark.capability("R26")
def test_nothing_is_published_twice(development, engineer):
    update = UpdateFactory(development=development, actor=engineer, published=True)

    with pytest.raises(InvalidTransitionError):
        publish_update(update=update, actor=engineer)

    assert len(told_jobs()) == 1


@pytest.mark.capability("R26")
def test_what_nobody_can_see_is_not_published():
    development = DevelopmentFactory(planning=True)
    engineer = site_engineer(development)
    draft = UpdateFactory(development=development, actor=engineer)

    with pytest.raises(NotLaunchedError):
        publish_update(update=draft, actor=engineer)

    draft.refresh_from_db()
    assert (draft.status, told_jobs()) == ("draft", [])


@pytest.mark.capability("R26")
def test_a_draft_can_be_changed_and_photographs_come_and_go(development, engineer):
    first, second = photograph_of(engineer), photograph_of(engineer)
    draft = UpdateFactory(development=development, actor=engineer, media=[first])
    colleague = site_engineer(development)
    third = photograph_of(colleague)

    change_draft(
        update=draft, actor=colleague, changes={"title": "Floor 3", "media": [first, third]}
    )
    change_draft(update=draft, actor=colleague, changes={"media": [third]})

    draft.refresh_from_db()
    assert (draft.title, draft.author) == ("Floor 3", engineer)
    assert list(draft.media.all()) == [third]
    owners = dict(MediaFile.objects.values_list("pk", "target_id"))
    assert owners == {first.pk: None, second.pk: None, third.pk: draft.pk}


@pytest.mark.capability("R26", "R35")
@pytest.mark.parametrize(
    "trait",
    [{"status": "uploaded"}, {"kind": "document"}, {"purpose": "avatar"}],
)
def test_news_show_checked_photographs_of_ones_own_only(development, engineer, trait):
    draft = UpdateFactory(development=development, actor=engineer)

    for photo in (photograph_of(engineer, **trait), photograph_of(UserFactory())):
        with pytest.raises(InvalidInputError) as refused:
            change_draft(update=draft, actor=engineer, changes={"media": [photo], "title": "X"})
        assert refused.value.errors[0].pointer == "/media/0"
        photo.refresh_from_db()
        assert photo.target_id is None

    draft.refresh_from_db()
    assert draft.title != "X"


@pytest.mark.capability("R26")
def test_a_phase_of_another_development_is_refused(development, engineer):
    foreign = PhaseFactory()

    with pytest.raises(InvalidInputError) as refused:
        UpdateFactory(development=development, actor=engineer, phase=foreign)

    assert refused.value.errors[0].pointer == "/phase"
    assert not ConstructionUpdate.objects.exists()


@pytest.mark.capability("R26")
def test_published_text_is_corrected_where_everybody_sees_it(development, engineer):
    update = UpdateFactory(
        development=development, actor=engineer, title="The roof", published=True
    )

    with pytest.raises(InvalidTransitionError):
        change_draft(update=update, actor=engineer, changes={"title": "Floor 23"})
    correct_update(update=update, actor=engineer, correction=" It is floor 23. ")
    correct_update(update=update, actor=engineer, correction="And it was on Monday.")

    update.refresh_from_db()
    assert update.title == "The roof"
    assert update.correction == "It is floor 23.\n\nAnd it was on Monday."
    assert update.corrected_at > update.published_at
    event = AuditEvent.objects.about(update)[0]
    assert event.before == {"correction": "It is floor 23."}
    assert len(told_jobs()) == 1


@pytest.mark.capability("R26")
@pytest.mark.parametrize("correction", ["  ", "x" * 2001])
def test_a_correction_says_something_within_bounds(development, engineer, correction):
    update = UpdateFactory(development=development, actor=engineer, published=True)

    with pytest.raises(InvalidInputError):
        correct_update(update=update, actor=engineer, correction=correction)

    update.refresh_from_db()
    assert (update.correction, update.corrected_at) == ("", None)


@pytest.mark.capability("R26")
def test_what_is_withdrawn_is_the_builders_alone_again(development, engineer):
    photo = photograph_of(engineer)
    update = UpdateFactory(development=development, actor=engineer, media=[photo], published=True)

    withdraw_update(update=update, actor=engineer, reason="Another tower.")

    update.refresh_from_db()
    photo.refresh_from_db()
    assert (update.status, photo.is_private) == ("withdrawn", True)
    stranger = UserFactory()
    assert not ConstructionUpdate.objects.visible_to(stranger).exists()
    assert not MediaFile.objects.visible_to(stranger).filter(pk=photo.pk).exists()
    assert ConstructionUpdate.objects.visible_to(engineer).get() == update
    assert AuditEvent.objects.about(update)[0].reason == "Another tower."


@pytest.mark.capability("R26")
def test_drafts_are_neither_withdrawn_nor_corrected(development, engineer):
    draft = UpdateFactory(development=development, actor=engineer)

    with pytest.raises(InvalidTransitionError):
        withdraw_update(update=draft, actor=engineer)
    with pytest.raises(InvalidTransitionError):
        correct_update(update=draft, actor=engineer, correction="No")

    draft.refresh_from_db()
    assert (draft.status, draft.correction) == ("draft", "")


@pytest.mark.capability("R26")
def test_others_write_no_news(development, engineer):
    draft = UpdateFactory(development=development, actor=engineer, title="Ours")
    published = UpdateFactory(development=development, actor=engineer, published=True)
    others = [
        UserFactory(),
        UserFactory(staff=True),
        seated(development.builder, MembershipRole.SALES),
        site_engineer(DevelopmentFactory()),
    ]
    before = list(ConstructionUpdate.objects.values())

    for other in others:
        for act in (
            lambda who: draft_update(
                actor=who, development=development, values={"title": "Theirs"}
            ),
            lambda who: change_draft(update=draft, actor=who, changes={"title": "Theirs"}),
            lambda who: publish_update(update=draft, actor=who),
            lambda who: withdraw_update(update=published, actor=who),
            lambda who: correct_update(update=published, actor=who, correction="No"),
        ):
            with pytest.raises(NotAllowedError):
                act(other)

    assert list(ConstructionUpdate.objects.values()) == before
    assert len(told_jobs()) == 1
