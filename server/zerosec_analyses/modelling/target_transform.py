"""The transform of a target, learnt from training rows, and back to its own units within sensible bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.linear.transforms import Transform
from zerosec_analyses.modelling.table import FloatArray

# A parameter beyond these bends the target so strongly that its inverse amplifies every error.
PARAMETER_LIMITS = (-2.0, 4.0)


@dataclass(frozen=True)
class ScaledTransform:
    """Transform, then centre and scale. ``low`` and ``high`` bound what comes back: the training range and its width beyond."""

    transform: Transform
    mean: float
    scale: float
    low: float
    high: float

    def forward(self, y: FloatArray) -> FloatArray:
        """On the scale a candidate is fitted on."""
        return (self.transform.forward(y) - self.mean) / self.scale

    def inverse(self, z: FloatArray) -> FloatArray:
        """In the target's own units."""
        back = self.transform.inverse(np.asarray(z, dtype=np.float64) * self.scale + self.mean)
        if self.transform.kind is TargetTransform.NONE:
            return back
        return np.clip(back, self.low, self.high)


def learn_transform(kind: TargetTransform, y: FloatArray) -> ScaledTransform:
    """Learn the parameter by maximum likelihood (Box & Cox 1964; Yeo & Johnson 2000) from training targets that suit the kind."""
    parameter = 0.0
    if kind is TargetTransform.BOX_COX:
        parameter = _bounded(stats.boxcox_normmax(y / np.exp(np.log(y).mean()), method="mle"))
    elif kind is TargetTransform.YEO_JOHNSON:
        parameter = _bounded(stats.yeojohnson_normmax(y))
    transform = Transform(kind, parameter)
    z = transform.forward(y)
    spread = float(z.std())
    reach = float(y.max() - y.min())
    return ScaledTransform(
        transform,
        float(z.mean()),
        spread if spread > 0 else 1.0,
        float(y.min()) - reach,
        float(y.max()) + reach,
    )


def _bounded(parameter: float) -> float:
    return float(round(min(max(float(parameter), PARAMETER_LIMITS[0]), PARAMETER_LIMITS[1]), 2))


def transforms_to_try(y: FloatArray) -> tuple[TargetTransform, ...]:
    """The kinds worth a try for training targets: none always; a transform where they are clearly skewed."""
    if y.size < 20 or abs(float(stats.skew(y))) < 1.0:
        return (TargetTransform.NONE,)
    if float(y.min()) > 0:
        return (TargetTransform.NONE, TargetTransform.LOG)
    return (TargetTransform.NONE, TargetTransform.YEO_JOHNSON)
