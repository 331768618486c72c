"""Where a server may send its client with the user's bytes, and where not."""

import pytest

from zerosec_client.api import Api
from zerosec_client.errors import BadAnswerError
from zerosec_client.http import Endpoint, Http
from zerosec_client.transfer.lanes import signed_address


@pytest.mark.parametrize(
    ("server", "url", "address"),
    [
        ("http://127.0.0.1:8000", "/api/v1/blobs/x?a=1", "http://127.0.0.1:8000/api/v1/blobs/x?a=1"),
        ("https://lab.example/zerosec", "/api/v1/blobs/x", "https://lab.example/zerosec/api/v1/blobs/x"),
        ("https://lab.example", "https://s3.example/x?a=b", "https://s3.example/x?a=b"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000/x", "http://127.0.0.1:9000/x"),
    ],
)
async def test_relative_and_absolute_addresses(server: str, url: str, address: str) -> None:
    async with Http(Endpoint(server)) as http:
        assert signed_address(Api(http), url) == address


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("https://lab.example", "http://lab.example/x"),
        ("https://lab.example", "https://127.0.0.1/x"),
        ("http://lab.example", "http://localhost:6379/x"),
        ("https://lab.example", "file:///etc/passwd"),
        ("http://127.0.0.1:8000", "ftp://lab.example/x"),
    ],
)
async def test_addresses_that_a_server_has_no_business_with(server: str, url: str) -> None:
    async with Http(Endpoint(server)) as http:
        with pytest.raises(BadAnswerError):
            signed_address(Api(http), url)
