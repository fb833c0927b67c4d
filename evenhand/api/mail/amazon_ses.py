"""Amazon SES: what a receipt rule has taken in, told by its notification service (SNS).

A small letter stands in the notification; of a larger one (SNS carries 150 kB) only its place in a bucket does. No other
bucket is looked into than the one that the administrator named.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from evenhand.channels.letter import Arrival

from . import sns
from .service import NotNow, NotSigned, TooLarge, arrival, raw_of

log = logging.getLogger("evenhand.mail")
TRIES = {"connect_timeout": 4, "read_timeout": 8, "retries": {"max_attempts": 1}}  # Amazon waits for 15 seconds
BEGIN = 64 * 1024
# Of a message; SNS carries 256 KiB, which JSON in JSON may double. It is read before anybody knows who it is from, and
# brackets take twenty times their length.
MOST_BYTES = 1024 * 1024
SEALED = "x-amz-key"  # what SES itself encrypts (not the bucket) has its sealed key beside it


class AmazonSES:
    """A service whose "secret" is no secret: the topic that its letters must come by."""

    bytewise = False

    def check(self, request: HttpRequest, secret: str) -> None:
        if len(request.body) > MOST_BYTES:
            raise NotSigned
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError) as error:
            raise NotSigned from error
        if not isinstance(said, dict):
            raise NotSigned
        sns.verify(said, secret)

    def letters(self, request: HttpRequest) -> Iterable[Arrival]:
        said = json.loads(request.body)
        if said["Type"] == sns.CONFIRMS:
            sns.confirm(said)
            log.info("Amazon's topic %s brings its letters here from now on.", said["TopicArn"])
        elif said["Type"] == sns.ENDS:
            log.warning("Amazon's topic %s brings no letters here any more.", said["TopicArn"])
        elif (told := _told(said["Message"])).get("notificationType") == "Received":
            yield _letter(told)


def _told(message: str) -> Mapping[str, Any]:
    """What a notification is about; Amazon also tries a topic out with a line of text."""
    try:
        found = json.loads(message)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _letter(told: Mapping[str, Any]) -> Arrival:
    action, sender, to = told["receipt"]["action"], told["mail"].get("source"), told["receipt"]["recipients"]
    if action["type"] == "S3":
        return _from_bucket(action["bucketName"], action["objectKey"], sender, to)
    base64 = str(action.get("encoding")).upper() == "BASE64"  # a rule says Base64, a notification BASE64
    return arrival(raw_of(told["content"], base64=base64), sender, *to)


def _from_bucket(bucket: str, key: str, sender: object, to: Iterable[object]) -> Arrival:
    where = settings.EVENHAND_SES_BUCKET
    # SES gives a letter a name without a slash. What merely begins like our folder is somebody else's.
    if not where or (where["bucket_name"], where["location"]) != (bucket, key.rpartition("/")[0]):
        raise NotNow(f"The letter lies at {bucket}/{key}, which EVENHAND_SES_BUCKET does not name.")
    import boto3  # an extra, and slow to load
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client = boto3.client(
            "s3", region_name=where["region_name"], endpoint_url=where["endpoint_url"],
            config=Config(signature_version="s3v4", **TRIES),
        )  # fmt: skip
        found = client.get_object(Bucket=bucket, Key=key)
        with found["Body"] as body:
            if any(name.lower().startswith(SEALED) for name in found["Metadata"]):
                raise NotNow(
                    f"The letter at {bucket}/{key} is encrypted: switch off message encryption in the receipt rule."
                )
            if found["ContentLength"] > settings.EVENHAND_LETTER_BYTES:
                raise TooLarge(arrival(body.read(BEGIN), sender, *to), found["ContentLength"])
            return arrival(body.read(), sender, *to)
    except (BotoCoreError, ClientError, OSError) as error:
        raise NotNow(f"The letter cannot be had from the bucket: {error}") from error
