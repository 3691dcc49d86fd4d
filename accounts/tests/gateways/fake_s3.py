"""An object store on the loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx2
from django.conf import LazySettings
from moto.server import ThreadedMotoServer

BUCKET = "courtyard-files"
KEY_ID = "AKIAEXAMPLE"
SECRET = "secret-of-the-fake"


@contextmanager
def object_store(settings: LazySettings) -> Iterator[Any]:
    """A bucket that the settings name; yields a client that looks into it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    point_at(settings, f"http://{host}:{port}")
    client = boto3.client(
        "s3",
        endpoint_url=settings.S3_ENDPOINT_URL,
        region_name=settings.AWS_REGION,
        aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET,
    )
    # What another test has left behind lives on in this process.
    httpx2.post(f"{settings.S3_ENDPOINT_URL}/moto-api/reset")
    client.create_bucket(Bucket=BUCKET)
    try:
        yield client
    finally:
        client.close()
        server.stop()


def point_at(settings: LazySettings, endpoint: str) -> None:
    """Keep files in the bucket at ``endpoint``, as the settings of a server would."""
    settings.S3_BUCKET = BUCKET
    settings.S3_ENDPOINT_URL = settings.S3_PUBLIC_ENDPOINT_URL = endpoint
    settings.AWS_REGION = "us-east-1"
    settings.AWS_ACCESS_KEY_ID = KEY_ID
    settings.AWS_SECRET_ACCESS_KEY = SECRET
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "accounts.gateways.s3.MediaStorage",
            "OPTIONS": {
                "bucket_name": BUCKET,
                "endpoint_url": endpoint,
                "region_name": "us-east-1",
                "access_key": KEY_ID,
                "secret_key": SECRET,
                "default_acl": None,
                "querystring_auth": True,
                "file_overwrite": False,
            },
        },
    }
