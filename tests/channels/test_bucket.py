"""Files in a bucket: a server that speaks S3, by HTTP, and the desk's own settings."""

import os
import subprocess
import sys

import boto3
import pytest
import requests
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer

from evenhand.channels.files import looking
from evenhand.conversations.models import Attachment

from .house import free_port
from .post import arrive
from .test_files import picture, with_files

pytestmark = pytest.mark.django_db
KEYS = {"AWS_ACCESS_KEY_ID": "desk", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-central-1"}
ASK = "import evenhand.settings as s; print(repr(s.STORAGES['default']))"


def said(**environment: str) -> subprocess.CompletedProcess[str]:
    """What the settings make of an environment."""
    return subprocess.run(
        [sys.executable, "-c", ASK], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def bucket(monkeypatch, settings):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        requests.post(f"http://{host}:{port}/moto-api/reset", timeout=30)  # it keeps everything in this process
        client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
        client.create_bucket(Bucket="desk-files", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        url = f"s3://desk-files/attachments-of-us?endpoint=http://{host}:{port}&region=eu-central-1"
        made = eval(said(EVENHAND_FILES=url).stdout)
        settings.STORAGES = {**settings.STORAGES, "default": made}
        yield client
    finally:
        server.stop()


def names(client) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket="desk-files").get("Contents", [])]


def test_files_go_to_the_bucket_and_come_back(mailbox, ada, bucket):
    letter = arrive(with_files(application_pdf=b"%PDF-in a bucket", image_png=picture()))
    assert looking.look_at_all() == 2
    file = Attachment.objects.get(name="application.pdf")
    assert len(names(bucket)) == 3  # two files and a small picture
    assert all(name.startswith("attachments-of-us/") for name in names(bucket))
    assert not (settings.EVENHAND_DATA / "files" / file.stored_as).exists()
    client = Client()
    client.force_login(ada)
    answer = client.get(f"/desk/a/{file.key}")
    assert b"".join(answer.streaming_content) == b"%PDF-in a bucket"
    assert answer["Content-Disposition"].startswith("attachment")
    shown = Attachment.objects.get(name="image.png")
    assert client.get(f"/desk/a/{shown.key}/small")["Content-Type"] == "image/webp"
    arrive(with_files(application_pdf=b"%PDF-in a bucket"))
    assert len(names(bucket)) == 3  # the same content is stored once
    assert letter.message.attachments.count() == 2


def test_what_is_gone_from_the_bucket_is_not_found(mailbox, ada, bucket):
    arrive(with_files(application_pdf=b"%PDF-"))
    file = Attachment.objects.get()
    default_storage.delete(file.stored_as)
    client = Client()
    client.force_login(ada)
    assert client.get(f"/desk/a/{file.key}").status_code == 404


@pytest.mark.parametrize("url", ["ftp://x/y", "bucket"])
def test_what_is_no_bucket_stops_the_start(url):
    done = said(EVENHAND_FILES=url)
    assert done.returncode == 1
    assert "give a URL beginning with s3://" in done.stderr


def test_without_the_package_the_sentence_says_which():
    code = "import sys; sys.modules['storages'] = None; " + ASK
    environment = {**os.environ, "EVENHAND_FILES": "s3://desk-files"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "install the package with its extra, evenhand[s3]" in done.stderr
