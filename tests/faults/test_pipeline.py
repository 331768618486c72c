"""The sequencing pipeline and its real programs under fire: runs killed in each step beside others, the server killed in each step, a disk
that fills while alignments are sorted.
"""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import numpy as np
import psutil
import pytest

from tests.api_calls import Json, connect, store_file
from tests.conftest import RunningServer
from tests.faults.jobs import eventually, kill_at_once
from tests.pipeline_steps import trimmed_and_mapped
from tests.simulated_reads import Recipe, simulate
from tests.step_calls import ended, run_all, status_of
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Job

pytestmark = pytest.mark.faults

SMALL = Recipe(seed=5, contigs=(("chr1", 30_000),), sites=4, largest_clone=30, smallest_clone=10, spike_ins=1)
COPIES = 30
MANY = Recipe(seed=6, contigs=(("chr1", 30_000),), sites=6, largest_clone=400, smallest_clone=50, spike_ins=0)
LEFT = 64 * 1024
"""Bytes left on a disk that has the inputs: for what is written before the alignments, and for no tenth of these."""
CAUGHT_AT = {
    "qc": "output_dir",
    "umi": "",
    "cutadapt": " --cores",
    "fastp": " -i ",
    "readlen": "",
    "reference_index": " index -p",
    "read_mapping": " mem -t",
    "site_analysis": "",
}
"""Each step (`qc_after` is `qc` once more), and what the program is called with in which it is caught; empty: in its own work."""
GENOME_BASES = 3_000_000
"""Of a genome whose indexing takes so long that it can be caught."""
UMI = {"umi_read2": "NNNNNNNN"}


@dataclass(frozen=True)
class Data:
    """Files of a run: a few reads, or so many that every step takes a while; and alignments for the last step."""

    reads1: bytes
    reads2: bytes
    reference: bytes
    genes: bytes
    alignments: bytes


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    folder = tmp_path_factory.mktemp("reads")
    made = simulate(folder / "data", SMALL)
    _, mapped = trimmed_and_mapped(folder, [made.read1], [made.read2], made.reference, umi="NNNNNNNN")
    return Data(
        made.read1.read_bytes(),
        made.read2.read_bytes(),
        made.reference.read_bytes(),
        made.genes.read_bytes(),
        (mapped.output / "alignments" / "sample.bam").read_bytes(),
    )


def make_run(api: httpx2.Client, data: Data, *, copies: int = 1, aligned: bool = False, **more: Json) -> str:
    """A run of the pipeline. Members of gzip may follow one another: the reads are `copies` times as many."""
    own = {"alignments": [store_file(api, data.alignments, "sample.bam")]} if aligned else {}
    body = {
        "id": str(new_id()),
        "analysis": "integration-sites",
        "name": "clones",
        "inputs": {
            "reads1": [store_file(api, data.reads1 * copies, "sample_R1.fastq.gz")],
            "reads2": [store_file(api, data.reads2 * copies, "sample_R2.fastq.gz")],
            "reference": [store_file(api, data.reference, "reference.fa")],
            "annotation": [store_file(api, data.genes, "genes.gtf")],
            **own,
        },
        "parameters": UMI,
        **more,
    }
    api.post("runs", json=body).raise_for_status()
    return str(body["id"])


def begin(api: httpx2.Client, run: str, step: str) -> str:
    """Execute a step; of a pipeline whose every step reads the run's own files."""
    plan = api.get(f"runs/{run}/steps/{step}").raise_for_status().json()
    own = {
        slot["slot"]: next(choice for choice in slot["choices"] if choice["step"] is None)["files"]
        for slot in plan["inputs"]
        if any(choice["step"] is None for choice in slot["choices"])
    }
    if step == "reference_index":
        own["reference"] = [unindexed(api)]
    return begin_on(api, run, step, own)


def begin_on(api: httpx2.Client, run: str, step: str, inputs: Json) -> str:
    """Execute a step on these files."""
    job_id = str(new_id())
    body = {"job_id": job_id, "inputs": inputs}
    api.post(f"runs/{run}/steps/{step}", json=body).raise_for_status()
    return job_id


def unindexed(api: httpx2.Client) -> Json:
    """A genome that nobody has had before."""
    bases = np.random.default_rng(new_id().int).choice(np.frombuffer(b"ACGT", np.uint8), GENOME_BASES)
    return store_file(api, b">chr1\n" + bases.tobytes() + b"\n", "genome.fa")


def job(api: httpx2.Client, job_id: str) -> Job:
    return Job.model_validate_json(api.get(f"jobs/{job_id}").raise_for_status().content)


def working(server: RunningServer, job_id: str, called_with: str) -> list[psutil.Process]:
    """The processes that work for a job: those of the program, or of the step itself."""
    found = []
    for process in server.tree():
        with suppress(psutil.Error):
            if job_id in process.cwd() and called_with in " ".join(process.cmdline()):
                found.append(process)
    return found


def caught(server: RunningServer, api: httpx2.Client, run: str, step: str) -> tuple[str, set[int]]:
    """A job of this step, stopped in the middle of its work, and the groups of its processes. One that ended before is begun again."""
    while True:
        job_id = begin(api, run, step)

        def look(job_id: str = job_id) -> list[psutil.Process] | bool:
            return working(server, job_id, CAUGHT_AT[step]) or job(api, job_id).status.terminal

        found = eventually(look, every_s=0.05)
        if isinstance(found, list):
            groups = set()
            for process in found:
                with suppress(psutil.NoSuchProcess, ProcessLookupError):
                    process.suspend()
                    groups.add(os.getpgid(process.pid))
            stopped = [process for process in found if eventually(lambda p=process: held(p)) == "stopped"]
            if stopped:
                return job_id, groups


def held(process: psutil.Process) -> str:
    """Whether a process that was told to stop has stopped, or has ended before; empty while neither."""
    try:
        state = process.status()
    except psutil.NoSuchProcess:
        return "ended"
    return {psutil.STATUS_STOPPED: "stopped", psutil.STATUS_ZOMBIE: "ended", psutil.STATUS_DEAD: "ended"}.get(
        state, ""
    )


def left_of(groups: set[int]) -> list[psutil.Process]:
    """Processes of these groups, wherever they are by now."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) in groups and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def contents(api: httpx2.Client, run: str) -> dict[str, str]:
    """What each file of a run holds now, by its hash; it is the one that was written down."""
    found = {}
    for file in api.get(f"runs/{run}/files").raise_for_status().json():
        answer = api.get(f"runs/{run}/files/{file['path']}", follow_redirects=True)
        found[file["path"]] = hashlib.sha256(answer.raise_for_status().content).hexdigest()
        assert found[file["path"]] == file["sha256"]
    return found


def test_a_run_killed_in_each_step_leaves_no_process_and_harms_none_of_three_beside_it(
    server_factory: Callable[..., RunningServer], data: Data
) -> None:
    server = server_factory(slots="4", cancel_grace_s="0.2")
    with connect(server) as api:
        doomed = make_run(api, data, copies=COPIES, aligned=True)
        without_qc = {"included": {"qc": False, "qc_after": False, "umi": True, "fastp": True}}
        others = [make_run(api, data, **without_qc) for _ in range(3)]
        first = others[0]
        run_all(api, first)
        assert ended(api, first).latest_status == "succeeded"
        before = contents(api, first)
        for run in others[1:]:
            run_all(api, run)

        for step, called_with in CAUGHT_AT.items():
            job_id, groups = caught(server, api, doomed, step)
            api.post(f"runs/{doomed}/cancel").raise_for_status()
            eventually(lambda job_id=job_id: job(api, job_id).status.terminal)
            killed = job(api, job_id)
            assert killed.status == "cancelled"
            assert not left_of(groups), step
            told = [ran.exit_code for ran in killed.ran]
            assert (None in told) == bool(called_with), "what was running when it was killed is in the record"

        assert contents(api, first) == before
        for run in others[1:]:
            assert ended(api, run).latest_status == "succeeded"
            assert {path: sha for path, sha in contents(api, run).items() if path.endswith(".csv")} == {
                path: sha for path, sha in before.items() if path.endswith(".csv")
            }
        assert {s.jobs[0].status.value for s in status_of(api, doomed).steps if s.jobs} == {"cancelled"}


def test_a_server_killed_in_each_step_goes_on_with_it(
    server_factory: Callable[..., RunningServer], data: Data, tmp_path: Path
) -> None:
    settings = {"lease_ttl_s": "2", "retry_delay_s": "0.1"}
    server = server_factory(tmp_path / "data", **settings)
    with connect(server) as api:
        run = make_run(api, data, copies=COPIES, aligned=True)
    for step in CAUGHT_AT:
        with connect(server) as api:
            job_id, groups = caught(server, api, run, step)
        parent = psutil.Process(server.pid)
        kill_at_once([parent, *parent.children()])
        eventually(lambda groups=groups: not left_of(groups))

        server = server_factory(tmp_path / "data", **settings)
        with connect(server) as api:
            eventually(lambda job_id=job_id, api=api: job(api, job_id).status.terminal)
            again = job(api, job_id)
            assert again.status == "succeeded", (step, again.failure)
            assert again.attempt >= 2, "and once more where a machine stands still for longer than a lease"


def test_an_index_whose_making_was_killed_is_never_taken_for_one(
    server_factory: Callable[..., RunningServer], data: Data, tmp_path: Path
) -> None:
    server = server_factory(tmp_path / "data", cancel_grace_s="0.2")
    kept = tmp_path / "data" / "cache" / "analyses" / "integration-sites" / "references"
    with connect(server) as api:
        run, other = make_run(api, data), make_run(api, data)
        killed, groups = caught(server, api, run, "reference_index")
        (genome,) = job(api, killed).inputs["reference"]
        of_it = [place.name for place in kept.iterdir() if place.is_dir() and genome.sha256 in place.name]
        assert [Path(name).suffix for name in of_it] == [".making"], "it has no name by which it is found"
        api.post(f"runs/{run}/cancel").raise_for_status()
        eventually(lambda: job(api, killed).status.terminal)
        assert not left_of(groups)

        given = {"reference": [genome.model_dump(mode="json")]}
        again = begin_on(api, other, "reference_index", given)
        eventually(lambda: job(api, again).status.terminal)
        mapped = begin_on(api, run, "read_mapping", given)
        eventually(lambda: job(api, mapped).status.terminal)

        assert (job(api, killed).status, job(api, again).status) == ("cancelled", "succeeded")
        assert [(ran.arguments[1], ran.exit_code) for ran in job(api, again).ran] == [("index", 0)]
        assert job(api, mapped).status == "succeeded", job(api, mapped).failure
        assert "-p" not in [ran.arguments[2] for ran in job(api, mapped).ran], "one index is enough"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The folder of the workspaces, on a disk of its own."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "data" / "workspaces"
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_while_alignments_are_sorted_is_said_and_costs_nothing_else(
    server_factory: Callable[..., RunningServer], tmp_path: Path, small_disk: Path
) -> None:
    made = simulate(tmp_path / "reads", MANY)
    data = Data(
        made.read1.read_bytes(),
        made.read2.read_bytes(),
        made.reference.read_bytes(),
        made.genes.read_bytes(),
        b"",
    )
    server = server_factory(tmp_path / "data")
    with connect(server) as api:
        run = make_run(api, data)
        done = job(api, begin(api, run, "readlen"))
        eventually(lambda: job(api, str(done.id)).status == "succeeded")
        before = contents(api, run)
        inputs = len(data.reads1) + len(data.reads2) + len(data.reference)
        resized = ["mount", "-o", f"remount,size={(inputs + LEFT) // 4096 * 4}k", str(small_disk)]
        subprocess.run(resized, check=True)

        failed_id = begin(api, run, "read_mapping")
        eventually(lambda: job(api, failed_id).status.terminal)
        failed = job(api, failed_id)

        assert failed.status == "failed"
        assert failed.failure is not None
        assert failed.failure.code == "workspace_full"
        assert "disk is full" in failed.failure.title
        assert failed.failure.hint
        sorts = [ran for ran in failed.ran if ran.arguments[1] == "sort"]
        assert sorts, "it was the sorting that met the end of the disk"
        assert sorts[0].exit_code != 0
        assert contents(api, run) == before

        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        again = begin(api, run, "read_mapping")
        eventually(lambda: job(api, again).status.terminal)
        assert job(api, again).status == "succeeded"
