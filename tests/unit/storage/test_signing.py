"""Signed URLs: what was signed is accepted until it expires, and nothing else ever is."""

import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zerosec_server.storage.signing import (
    BLOBS_PATH,
    BlobGrant,
    GrantExpiredError,
    PartGrant,
    SignatureError,
    Signer,
    signing_key,
)

SIGNER = Signer(b"k" * 32)
LATER = int(time.time()) + 3600
FIELDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PART_GRANTS = st.builds(
    PartGrant,
    upload_id=st.uuids().map(str),
    part_number=st.integers(1, 10_000),
    size_bytes=st.integers(0, 2**40),
    crc32=st.integers(0, 2**32 - 1).map("{:08x}".format),
    expires=st.integers(LATER, LATER + 10**6),
)
BLOB_GRANTS = st.builds(
    BlobGrant,
    key=st.binary(min_size=32, max_size=32).map(lambda b: f"files/{b.hex()[:2]}/{b.hex()}"),
    name=FIELDS,
    expires=st.integers(LATER, LATER + 10**6),
)


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def accepted_part(upload_id: str, number: str, query: dict[str, str]) -> PartGrant | None:
    try:
        return SIGNER.part_grant(upload_id, number, query)
    except SignatureError:
        return None


@given(PART_GRANTS)
def test_a_part_comes_back_as_it_was_signed(grant: PartGrant) -> None:
    url = urlsplit(SIGNER.url(grant))
    upload_id, number = url.path.removeprefix(f"{BLOBS_PATH}/uploads/").split("/")
    assert SIGNER.part_grant(upload_id, number, query_of(url.geturl())) == grant


@given(BLOB_GRANTS)
def test_a_blob_comes_back_as_it_was_signed(grant: BlobGrant) -> None:
    url = SIGNER.url(grant)
    assert SIGNER.blob_grant(urlsplit(url).path.removeprefix(f"{BLOBS_PATH}/"), query_of(url)) == grant


@given(
    grant=PART_GRANTS,
    field=st.sampled_from(["upload_id", "part_number", "size_bytes", "crc32", "expires", "signature"]),
    value=FIELDS | st.integers(0, 2**41).map(str) | st.integers(0, 2**32 - 1).map("{:08x}".format),
)
def test_no_field_of_a_part_can_be_altered(grant: PartGrant, field: str, value: str) -> None:
    fields = {
        "upload_id": grant.upload_id,
        "part_number": str(grant.part_number),
        **query_of(SIGNER.url(grant)),
    }
    assume(fields[field] != value)
    fields[field] = value
    assert accepted_part(fields.pop("upload_id"), fields.pop("part_number"), fields) is None


@given(grant=BLOB_GRANTS, field=st.sampled_from(["key", "name", "expires", "signature"]), value=FIELDS)
def test_no_field_of_a_blob_can_be_altered(grant: BlobGrant, field: str, value: str) -> None:
    fields = {"key": grant.key, **query_of(SIGNER.url(grant))}
    assume(fields[field] != value)
    fields[field] = value
    with pytest.raises(SignatureError):
        SIGNER.blob_grant(fields.pop("key"), fields)


@given(grant=PART_GRANTS, field=st.sampled_from(["size_bytes", "crc32", "expires", "signature"]))
def test_no_field_can_be_left_out(grant: PartGrant, field: str) -> None:
    query = query_of(SIGNER.url(grant))
    del query[field]
    assert accepted_part(grant.upload_id, str(grant.part_number), query) is None


@given(PART_GRANTS)
def test_a_number_has_one_spelling(grant: PartGrant) -> None:
    query = query_of(SIGNER.url(grant))
    for spelling in (
        f"0{grant.part_number}",
        f"+{grant.part_number}",
        f" {grant.part_number}",
        f"{grant.part_number}.0",
    ):
        assert accepted_part(grant.upload_id, spelling, query) is None


def test_permission_to_put_is_none_to_get() -> None:
    query = query_of(SIGNER.url(PartGrant("0" * 36, 1, 5, "00000000", LATER)))
    with pytest.raises(SignatureError):
        SIGNER.blob_grant(f"uploads/{'0' * 36}/1", query)


def test_another_key_signs_otherwise() -> None:
    grant = BlobGrant("files/aa/" + "a" * 64, "", LATER)
    with pytest.raises(SignatureError):
        Signer(b"x" * 32).blob_grant(grant.key, query_of(SIGNER.url(grant)))


def test_a_url_expires_and_says_so() -> None:
    grant = BlobGrant("files/aa/" + "a" * 64, "", int(time.time()) - 1)
    with pytest.raises(GrantExpiredError):
        SIGNER.blob_grant(grant.key, query_of(SIGNER.url(grant)))


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: signing_key(path), range(32)))
    assert len(keys) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["signing.key"]


def test_a_cut_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="does not hold a signing key"):
        signing_key(path)
