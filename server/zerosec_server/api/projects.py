"""Projects: make, list, look at, change, delete."""

from uuid import UUID

from sqlalchemy import Connection
from starlette.responses import Response

from zerosec_server.api.answers import answer, answer_list, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.database.submissions import IdTakenError, request_digest
from zerosec_server.experiments.projects import (
    ColumnsInUseError,
    NewProject,
    ProfileChangedError,
    change_project,
    create_project,
    delete_project,
    list_projects,
    project_by_id,
)
from zerosec_server.services import Services
from zerosec_shared.errors import FieldProblem, ProblemCode
from zerosec_shared.experiments import ExperimentColumn, Project, ProjectCreate, ProjectPatch
from zerosec_shared.texts import ours, say

__all__ = ["id_taken", "project_of", "projects"]

projects = router("projects")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
CONFLICT = problems(ProblemCode.CONFLICT)


def id_taken(error: IdTakenError) -> ApiError:
    """The refusal of an id that stands for something else."""
    return ApiError(
        ProblemCode.CONFLICT,
        say("There is another {kind} of this id already.", kind=ours(error.kind)),
        "It was made from a different request, and nothing was changed.",
        "Use a new id.",
    )


async def project_of(services: Services, owner: str, project_id: UUID) -> Project:
    """The caller's project. Raises ApiError."""
    project = await services.database.aread(lambda c: project_by_id(c, str(project_id), owner))
    if project is None:
        raise missing("project", id=project_id)
    return project


def _columns(profile: str) -> tuple[ExperimentColumn, ...]:
    # Reading profiles takes a while to import, and not every server has projects.
    from zerosec_server.experiments.profile_columns import ProfileError, columns_of_profile

    try:
        return columns_of_profile(profile)
    except ProfileError as bad:
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            "The profile cannot be used.",
            str(bad),
            "Correct the profile; nothing was changed.",
            errors=[FieldProblem(path=("profile",), message=str(bad), code="bad_profile")],
        ) from bad


@projects.post(
    "/projects",
    status_code=201,
    responses={
        200: {"model": Project, "description": "This request was made before; the project as it is."},
        201: {"model": Project},
        **CONFLICT,
    },
)
async def create_one(services: ServicesOf, owner: Owner, body: ProjectCreate) -> Response:
    """Make a project. Idempotent by its id."""
    new = NewProject(
        id=str(body.id),
        owner=owner,
        name=body.name,
        profile=body.profile,
        columns=_columns(body.profile),
        digest=request_digest("project", body),
    )

    def write(c: Connection) -> tuple[bool, Project]:
        made = create_project(c, new)
        project = project_by_id(c, new.id, owner)
        assert project is not None
        return made, project

    try:
        made, project = await services.database.awrite(write)
    except IdTakenError as taken:
        raise id_taken(taken) from taken
    return answer(project, 201 if made else 200, {"Location": f"/api/v1/projects/{project.id}"})


@projects.get("/projects", responses={200: {"model": list[Project]}})
async def get_projects(services: ServicesOf, owner: Owner) -> Response:
    """All projects of the caller, those changed last first."""
    return answer_list(await services.database.aread(lambda c: list_projects(c, owner)))


@projects.get("/projects/{project_id}", responses={200: {"model": Project}, **NOT_FOUND})
async def get_project(services: ServicesOf, owner: Owner, project_id: UUID) -> Response:
    """A project with its profile and columns."""
    return answer(await project_of(services, owner, project_id))


@projects.patch("/projects/{project_id}", responses={200: {"model": Project}, **NOT_FOUND, **CONFLICT})
async def patch_project(services: ServicesOf, owner: Owner, project_id: UUID, body: ProjectPatch) -> Response:
    """Change a project's name or profile. Refused: a profile that would lose values, or replace one not seen."""
    columns = None if body.profile is None else _columns(body.profile)

    def write(c: Connection) -> Project | None:
        project = project_by_id(c, str(project_id), owner)
        if project is None:
            return None
        change_project(
            c, project, name=body.name, profile=body.profile, columns=columns, before=body.profile_before
        )
        return project_by_id(c, str(project_id), owner)

    try:
        project = await services.database.awrite(write)
    except ProfileChangedError as changed:
        raise ApiError(
            ProblemCode.CONFLICT,
            "The profile was changed in the meantime, in another window or by someone else.",
            "It is no longer the one that yours was written from. Nothing was changed, so neither version is lost.",
            "Save yours as a file, open the profile again, and put in what is still missing.",
        ) from changed
    except ColumnsInUseError as used:
        names = ", ".join(used.columns)
        raise ApiError(
            ProblemCode.CONFLICT,
            "The profile does not fit the results that are there.",
            say("It would change which columns identify an experiment: {names}.", names=names)
            if used.identifying
            else say(
                "These columns hold values and would be lost or change their kind: {names}.", names=names
            ),
            "Keep these columns, or begin a new project.",
        ) from used
    if project is None:
        raise missing("project", id=project_id)
    return answer(project)


@projects.delete("/projects/{project_id}", status_code=204, response_class=Response, responses=NOT_FOUND)
async def remove_project(services: ServicesOf, owner: Owner, project_id: UUID) -> Response:
    """Delete a project. Its backups stay, and restoring one brings it back."""

    def write(c: Connection) -> bool:
        found = project_by_id(c, str(project_id), owner) is not None
        if found:
            delete_project(c, str(project_id))
        return found

    if not await services.database.awrite(write):
        raise missing("project", id=project_id)
    return Response(status_code=204)
