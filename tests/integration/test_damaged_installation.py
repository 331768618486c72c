"""A server of which a part cannot be imported says so, and answers for all that is there."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.api_calls import connect
from tests.conftest import RunningServer, start_server

MISSING = "zerosec_server.experiments.daily_backups"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A real server that finds one of its own modules missing, as after an upgrade that was broken off."""
    (broken := tmp_path / "broken").mkdir()
    (broken / "sitecustomize.py").write_text(f"import sys\nsys.modules[{MISSING!r}] = None\n")
    server = start_server(tmp_path / "data", str(broken))
    yield server
    server.stop()


def test_a_part_that_cannot_be_loaded_is_told_by_name(server: RunningServer) -> None:
    with connect(server) as api:
        refused = api.get("runs")
        assert refused.status_code == 500
        problem = refused.json()
        assert problem["code"] == "internal_error"
        assert problem["title"] == "A part of this server could not be loaded."
        assert problem["detail"].startswith(f"{MISSING} could not be loaded. Runs, projects")
        assert "install it again" in problem["hint"]
        assert f"{MISSING} を読み込めませんでした。実行、プロジェクト" in refused.text

        answer = api.get("ready")
        assert answer.status_code == 503
        readiness = answer.json()
        assert readiness["ready"] is False
        assert readiness["checks"].pop("server") == f"{MISSING} could not be loaded."
        assert set(readiness["checks"].values()) == {"ok"}
        assert httpx2.get(answer.url.join("/ready")).status_code == 503  # a probe, without the token

        assert api.get("health").status_code == 200
        assert api.get("jobs").status_code == 200
        assert api.get("openapi.json").status_code == 500
