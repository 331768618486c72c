"""External programs: found, asked for their version, piped, listened to, and ended with their whole group."""

import os
import stat
import sys
from pathlib import Path

import psutil
import pytest

from zerosec_analyses.program_runs import Call, ProgramResult, failed_call
from zerosec_analyses.programs import BWA_MEM2, FoundProgram, Need, Program, find_program, version_of
from zerosec_analyses.sdk import AnalysisError, Context, MissingProgramError, ProgramError
from zerosec_shared.errors import ProblemCode
from zerosec_shared.programs import FoundBy
from zerosec_shared.runs import ArtifactRole


def program(name: str, executable: str = "", version: tuple[str, ...] = ("--version",)) -> Program:
    return Program(name=name, title=name, summary="", install="Ask.", executable=executable, version=version)


PYTHON = program("python", sys.executable)
SORT = program("sort")


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context.for_notebook(tmp_path / "work" / "out")


def script(text: str) -> list[str]:
    return ["-c", text]


def test_settings_come_before_the_path_and_a_wrong_setting_is_not_made_up_for(tmp_path: Path) -> None:
    mine = tmp_path / "sort"
    mine.write_text("#!/bin/sh\necho mine v9.8.7-r6\n")
    mine.chmod(mine.stat().st_mode | stat.S_IXUSR)

    by_settings = find_program(SORT, {"sort": str(mine)})
    by_path = find_program(SORT, {})

    assert by_settings is not None
    assert by_path is not None
    assert (by_settings.path, by_settings.found_by) == (mine, FoundBy.SETTINGS)
    assert by_path.found_by is FoundBy.PATH
    assert version_of(by_settings) == "9.8.7-r6"
    assert find_program(SORT, {"sort": str(tmp_path / "nothing")}) is None
    assert find_program(SORT, {"sort": "sort"}) is None


def test_what_lies_beside_this_python_is_found_without_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = find_program(program("python", Path(sys.executable).name), {})

    assert found is not None
    assert found.found_by is FoundBy.BUNDLED
    assert version_of(found) == ".".join(map(str, sys.version_info[:3]))


def test_a_program_that_tells_no_version_has_none(tmp_path: Path) -> None:
    found = FoundProgram(program=SORT, path=tmp_path / "gone", found_by=FoundBy.SETTINGS)

    assert version_of(found) == ""


def test_a_version_is_what_a_program_answers_and_not_the_place_it_tells_besides(tmp_path: Path) -> None:
    """bwa-mem2 2.2.1 as its makers document it: the launcher names the build it starts on standard error, then `version` is printed."""
    place = tmp_path / "tools-1.4"
    place.mkdir()
    launcher = place / "bwa-mem2"
    launcher.write_text(
        "#!/bin/sh\n"
        f'echo "Looking to launch executable \\"{launcher}.avx2\\", simd = .avx2" >&2\n'
        f'echo "Launching executable \\"{launcher}.avx2\\"" >&2\n'
        'test "$*" = version && echo 2.2.1\n'
    )
    launcher.chmod(0o755)
    found = find_program(BWA_MEM2, {"bwa-mem2": str(launcher)})

    assert found is not None
    assert version_of(found) == "2.2.1"


def test_paths_of_a_notebook_are_meant_from_where_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("given.txt").write_text("b\na\n")
    ctx = Context.for_notebook(Path("out"), data=Path("given.txt"))

    ctx.run_program(SORT, [ctx.input("data").path, "-o", ctx.output / "sorted.txt"])

    assert Path("out/sorted.txt").read_text() == "a\nb\n"
    assert ctx.artifact(ctx.output / "sorted.txt", ArtifactRole.DATA) == "sorted.txt"


def test_a_missing_program_says_how_to_install_it(ctx: Context) -> None:
    with pytest.raises(MissingProgramError) as missing:
        ctx.run_program(program("nobody-has-this"), [])

    assert missing.value.code is ProblemCode.PROGRAM_MISSING
    assert missing.value.hint == "Ask."


def test_the_first_that_is_there_is_used(ctx: Context) -> None:
    assert ctx.program(program("nobody-has-this"), SORT).program is SORT
    assert ctx.program_if_there(program("nobody-has-this")) is None
    assert Need(any_of=(PYTHON, SORT), optional=True).info().any_of == ("python", "sort")


def test_programs_are_piped_without_a_file_between(ctx: Context) -> None:
    out = ctx.output / "sorted.txt"

    results = ctx.pipe([(PYTHON, script("print('b'); print('a')")), (SORT, [])], stdout=out)

    assert out.read_text() == "a\nb\n"
    assert [result.exit_code for result in results] == [0, 0]


def test_every_line_is_heard_also_those_that_end_with_a_carriage_return_or_not_at_all(ctx: Context) -> None:
    heard: list[str] = []

    ctx.run_program(
        PYTHON,
        script("import sys; sys.stderr.write('10%\\r20%\\rdone\\nü'); sys.stderr.buffer.write(b'\\xff')"),
        on_line=heard.append,
    )

    assert heard == ["10%", "20%", "done", "ü\ufffd"]


def test_an_endless_line_is_cut(ctx: Context) -> None:
    heard: list[str] = []

    ctx.run_program(PYTHON, script("print('x' * 1_000_000, end='')"), on_line=heard.append)

    assert 1 <= len(heard) <= 200
    assert max(map(len, heard)) <= 8192


def test_arguments_are_never_read_by_a_shell(ctx: Context) -> None:
    heard: list[str] = []
    hostile = ["; rm -rf ~", "$(id)", "a\nb", "../../x", "日本語" * 100, "--", "`id`"]

    ctx.run_program(
        PYTHON, [*script("import sys; print(ascii(sys.argv[1:]))"), *hostile], on_line=heard.append
    )

    assert "".join(heard) == ascii(hostile)


@pytest.mark.parametrize(
    ("exit_code", "said"),
    [(1, ("BrokenPipeError: [Errno 32] Broken pipe",)), (-13, ()), (141, ("some words",))],
)
def test_whoever_lost_its_reader_is_not_named_though_it_was_seen_to_end_first(
    exit_code: int, said: tuple[str, ...]
) -> None:
    calls = [Call(name=name, arguments=(name,)) for name in ("first", "second")]
    lost = ProgramResult(exit_code=exit_code, seconds=1.0, last_lines=said)
    failed = ProgramResult(exit_code=2, seconds=1.1, last_lines=("no such option",))

    found, alone = failed_call(calls, [lost, failed]), failed_call(calls[:1], [lost])

    assert found is not None
    assert "second" in found.title
    assert alone is not None
    assert "first" in alone.title


def test_the_program_that_failed_is_named_and_not_the_one_that_lost_its_reader(ctx: Context) -> None:
    endless = script("while True: print('x' * 10000)")

    with pytest.raises(ProgramError) as failed:
        ctx.pipe([(PYTHON, endless), (SORT, ["--no-such-option"])], stdout=ctx.scratch / "x")

    assert "sort" in failed.value.title
    assert failed.value.detail


def test_an_error_while_listening_ends_all_programs_of_the_pipe(ctx: Context) -> None:
    def listen(_: str, line: str) -> None:
        raise AnalysisError(f"heard {line}")

    wait = script("import sys, time; sys.stderr.write('here\\n'); sys.stderr.flush(); time.sleep(1000)")
    us = psutil.Process()
    others = set(us.children(recursive=True))

    with pytest.raises(AnalysisError, match="heard here"):
        ctx.pipe([(PYTHON, wait), (SORT, [])], stdout=ctx.scratch / "x", on_line=listen)

    assert [p.cmdline() for p in set(us.children()) - others] == []


def test_programs_of_a_pipe_share_a_group_of_their_own(ctx: Context) -> None:
    heard: list[str] = []
    tell = script("import os; print(os.getpgrp())")

    ctx.run_program(PYTHON, tell, on_line=heard.append)

    assert int(heard[0]) != os.getpgrp()


def test_command_lines_versions_and_ends_are_recorded_without_this_machines_folders(ctx: Context) -> None:
    ctx.run_program(SORT, ["-o", ctx.output / "x.txt", f"--temporary-directory={ctx.scratch}", os.devnull])
    with pytest.raises(ProgramError):
        ctx.run_program(SORT, ["--no-such-option"])

    good, bad = ctx.outcome().ran

    assert good.arguments[1:] == ("-o", "out/x.txt", "--temporary-directory=out/.scratch", os.devnull)
    assert (good.exit_code, bad.exit_code) == (0, 2)
    assert good.version
    assert ctx.outcome().environment["program sort"] == good.version


def test_a_program_that_is_declared_nowhere_is_run_by_its_name(ctx: Context) -> None:
    assert ctx.exec([sys.executable, "-c", "pass"]).exit_code == 0
    with pytest.raises(MissingProgramError):
        ctx.exec(["a-program-nobody-has"])
