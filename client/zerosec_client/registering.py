"""What follows when a reference is registered: the job that prepares it, such as the index of a genome."""

from collections.abc import Sequence

from zerosec_client.chosen_files import registered_input
from zerosec_client.outbox import Intent
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.ids import new_id
from zerosec_shared.references import Reference

__all__ = ["preparing"]


def preparing(analyses: Sequence[AnalysisInfo], target: str, reference: Reference) -> Intent | None:
    """The job that prepares a reference: a step that reads nothing else. None where no analysis has one."""
    for analysis in analyses:
        for step in analysis.beginnings:
            if [slot.registered for slot in step.inputs] == [reference.kind]:
                return Intent(
                    job_id=new_id(),
                    run_id=new_id(),
                    target=target,
                    analysis=analysis.id,
                    step=step.id,
                    name=f"{reference.name} ({reference.genome_build})",
                    inputs={step.inputs[0].name: (registered_input(reference.file),)},
                )
    return None
