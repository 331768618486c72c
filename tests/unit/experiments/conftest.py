"""A database with a project of a few columns, and a way to import rows into it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.database.migrations import upgrade
from zerosec_server.experiments.cells import key_of, key_text, known_by_key, with_values
from zerosec_server.experiments.choosing import chosen_experiments
from zerosec_server.experiments.difference import Difference, FileRow, compare
from zerosec_server.experiments.history import NewImport
from zerosec_server.experiments.projects import NewProject, change_project, create_project, project_by_id
from zerosec_server.experiments.taking_in import plan_back, take_back, take_in
from zerosec_shared.experiments import ColumnKind, ExperimentColumn, ImportKind, Project, Value, identity
from zerosec_shared.ids import new_id
from zerosec_shared.selections import ExperimentFilter

COLUMNS = (
    ExperimentColumn(name="送り速度", identifying=True),
    ExperimentColumn(name="材料", kind=ColumnKind.TEXT, identifying=True),
    ExperimentColumn(name="A13"),
    ExperimentColumn(name="A11"),
    ExperimentColumn(name="摩耗量"),
    ExperimentColumn(name="実験日", kind=ColumnKind.DATE),
)
IDENTIFYING = ("送り速度", "材料")
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Lab:
    """One project and what can be done with it."""

    database: Database
    id: str

    @property
    def project(self) -> Project:
        """As it is now."""
        found = self.database.read(lambda c: project_by_id(c, self.id, "local"))
        assert found is not None
        return found

    def compare(self, rows: Sequence[Values]) -> Difference:
        """What an import of these rows would do."""
        file_rows = [FileRow(number, dict(values)) for number, values in enumerate(rows, start=2)]
        keys = {key_text(identity(row.values, IDENTIFYING)) for row in file_rows}

        def read(c: Connection) -> Difference:
            known = known_by_key(c, self.id, keys)
            return compare(file_rows, {key_of(key): found for key, found in known.items()}, COLUMNS)

        return self.database.read(read)

    def request(self, kind: ImportKind = ImportKind.IMPORT, undoes: str | None = None) -> NewImport:
        """A change of the results as they are now."""
        new = str(new_id())
        return NewImport(
            id=new,
            project_id=self.id,
            kind=kind,
            by="local",
            revision=self.project.revision,
            digest=hashlib.sha256(new.encode()).hexdigest(),
            file_name="results.xlsx",
            counts={},
            undoes=undoes,
        )

    def take_in(self, rows: Sequence[Values]) -> str:
        """Import rows; the import's id."""
        difference, request = self.compare(rows), self.request()
        assert self.database.write(lambda c: take_in(c, request, difference))
        return request.id

    def take_back(self, import_id: str) -> str:
        """Undo an import; the undo's id."""
        request = self.request(ImportKind.UNDO, import_id)
        plan = self.database.read(lambda c: plan_back(c, self.project, import_id))
        assert self.database.write(lambda c: take_back(c, request, plan))
        return request.id

    def set_columns(self, columns: Sequence[ExperimentColumn]) -> None:
        """Give the project another profile."""
        project = self.project
        self.database.write(lambda c: change_project(c, project, name=None, profile="", columns=columns))

    def rows(self, chosen: ExperimentFilter | None = None) -> list[dict[str, Value]]:
        """The experiments that match, in the order they came."""
        query = chosen_experiments(self.project, chosen or ExperimentFilter())
        return self.database.read(lambda c: [values for _, _, values in with_values(c, query)])

    def content(self) -> set[frozenset[tuple[str, Value]]]:
        """All experiments, in no order."""
        return {frozenset(values.items()) for values in self.rows()}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for a module: each test has projects of its own."""
    path: Path = tmp_path_factory.mktemp("results") / "zerosec.db"
    opened = Database(sqlite_url(path))
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def new_lab(database: Database) -> Callable[[], Lab]:
    """Make an empty project."""

    def make() -> Lab:
        project = NewProject(
            id=str(new_id()), owner="local", name="Brushes", profile="", columns=COLUMNS, digest="0" * 64
        )
        assert database.write(lambda c: create_project(c, project))
        return Lab(database, project.id)

    return make


@pytest.fixture
def lab(new_lab: Callable[[], Lab]) -> Lab:
    """An empty project."""
    return new_lab()
