"""Every endpoint against the OpenAPI document, on a real server: no 5xx, no undocumented status, no other shape."""

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.conftest import RunningServer

from zerosec_server.app import create_app
from zerosec_server.settings import Settings

FULL = 507
"""The documented answer to more bytes than the disk has: no defect, and every disk is another."""


def no_server_error(context: Any, response: Any, case: Any) -> bool | None:
    return None if response.status_code == FULL else not_a_server_error(context, response, case)


CHECKS = [
    no_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def document_of_the_code() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        settings.token_path.write_text("only for its document", encoding="ascii")
        return create_app(settings).openapi()


DOCUMENT = document_of_the_code()
OPERATIONS = [
    pytest.param(path, method, id=operation["operationId"])
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_endpoint_keeps_to_the_document(shared_server: RunningServer, path: str, method: str) -> None:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.config.base_url = shared_server.url
    operation = schema[path][method.upper()]

    @given(case=operation.as_strategy())
    @settings(
        max_examples=40,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def answers_as_documented(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {shared_server.token}"}, checks=CHECKS)

    answers_as_documented()


def test_the_served_document_is_that_of_the_code(shared_server: RunningServer) -> None:
    request = Request(
        f"{shared_server.url}/api/v1/openapi.json",
        headers={"Authorization": f"Bearer {shared_server.token}"},
    )
    with urlopen(request) as answer:
        assert json.load(answer) == json.loads(json.dumps(DOCUMENT))


def test_operation_ids_are_unique_and_readable() -> None:
    ids = [
        operation["operationId"]
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
    ]

    assert len(set(ids)) == len(ids)
    assert all(name.isidentifier() and name.islower() for name in ids)
    assert {"create_job_and_run", "get_job_status", "get_job_events", "cancel_job", "presign_upload"} <= set(
        ids
    )


def test_every_operation_declares_its_problems() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            refused = operation["responses"]["403"]
            assert "application/problem+json" in refused["content"], f"{method} {path}"
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")) and "content" in answer:
                    assert set(answer["content"]) <= {"application/problem+json", "application/json"}
