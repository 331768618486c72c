"""Imports FastAPI and uvicorn without what nobody here needs: a tenth of a second of every start, and memory for as long as a server runs.

FastAPI's models of the OpenAPI document are built with their classes, and once more at the end of their module. Here they are told to be
built when they are first used, by pydantic's own means (`defer_build`); nothing else of either library is touched.

While routes are declared FastAPI asks of every annotation whether it is a model of pydantic's first version, for which it loads that
whole, if it is there. None of ours is: for that time it is not there.

uvicorn's package imports its command, with the libraries of a command line and of many processes: it is left out.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from pydantic import BaseModel

__all__ = ["import_fastapi", "import_uvicorn", "without_first_pydantic"]

_FIRST = "pydantic.v1"


def import_fastapi() -> None:
    """Import it. To be called before anything else imports it, while no other thread declares models."""
    config, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]

    def later(model: type[BaseModel], /, **how: Any) -> bool | None:
        """Called without arguments at the end of FastAPI's module, and with some by pydantic when a model is first used."""
        if not how:
            return None
        done: bool | None = rebuild.__func__(model, **how)
        return done

    BaseModel.model_config = {**config, "defer_build": True}
    setattr(BaseModel, "model_rebuild", classmethod(later))  # noqa: B010 - a method, for the time of an import
    try:
        importlib.import_module("fastapi.openapi.models")
    finally:
        BaseModel.model_config = config
        setattr(BaseModel, "model_rebuild", rebuild)  # noqa: B010


@contextmanager
def without_first_pydantic() -> Iterator[None]:
    """While routes are declared: the first version of pydantic is not loaded; afterwards whoever wants it has it."""
    if _FIRST in sys.modules:
        yield
        return
    sys.modules[_FIRST] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[_FIRST]


def import_uvicorn() -> None:
    """Import its server and settings; afterwards whoever wants its command has it by `uvicorn.main`."""
    command = "uvicorn.main"
    if "uvicorn" in sys.modules:
        return
    left_out = ModuleType(command)
    vars(left_out).update(Server=None, main=None, run=None)
    sys.modules[command] = left_out
    try:
        package = importlib.import_module("uvicorn")
    finally:
        del sys.modules[command]
    del package.main, package.run
    package.Server = importlib.import_module("uvicorn.server").Server  # type: ignore[attr-defined]
