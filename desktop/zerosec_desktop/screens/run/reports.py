"""Which of a job's pages is its report."""

from collections.abc import Iterable

from zerosec_shared.runs import Artifact, ArtifactRole

__all__ = ["report_of"]


def report_of(artifacts: Iterable[Artifact], language: str) -> str:
    """The path of the page that speaks of the whole: one in this language, else the one in the fewest folders; empty if there is none."""
    pages = [
        found.path
        for found in artifacts
        if found.role is ArtifactRole.REPORT and found.path.endswith(".html")
    ]
    return min(
        pages, key=lambda path: (not path.endswith(f".{language}.html"), path.count("/"), path), default=""
    )
