"""A Gaussian process as bytes that are safe to read: NumPy's archive of plain arrays."""

from __future__ import annotations

import io

import numpy as np

from zerosec_analyses.modelling.gaussian_process import GaussianProcess, Kernel, Shape

KERNELS: dict[str, Kernel] = {
    "matern52": "matern52",
    "matern32": "matern32",
    "squared_exponential": "squared_exponential",
}
SHAPE = ("bent", "low", "high")


def process_to_bytes(process: GaussianProcess) -> bytes:
    """The same process gives the same bytes."""
    held = io.BytesIO()
    numbers = np.array([process.amplitude, process.linear, process.noise])
    shape = {} if process.shape is None else {part: getattr(process.shape, part) for part in SHAPE}
    np.savez(
        held, allow_pickle=False, kernel=np.array(process.kernel), lengths=process.lengths, numbers=numbers,
        rows=process.rows, weights=process.weights, **shape,
    )  # fmt: skip
    return held.getvalue()


def process_from_bytes(content: bytes, n_columns: int) -> GaussianProcess:
    """What was written. Raises ValueError where its parts do not fit together, KeyError where one is missing."""
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        kernel = KERNELS.get(str(held["kernel"]))
        rows, weights, lengths = held["rows"], held["weights"], held["lengths"]
        amplitude, linear, noise = (float(value) for value in held["numbers"])
        shape = Shape(*(held[part] for part in SHAPE)) if "bent" in held else None
    numbers = [rows, weights, lengths, *((shape.low, shape.high) if shape is not None else ())]
    if (
        kernel is None
        or any(part.dtype != np.float64 or not np.isfinite(part).all() for part in numbers)
        or not np.isfinite([amplitude, linear, noise]).all()
        or not (lengths > 0).all()
        or rows.ndim != 2
        or rows.shape != (weights.size, n_columns)
        or lengths.shape != (n_columns,)
        or (shape is not None and not shape.fits(n_columns))
    ):
        raise ValueError("the parts of the process do not fit together")
    return GaussianProcess(kernel, lengths, amplitude, linear, noise, rows, weights, shape)
