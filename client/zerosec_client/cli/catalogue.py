"""`zerosec analyses`: what there is to run."""

import argparse

from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.session import opened
from zerosec_client.cli.terminal import Report, Terminal

__all__ = ["analyses"]


async def analyses(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """List the catalogue of a server."""
    async with opened(arguments.target_server, terminal) as (_, api):
        offered = [analysis for analysis in await api.analyses() if not analysis.hidden]
    rows = [(each.id, each.group, each.title, each.summary) for each in offered]
    return Report(
        ExitCode.OK,
        {"analyses": [each.model_dump(mode="json") for each in offered]},
        ["", "Its parameters: zerosec run ANALYSIS --help"] if rows else ["This server offers no analyses."],
        (("ANALYSIS", "GROUP", "TITLE", "WHAT IT DOES"), rows) if rows else None,
    )
