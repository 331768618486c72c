"""The list of fonts is made by the first job that draws, and used by the next."""

from collections.abc import Callable

from tests.api_calls import connect, job_request, store_file
from tests.conftest import RunningServer


def test_the_list_of_fonts_is_made_once(server_factory: Callable[..., RunningServer]) -> None:
    server = server_factory()
    folder = server.data_dir / "cache" / "matplotlib"
    made = []
    with connect(server) as api:
        file = store_file(api, b"x,y\n" + b"".join(b"%d,%d\n" % (n, n * n % 17) for n in range(20)))
        for terms in ("x", "x + x^2"):
            request = job_request("linear", target="y", terms=terms)
            request["run"]["inputs"] = {"data": [file]}
            assert (
                api.post("jobs", json=request, headers={"Prefer": "wait=60"}).json()["status"] == "succeeded"
            )
            (listed,) = folder.iterdir()
            made.append((listed.name, listed.stat().st_ino, listed.stat().st_mtime_ns))

    assert made[0][0].startswith("fontlist-")
    assert made[0] == made[1]
