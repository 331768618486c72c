"""Programs that not every machine has, run for real where they are: UMI-tools beside our own UMIs, and MultiQC over FastQC's reports."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.pipeline_steps import run_step
from tests.simulated_reads import Recipe, Simulation, simulate

pytestmark = pytest.mark.science

SMALL = Recipe(seed=9, contigs=(("chr1", 30_000),), sites=4, largest_clone=30, smallest_clone=10, spike_ins=0)


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    return simulate(tmp_path_factory.mktemp("reads"), SMALL)


def needed(name: str) -> str:
    """Where a program is: as `ZEROSEC_TEST_PROGRAMS` names a folder, or on the PATH."""
    places = os.pathsep.join([os.environ.get("ZEROSEC_TEST_PROGRAMS", ""), os.environ["PATH"]])
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def records(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode().splitlines()


@pytest.mark.parametrize("pattern", ["NNNNNNNN", "XXNNNNNN"])
def test_umis_are_taken_out_as_umi_tools_does(tmp_path: Path, simulation: Simulation, pattern: str) -> None:
    umi_tools = needed("umi_tools")
    theirs = tmp_path / "theirs_R1.fastq.gz", tmp_path / "theirs_R2.fastq.gz"
    # Of umi_tools the second read is the first here: the pattern is of one read, and what it reads first may not be left without one.
    subprocess.run(
        [
            *(umi_tools, "extract", f"--bc-pattern={pattern}"),
            *(f"--stdin={simulation.read2}", f"--read2-in={simulation.read1}"),
            *(f"--stdout={theirs[1]}", f"--read2-out={theirs[0]}", f"--log={tmp_path / 'log'}"),
        ],
        check=True,
        capture_output=True,
    )

    ours = run_step(
        tmp_path / "umi",
        "umi",
        {"umi_read2": pattern},
        reads1=simulation.read1,
        reads2=simulation.read2,
    )

    for mate, path in ((1, theirs[0]), (2, theirs[1])):
        (made,) = ours.output.glob(f"reads/*_R{mate}.fastq.gz")
        assert records(made) == records(path)
        assert len(records(path)) == 4 * simulation.pairs


def test_multiqc_makes_one_report_of_all_files(
    tmp_path: Path, simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    multiqc = needed("multiqc")
    needed("fastqc")
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(multiqc).parent), os.environ["PATH"]]))

    done = run_step(tmp_path / "qc", "qc", reads1=simulation.read1, reads2=simulation.read2)

    page = (done.output / "multiqc.html").read_text(encoding="utf-8")
    assert "FastQC" in page
    for mate in (1, 2):
        assert f"sample_R{mate}" in page
    assert "s1_R1" not in page
    assert [ran.program for ran in done.outcome.ran] == ["fastqc", "multiqc"]
    assert all(ran.exit_code == 0 and ran.version for ran in done.outcome.ran)
