"""Imports FastAPI without building what only the OpenAPI document needs: a tenth of a second and some memory of every start.

FastAPI's models of that document are built with their classes, and once more at the end of their module. Here they are told to be
built when they are first used, by pydantic's own means (`defer_build`); nothing else of either library is touched.
"""

import importlib
from typing import Any

from pydantic import BaseModel

__all__ = ["import_fastapi"]


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
