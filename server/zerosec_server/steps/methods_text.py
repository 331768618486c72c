"""The methods paragraph of a run, in English and in the other languages the server knows, and what it cites."""

from zerosec_analyses.catalogue import Catalogue
from zerosec_analyses.programs import Program, known_programs
from zerosec_server.language import server_texts
from zerosec_server.steps.records import newest_good_jobs
from zerosec_server.steps.settings_in_words import settings_in_words
from zerosec_shared.analyses import Citation, StepInfo
from zerosec_shared.archives import MethodsText, RunRecord
from zerosec_shared.runs import Job
from zerosec_shared.texts import NO_TEXTS, Said, Texts, joined, ours, say

__all__ = ["methods_text"]


def methods_text(record: RunRecord, catalogue: Catalogue) -> MethodsText:
    """What was done, with which programs, versions and settings: of the newest good job of each step and what these have read."""
    known = record.run.analysis in catalogue
    analysis = catalogue[record.run.analysis] if known else None
    programs = {program.name: program for program in known_programs()}
    if analysis is not None:
        programs |= {program.name: program for program in analysis.programs()}
    steps = {step.id: step.info() for step in analysis.steps} if analysis is not None else {}
    done = newest_good_jobs(record)
    title: str = ours(analysis.title) if analysis is not None else record.run.analysis
    sentences: list[str] = [
        say(
            "The data were analysed with ZeroSec {version}, “{analysis}” version {analysis_version}.",
            version=record.server_version,
            analysis=title,
            analysis_version=record.run.analysis_version,
        )
    ]
    files = {file.sha256: file.name for slot in record.run.inputs.values() for file in slot}
    if files:
        shown = "; ".join(f"{name} (SHA-256 {sha256[:12]}…)" for sha256, name in list(files.items())[:20])
        sentences.append(say("Input files: {files}.", files=shown))
    sentences += [_of_step(job, steps.get(job.step), programs) for job in done]
    if not done:
        sentences.append(say("No step has been executed with success so far."))
    paragraph = joined(sentences, " ")
    texts = server_texts() if analysis is None else analysis.texts.over(server_texts())
    used = {ran.program for job in done for ran in job.ran}
    citations = [*(analysis.citations if analysis is not None else ())]
    citations += [
        citation for name in sorted(used) if name in programs for citation in programs[name].citations
    ]
    return MethodsText(paragraphs=_in_all(paragraph, texts), citations=_each_once(citations))


def _of_step(job: Job, declared: StepInfo | None, programs: dict[str, Program]) -> str:
    step = ours(declared.title if declared is not None else job.step)
    settings = settings_in_words(job.parameters, declared)
    versions = {ran.program: ran.version for ran in job.ran}
    called = ", ".join(
        f"{programs[name].title if name in programs else name} {version}".strip()
        for name, version in versions.items()
    )
    seed = job.environment.get("seed", "")
    first = (
        say("Step “{step}” used {programs}.", step=step, programs=called)
        if called
        else say("Step “{step}” was executed.", step=step)
    )
    more: list[str] = [first]
    if settings:
        more.append(say("Settings: {settings}.", settings=settings))
    if seed and job.parameters.get("seed") is None:
        more.append(say("Seed: {seed}.", seed=seed))
    return joined(more, " ")


def _in_all(text: Said, texts: Texts = NO_TEXTS) -> dict[str, str]:
    return {"en": str(text)} | {
        language: texts.find(text, language) or str(text) for language in sorted(texts.languages)
    }


def _each_once(citations: list[Citation]) -> tuple[Citation, ...]:
    return tuple({(c.doi or c.url or c.text): c for c in citations}.values())
