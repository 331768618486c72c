"""Boosted symmetric trees as plain arrays: predictions, and bytes that are safe to read because nothing in them is code."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from zerosec_analyses.modelling.forests import within_single
from zerosec_analyses.modelling.table import FloatArray

BLOCK = 1024
MOST_TREES, DEEPEST, MOST_BYTES = 20_000, 12, 2 * 10**9
ARRAYS = ("features", "borders", "leaves", "bias")


@dataclass(frozen=True)
class ObliviousTrees:
    """Trees (t) whose levels (d) each ask one question of all rows: is column ``features`` (t x d) above ``borders`` (t x d, float32)?

    The answers are the binary digits of the leaf, the first level's being the last digit; ``leaves`` (t x 2^d x k) are added up on top of
    ``bias`` (k). With ``classes`` the sums become probabilities: by the logistic function where k is 1, else by softmax.
    """

    features: NDArray[np.int32]
    borders: NDArray[np.float32]
    leaves: FloatArray
    bias: FloatArray
    classes: bool = False

    def sums(self, x: FloatArray) -> FloatArray:
        """Rows x columns to rows x k, before they are made probabilities."""
        made = np.tile(self.bias, (x.shape[0], 1))
        trees = np.arange(self.features.shape[0])[:, None]
        for begin in range(0, x.shape[0], BLOCK):
            # by column, in the precision the borders were found in
            rows = np.ascontiguousarray(within_single(x[begin : begin + BLOCK]).T, dtype=np.float32)
            leaf = np.zeros((trees.size, rows.shape[1]), dtype=np.int16)
            for level in range(self.features.shape[1]):
                above = rows[self.features[:, level]] > self.borders[:, level, None]
                leaf |= above.astype(np.int16) << level
            made[begin : begin + BLOCK] += self.leaves[trees, leaf].sum(axis=0)
        return made

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to numbers (n), to the probability of the second of two classes (n), or to those of all (n x k)."""
        sums = self.sums(x)
        if self.bias.size == 1:
            return np.asarray(expit(sums[:, 0])) if self.classes else sums[:, 0]
        return np.asarray(softmax(sums, axis=1))

    def to_bytes(self) -> bytes:
        """NumPy's archive of the arrays; the same trees give the same bytes."""
        held = io.BytesIO()
        np.savez(held, allow_pickle=False, **{name: getattr(self, name) for name in ARRAYS})
        return held.getvalue()

    @staticmethod
    def from_bytes(content: bytes, n_columns: int, *, classes: bool) -> ObliviousTrees:
        """What was written, once it has shown that no tree points outside. Raises ValueError for anything else."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                    raise ValueError("larger than trees can be")
            with np.load(io.BytesIO(content), allow_pickle=False) as held:
                features, borders, leaves, bias = (np.asarray(held[name]) for name in ARRAYS)
        except (
            zipfile.BadZipFile,
            zlib.error,
            KeyError,
            EOFError,
            OSError,
            RuntimeError,
            MemoryError,
        ) as error:
            raise ValueError("no archive of trees") from error
        kinds = [array.dtype for array in (features, borders, leaves, bias)]
        if kinds != [np.int32, np.float32, np.float64, np.float64] or features.ndim != 2:
            raise ValueError("arrays of other kinds")
        trees, depth = features.shape
        shaped = (
            trees <= MOST_TREES
            and depth <= DEEPEST
            and borders.shape == features.shape
            and bias.ndim == 1
            and leaves.shape == (trees, 2**depth, bias.size)
            and bias.size >= 1
            and (classes or bias.size == 1)
        )
        if not shaped:
            raise ValueError("arrays of other shapes")
        if trees and depth and not (features.min() >= 0 and features.max() < n_columns):
            raise ValueError("a tree asks for a column that is not there")
        if np.isnan(borders).any() or not (np.isfinite(leaves).all() and np.isfinite(bias).all()):
            raise ValueError("values that are no numbers")
        return ObliviousTrees(features, borders, leaves, bias, classes)
