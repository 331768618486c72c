"""Calls of the HTTP API as a test writes them: a client with the token, and requests to begin with."""

import hashlib
import zlib
from typing import Any

import httpx2

from tests.conftest import RunningServer
from zerosec_shared.ids import new_id

__all__ = ["connect", "job_request", "store_file"]

Json = dict[str, Any]


def connect(server: RunningServer) -> httpx2.Client:
    """A client of the API, with the server's token."""
    return httpx2.Client(
        base_url=f"{server.url}/api/v1/",
        headers={"Authorization": f"Bearer {server.token}"},
        timeout=60,
        trust_env=False,
    )


def job_request(analysis: str = "noop", name: str = "a test", **parameters: object) -> Json:
    """A body for POST /jobs with new ids."""
    return {
        "id": str(new_id()),
        "run": {"id": str(new_id()), "analysis": analysis, "name": name, "parameters": parameters},
    }


def store_file(api: httpx2.Client, content: bytes, name: str = "data.csv") -> Json:
    """Upload bytes in one part; returns an input file."""
    sha256 = hashlib.sha256(content).hexdigest()
    ticket = api.post(
        "presign/upload", json={"size_bytes": len(content), "name": name, "sha256": sha256}
    ).json()
    if ticket["state"] != "stored":
        upload = f"presign/upload/{ticket['upload_id']}"
        part = {"part_number": 1, "crc32": f"{zlib.crc32(content):08x}"}
        for signed in api.post(f"{upload}/parts", json={"parts": [part]}).json()["tickets"]:
            api.put(
                api.base_url.join(signed["url"]), content=content, headers=signed["headers"]
            ).raise_for_status()
        api.post(f"{upload}/complete", json={"sha256": sha256}).raise_for_status()
    return {"sha256": sha256, "name": name}
