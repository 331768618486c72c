"""Misclassification matrices: those of CHAMPS, made fit for a study's own causes, or the user's own from a file, checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from zerosec_analyses.sdk import InputError, ours, say
from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.causes import BROAD_CAUSES, CauseList, data_rows, plain
from zerosec_analyses.va_calibration.dirichlet import concentration
from zerosec_analyses.va_calibration.spec import ALGORITHMS, AgeGroup, Country
from zerosec_shared.tables import Table

__all__ = ["MatrixFile", "StudyMatrix", "champs_matrix", "read_matrices"]

# Of two study causes of one broad cause: the share of its correct deaths that goes to the wrong one of them.
CONFUSED_WITHIN = 0.001
ROW_SUM_TOLERANCE = 1e-3
SMALLEST_DRAWN_RATE = 1e-10


@dataclass(frozen=True, kw_only=True)
class StudyMatrix:
    """(C, C) mean rates, rows true causes summing to 1, and each row's Dirichlet sum (C,), None if the rates are certain."""

    algorithm: str
    means: Floats
    sums: Floats | None
    origin: str

    @property
    def concentrations(self) -> Floats:
        """(C, C) the rows' Dirichlet parameters; zero rates stay zero."""
        assert self.sums is not None
        return np.asarray(self.means * self.sums[:, None], dtype=np.float64)


@cache
def _champs(age_group: AgeGroup) -> dict[tuple[str, str], Floats]:
    names = BROAD_CAUSES[age_group]
    found: dict[tuple[str, str], Floats] = {}
    for row in data_rows(f"champs_{age_group.value}.csv"):
        matrix = found.setdefault((row["algorithm"], row["country"]), np.zeros((len(names), len(names))))
        matrix[names.index(row["true_cause"])] = [float(row[name]) for name in names]
    return found


def champs_matrix(algorithm: str, age_group: AgeGroup, country: Country, causes: CauseList) -> StudyMatrix:
    """The CHAMPS matrix for the causes of a run. Raises InputError for an algorithm CHAMPS has no matrix of."""
    try:
        alpha = _champs(age_group)[algorithm, country.value]
    except KeyError as unknown:
        raise InputError(
            say("There is no misclassification matrix for {algorithm}.", algorithm=ALGORITHMS[algorithm]),
            say("CHAMPS has matrices for EAVA, InSilicoVA and InterVA."),
            say("Give its own matrix as a file."),
        ) from unknown
    assert causes.broad is not None
    broad = BROAD_CAUSES[age_group]
    places = [broad.index(cause) for cause in causes.broad]
    # A Dirichlet over some of its causes alone is the Dirichlet of their own parameters.
    sums = alpha[:, sorted(set(places))].sum(axis=1)
    means = _expanded((alpha / sums[:, None])[np.ix_(places, places)], places)
    return StudyMatrix(
        algorithm=algorithm,
        means=means,
        sums=sums[places],
        origin=say(
            "CHAMPS, {country}",
            country=ours(country.value) if country is not Country.OTHER else say("another country"),
        ),
    )


def _expanded(means: Floats, places: Sequence[int]) -> Floats:
    """Rates for study causes, several of which may belong to one broad cause; each row sums to 1 again.

    Deaths of another cause that are taken for the broad cause are shared equally between its study causes; those of a study
    cause that are recognised go to it, but for a thousandth to its sisters.
    """
    counts = np.array([places.count(place) for place in places])
    found = means.copy()
    for i, own in enumerate(places):
        for j, other in enumerate(places):
            if own != other:
                found[i, j] /= counts[j]
            elif counts[i] > 1:
                found[i, j] *= 1 - CONFUSED_WITHIN if i == j else CONFUSED_WITHIN / (counts[i] - 1)
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True)
class MatrixFile:
    """The user's matrices: causes in the order of the file's rows, and a matrix an algorithm."""

    file: str
    causes: tuple[str, ...]
    matrices: dict[str, StudyMatrix]

    def matrix(self, algorithm: str, causes: CauseList) -> StudyMatrix | None:
        """An algorithm's matrix with rows and columns in the order of the run's causes; None if the file has none.

        Raises InputError where its causes are not those of the run.
        """
        found = self.matrices.get(algorithm)
        if found is None:
            return None
        own = {plain(cause): place for place, cause in enumerate(self.causes)}
        wanted = [plain(name) for name in causes.names]
        if set(own) != set(wanted):
            odd = [c for c in self.causes if plain(c) not in wanted] or [
                n for n in causes.names if plain(n) not in own
            ]
            raise InputError(
                say(
                    "The causes of the matrices in {file} are not those of this run: {names}.",
                    file=self.file,
                    names=", ".join(odd),
                ),
                hint=say("Rows and columns must be named {causes}.", causes=", ".join(causes.names)),
            )
        order = [own[name] for name in wanted]
        return StudyMatrix(
            algorithm=algorithm,
            means=np.ascontiguousarray(found.means[np.ix_(order, order)]),
            sums=None if found.sums is None else found.sums[order],
            origin=found.origin,
        )


def read_matrices(table: Table, file: str, algorithms: Sequence[str]) -> MatrixFile:
    """The user's matrices. Raises InputError, naming the row, for rates that are no probabilities or names that do not match."""
    columns = {plain(name): name for name in reversed(table.frame.columns)}
    true = columns.get("true cause") or columns.get("cause")
    if true is None:
        raise InputError(
            say("{file} has no column true_cause.", file=file),
            hint=say("It names the true cause of each row; every other column is a cause as assigned."),
        )
    special = {true, *(columns[name] for name in ("algorithm", "concentration", "draw") if name in columns)}
    assigned = [name for name in table.frame.columns if name not in special]
    for name in assigned:
        if not table.frame[name].dtype.is_numeric():
            raise InputError(
                say("{file}: column “{column}” holds text, and rates are numbers.", file=file, column=name)
            )
    frame = table.frame.with_columns(
        pl.Series("\0row", [table.row_number(i) for i in range(table.frame.height)])
    )
    if "algorithm" not in columns:
        if len(algorithms) > 1:
            raise InputError(
                say(
                    "{file} has no column algorithm, and {count} algorithms were given.",
                    file=file,
                    count=len(algorithms),
                ),
                hint=say(
                    "Say in a column algorithm whose rates each row holds: {names}.",
                    names=", ".join(algorithms),
                ),
            )
        parts = {algorithms[0]: frame}
    else:
        titles = {plain(title): name for name, title in ALGORITHMS.items()} | {
            name: name for name in ALGORITHMS
        }
        parts = {}
        for (value,), part in frame.group_by([columns["algorithm"]], maintain_order=True):
            key = titles.get(plain(str(value)))
            if key is None:
                raise InputError(
                    say(
                        "{file} has matrices of “{name}”, which is no algorithm here.", file=file, name=value
                    ),
                    hint=say("The algorithms: {names}.", names=", ".join(ALGORITHMS)),
                )
            parts[key] = part
    causes: tuple[str, ...] | None = None
    matrices = {}
    for algorithm, part in parts.items():
        reading = _MatrixRows(part, file, true, assigned, columns.get("concentration"), columns.get("draw"))
        if causes is not None and [plain(c) for c in causes] != [plain(c) for c in reading.causes]:
            raise InputError(say("{file}: the matrices of its algorithms have different causes.", file=file))
        causes = reading.causes
        matrices[algorithm] = reading.matrix(algorithm)
    assert causes is not None
    return MatrixFile(file, causes, matrices)


class _MatrixRows:
    """The rows of one algorithm's matrix, or of its draws."""

    def __init__(
        self,
        frame: pl.DataFrame,
        file: str,
        true: str,
        assigned: list[str],
        sums: str | None,
        draw: str | None,
    ) -> None:
        self.frame, self.file, self.assigned, self.sums, self.draw = frame, file, assigned, sums, draw
        self.true = [(name or "").strip() for name in frame[true].cast(pl.String)]
        self.causes = tuple(dict.fromkeys(self.true))
        rows, columns = {plain(c) for c in self.causes}, {plain(c) for c in assigned}
        if rows != columns or len(columns) != len(assigned):
            odd = [c for c in self.causes if plain(c) not in columns] + [
                c for c in assigned if plain(c) not in rows
            ]
            raise InputError(
                say(
                    "{file}: true causes and assigned causes do not match: {names}.",
                    file=file,
                    names=", ".join(odd) or ", ".join(assigned),
                ),
                hint=say("Each cause needs one row and one column of the same name."),
            )
        by_name = {plain(c): c for c in assigned}
        self.rates = frame.select([by_name[plain(c)] for c in self.causes]).cast(pl.Float64).to_numpy()
        self._check()

    def _check(self) -> None:
        for rates, cause, row in zip(self.rates, self.true, self.frame["\0row"], strict=True):
            where = {"file": self.file, "row": row, "cause": cause}
            if not np.isfinite(rates).all():
                raise InputError(say("{file}, row {row}: a rate of “{cause}” is missing.", **where))
            if (rates < 0).any():
                raise InputError(say("{file}, row {row}: a rate of “{cause}” is negative.", **where))
            if rates.sum() == 0:
                raise InputError(
                    say("{file}, row {row}: all rates of “{cause}” are zero.", **where),
                    hint=say("Each row says how deaths of one true cause are assigned, and sums to 1."),
                )
            if abs(rates.sum() - 1) > ROW_SUM_TOLERANCE:
                raise InputError(
                    say(
                        "{file}, row {row}: the rates of “{cause}” sum to {sum}, not to 1.",
                        sum=f"{rates.sum():.6g}",
                        **where,
                    )
                )

    def matrix(self, algorithm: str) -> StudyMatrix:
        """One matrix: as it stands, or the mean of the draws with each row's Dirichlet sum by maximum likelihood."""
        rates = self.rates / self.rates.sum(axis=1, keepdims=True)
        size = len(self.causes)
        if self.draw is None:
            if len(rates) != size:
                doubled = next(c for c in self.causes if self.true.count(c) > 1)
                raise InputError(
                    say(
                        "{file} has the true cause “{cause}” more than once for one algorithm.",
                        file=self.file,
                        cause=doubled,
                    ),
                    hint=say("Posterior draws need a column draw that numbers them."),
                )
            return StudyMatrix(algorithm=algorithm, means=rates, sums=self._sums(), origin=self.file)
        places = np.array([self.causes.index(c) for c in self.true])
        means, sums = np.zeros((size, size)), np.zeros(size)
        for i in range(size):
            rows = rates[places == i]
            if len(rows) < 2:
                raise InputError(
                    say(
                        "{file} has fewer than two draws of the row “{cause}”.",
                        file=self.file,
                        cause=self.causes[i],
                    )
                )
            means[i] = rows.mean(axis=0)
            used = means[i] > 0
            logs = np.log(np.maximum(rows[:, used], SMALLEST_DRAWN_RATE)).mean(axis=0)
            sums[i] = concentration(means[i, used], logs) if used.sum() > 1 else 1.0
        return StudyMatrix(
            algorithm=algorithm,
            means=means,
            sums=sums,
            origin=say(
                "{file}, {count} draws", one="{file}, 1 draw", file=self.file, count=len(rates) // size
            ),
        )

    def _sums(self) -> Floats | None:
        if self.sums is None:
            return None
        values = self.frame[self.sums].cast(pl.Float64, strict=False)
        for value, row in zip(values, self.frame["\0row"], strict=True):
            if value is None or not value > 0:
                raise InputError(
                    say(
                        "{file}, row {row}: the concentration must be a number above zero.",
                        file=self.file,
                        row=row,
                    )
                )
        return np.asarray(values.to_numpy(), dtype=np.float64)
