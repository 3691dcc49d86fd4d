"""Files in a store that speaks S3: AWS, Backblaze B2, MinIO and others."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from storages.backends.s3 import S3Storage

from accounts.gateways.storage import (
    NotUploadedError,
    StorageUnavailableError,
    UploadTarget,
    copy_bounded,
)

ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


def patient_for_seconds() -> Any:
    """How long we wait for the store before we say that it does not answer."""
    from botocore.config import Config

    return Config(
        connect_timeout=3,
        read_timeout=20,
        retries={"max_attempts": 2, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        signature_version="s3v4",
        s3={"addressing_style": "path" if settings.S3_ENDPOINT_URL else "auto"},
    )


class MediaStorage(S3Storage):
    """django-storages with limits on how long a request waits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=patient_for_seconds(), **options)


class S3Store:
    """A bucket."""

    def upload_target(
        self, key: str, *, size: int, content_type: str, seconds: int
    ) -> UploadTarget:
        """A PUT that is signed for exactly this key, length and type."""
        with reporting_trouble():
            url = public_client().generate_presigned_url(
                "put_object",
                Params={
                    "Bucket": settings.S3_BUCKET,
                    "Key": key,
                    "ContentLength": size,
                    "ContentType": content_type,
                },
                ExpiresIn=seconds,
            )
        return UploadTarget(
            url=url,
            headers={"Content-Type": content_type},
            expires_at=timezone.now() + timedelta(seconds=seconds),
        )

    def fetch_incoming(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        with reporting_trouble():
            answer = client().get_object(Bucket=settings.S3_BUCKET, Key=key)
            with answer["Body"] as body:
                return copy_bounded(body, into, at_most=at_most)

    def keep(self, key: str, content: BinaryIO, *, content_type: str) -> None:
        with reporting_trouble():
            client().put_object(
                Bucket=settings.S3_BUCKET, Key=key, Body=content, ContentType=content_type
            )

    def open(self, key: str) -> BinaryIO:
        with reporting_trouble():
            return cast(BinaryIO, default_storage.open(key))

    def link(self, key: str, *, seconds: int, content_type: str, disposition: str) -> str | None:
        with reporting_trouble():
            url: str = public_client().generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": settings.S3_BUCKET,
                    "Key": key,
                    "ResponseContentType": content_type,
                    "ResponseContentDisposition": disposition,
                },
                ExpiresIn=seconds,
            )
        return url

    def forget(self, keys: Iterable[str], *, folder: str = "") -> None:
        with reporting_trouble():
            for key in [*keys, *(self._below(folder) if folder else ())]:
                client().delete_object(Bucket=settings.S3_BUCKET, Key=key)

    def _below(self, folder: str) -> list[str]:
        pages = client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=settings.S3_BUCKET, Prefix=f"{folder.rstrip('/')}/")
        return [entry["Key"] for page in found for entry in page.get("Contents", ())]


def client() -> Any:
    """The connection that django-storages keeps for this thread."""
    return cast(Any, default_storage).connection.meta.client


def public_client() -> Any:
    """A client that signs for the address at which people reach the store."""
    return _client_for(settings.S3_PUBLIC_ENDPOINT_URL or settings.S3_ENDPOINT_URL or None)


@lru_cache(maxsize=4)
def _client_for(endpoint: str | None) -> Any:
    import boto3

    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=settings.AWS_REGION,
        aws_access_key_id=settings.AWS_ACCESS_KEY_ID,
        aws_secret_access_key=settings.AWS_SECRET_ACCESS_KEY,
        config=patient_for_seconds(),
    )


@contextmanager
def reporting_trouble() -> Iterator[None]:
    """Turn what goes wrong in the store into what the platform says of it."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as exc:
        if exc.response.get("Error", {}).get("Code") in ABSENT:
            raise NotUploadedError from None
        raise StorageUnavailableError(retry_after=10) from exc
    except (BotoCoreError, OSError) as exc:
        raise StorageUnavailableError(retry_after=10) from exc
