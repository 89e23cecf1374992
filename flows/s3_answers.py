"""What S3 answers, in the words of `flows.store`: entries of a listing, error codes, the clock."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from types_boto3_s3 import type_defs as s3

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

TROUBLE = (BotoCoreError, ClientError)
MOST_KEY_BYTES = 1024
SERVER_ERROR = 500

# What does not end in Error, as the SDK's own names for a store that did not answer do, and means the same.
_OF_STORE = {
    "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "NoCredentials", "PartialCredentials", "RequestTimeTooSkewed",
    "RequestTimeout", "ServiceUnavailable", "SignatureDoesNotMatch", "SlowDown", "Throttling",
}  # fmt: skip
_OF_FILES = {"ParamValidationError", "UnknownError"}


def each(items: Iterable[_Item], act: Callable[[_Item], _Result]) -> dict[_Item, _Result | str]:
    """Act on one item after the other; once the store itself is in trouble, the rest get its code untried."""
    results: dict[_Item, _Result | str] = {}
    queue = iter(items)
    for item in queue:
        try:
            results[item] = act(item)
        except TROUBLE as error:
            results[item] = reason_of(error)
            status = error.response["ResponseMetadata"]["HTTPStatusCode"] if isinstance(error, ClientError) else None
            if status is None or status >= SERVER_ERROR:
                results |= dict.fromkeys(queue, reason_of(error))
    return results


def entries_of(page: s3.ListObjectVersionsOutputTypeDef) -> list[tuple[str, str, bool]]:
    """Return key, version id and whether it is the latest, of versions and delete markers alike."""
    entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    return [(entry["Key"], entry["VersionId"], entry.get("IsLatest", False)) for entry in entries]


def fits(key: str) -> bool:
    """Whether S3 can hold the key: 1 to 1024 bytes of UTF-8."""
    try:
        return 0 < len(key.encode()) <= MOST_KEY_BYTES
    except UnicodeEncodeError:
        return False


def marker_before(key: str) -> str:
    """Return a marker below the key with little in between: UTF-8 bytes, S3's order, sort as code points do."""
    head, last = key[:-1], key[-1]
    marker = f"{head}{chr(ord(last) - 1)}~" if last > " " else head
    return marker if fits(marker) else head


def reason_of(error: BotoCoreError | ClientError) -> str:
    """Return the store's error code, or the name of what kept it from answering."""
    if isinstance(error, ClientError):
        return code_of(error.response["Error"].get("Code"))
    name = type(error).__name__
    return name.removesuffix("Error") if "Credentials" in name else name


def code_of(code: str | None) -> str:
    """Return a store's error code if it looks like one: free text could hold a key."""
    return code if code and re.fullmatch("[A-Za-z0-9]{1,64}", code) else "UnknownError"


def is_of_store(reason: str) -> bool:
    """Whether a reason is the whole store's trouble, out of reach, busy or refusing whoever asks, and no file's."""
    is_status = reason.isdigit()  # of an answer that is no XML: a proxy's
    return reason in _OF_STORE or is_status or (reason.endswith("Error") and reason not in _OF_FILES)


def clock_of(answer: Mapping[str, Any]) -> datetime | None:
    """Return the instant in the Date header of any answer, a refusal included; None where there is none to be read."""
    try:
        date: str = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
        return parsedate_to_datetime(date)
    except (KeyError, ValueError):
        return None
