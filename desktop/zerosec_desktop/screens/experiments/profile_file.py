"""The project's profile as a file on this computer, for analyses that read one."""

from pathlib import Path

from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.settings import settings_folder

__all__ = ["profile_file"]


def profile_file(project: OpenProject) -> Path:
    """The file, which holds the profile as it is now; its name is what a run that reads it shows. Raises OSError."""
    path = settings_folder() / "projects" / str(project.id) / "profile.toml"
    data = project.project.profile.encode()
    try:
        if path.read_bytes() == data:
            return path
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(data)
    draft.replace(path)
    return path
