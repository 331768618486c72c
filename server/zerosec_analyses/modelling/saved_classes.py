"""What a model file says of a target that is a class: labels, calibration and decision, as plain data that is checked when read."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zerosec_analyses.modelling.calibration import CalibrationKind, ClassCalibration
from zerosec_analyses.modelling.class_candidates import ClassPredictor
from zerosec_analyses.modelling.decisions import Decision, Rule

Text = Annotated[str, Field(max_length=10_000)]
Share = Annotated[float, Field(ge=0, le=1)]


class SavedPart(BaseModel):
    """The base of all that stands in a model file."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SavedMember(SavedPart):
    """Which classes one model has seen, by code, and in how many rows: see ClassPredictor."""

    present: tuple[Annotated[int, Field(ge=0)], ...] = Field(min_length=2)
    n_rows: int = Field(ge=1)


class SavedCalibration(SavedPart):
    """See ClassCalibration."""

    kind: CalibrationKind
    slope: float
    offsets: tuple[float, ...] = ()
    knots: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()
    n_rows: int = Field(ge=0)


class SavedDecision(SavedPart):
    """See Decision."""

    rule: Rule
    ok: int | None = Field(default=None, ge=0)
    costs: tuple[tuple[float, ...], ...] = ()
    grey_cost: float | None = None
    ok_above: float | None = None
    ng_at_most: float | None = None


class SavedClasses(SavedPart):
    """``labels`` and ``prior`` (their shares) are by code; ``members`` by the name of the model."""

    labels: tuple[Text, ...] = Field(min_length=2)
    prior: tuple[Share, ...]
    members: dict[str, SavedMember]
    calibration: SavedCalibration
    decision: SavedDecision

    @model_validator(mode="after")
    def _fits(self) -> SavedClasses:
        k = len(self.labels)
        own, rule = self.calibration, self.decision
        codes = [code for member in self.members.values() for code in member.present]
        wrong = (
            len(self.prior) != k
            or any(code >= k for code in codes)
            or any(len(set(member.present)) != len(member.present) for member in self.members.values())
            or (own.kind is CalibrationKind.ISOTONIC and len(own.knots) != k)
            or any(len(at) != len(to) or not at for at, to in own.knots)
            or (own.kind is not CalibrationKind.ISOTONIC and len(own.offsets) != k)
            or (rule.rule.bounds and (rule.ok is None or rule.ok >= k))
            or (rule.rule is Rule.COSTS and [len(row) for row in rule.costs] != [k] * k)
        )
        if wrong:
            raise ValueError("the classes and what is said of them do not fit together")
        return self

    def learnt_calibration(self) -> ClassCalibration:
        """As it was learnt."""
        own = self.calibration
        return ClassCalibration(own.kind, own.slope, own.offsets, own.knots, own.n_rows)

    def learnt_decision(self) -> Decision:
        """As it was found."""
        return Decision(**{name: getattr(self.decision, name) for name in SavedDecision.model_fields})

    def predictor(self, name: str, raw: object) -> ClassPredictor:
        """A model that was read, over all classes."""
        member = self.members[name]
        return ClassPredictor(raw, member.present, len(self.labels), member.n_rows)


def saved_calibration(found: ClassCalibration) -> SavedCalibration:
    """A calibration as data."""
    return SavedCalibration(
        kind=found.kind, slope=found.slope, offsets=found.offsets, knots=found.knots, n_rows=found.n_rows
    )


def saved_decision(found: Decision) -> SavedDecision:
    """A decision as data."""
    return SavedDecision(**{name: getattr(found, name) for name in SavedDecision.model_fields})
