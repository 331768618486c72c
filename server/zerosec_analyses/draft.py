"""Parameters of a form that is still being filled in: what is right can be used, the rest says which field it waits for.

A preview reads fields as usual. One that has no usable value yet raises NotYetError, so that a preview that can do without it
asks `getattr(params, "target", None)`, and any other simply reads it: the user is then told what is wanted.
"""

from collections.abc import Mapping
from inspect import getattr_static
from types import new_class
from typing import Any, TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError, create_model

from zerosec_analyses.applicable import put_back
from zerosec_shared.texts import Said, ours, say

__all__ = ["NotYetError", "draft_of"]

NOTHING: tuple[JsonValue, ...] = (None, "", [], {})

P = TypeVar("P", bound=BaseModel)


class NotYetError(AttributeError):
    """A preview needs what the form does not hold yet. `title` is the field's or the input's."""

    def __init__(self, title: str, *, chosen: bool) -> None:
        super().__init__(title)
        self.title = title
        self.chosen = chosen
        """Whether there is a value, which is not right."""

    @property
    def sentence(self) -> Said:
        """What to do, for the user."""
        field = ours(self.title)
        return (
            say("“{field}” is not right yet.", field=field)
            if self.chosen
            else say("Choose “{field}” first.", field=field)
        )


def draft_of(model: type[P], given: Mapping[str, JsonValue]) -> P:
    """The parameters as far as they are right: a `model`, whose fields without a usable value raise NotYetError when read.

    Unknown names are passed over. Rules between fields (model validators) hold only once every field is right by itself;
    where one is broken the fields can still be read.
    """
    try:
        return model.model_validate(dict(given))
    except ValidationError:
        pass
    names = {field.alias or name: name for name, field in model.model_fields.items()}
    usable = {name: value for name, value in given.items() if name in names or name in model.model_fields}
    lenient = _without_rules_between_fields(model)
    unusable: set[str] = set()
    while True:
        try:
            draft = _with_optional(lenient, unusable).model_validate(usable)
        except ValidationError as wrong:
            found = {names.get(str(error["loc"][0]), str(error["loc"][0])) for error in wrong.errors()}
            unusable |= found
            for name in list(usable):
                if names.get(name, name) in found:
                    del usable[name]
            continue
        for name in unusable:
            del draft.__dict__[name]
        draft.__dict__["__chosen__"] = frozenset(
            names.get(name, name) for name, value in given.items() if value not in NOTHING
        )
        return draft


def _without_rules_between_fields(model: type[P]) -> type[P]:
    rules = model.__pydantic_decorators__.model_validators
    after = [name for name, rule in rules.items() if rule.info.mode == "after"]
    members: dict[str, Any] = dict.fromkeys(after, _what_applies)
    members |= {"__getattr__": _not_yet, "__module__": model.__module__, "__doc__": model.__doc__}
    made: type[P] = new_class(model.__name__, (model,), exec_body=lambda namespace: namespace.update(members))
    return made


def _with_optional(model: type[P], unusable: set[str]) -> type[P]:
    if not unusable:
        return model
    fields: dict[str, Any] = {}
    for name in unusable:
        declared = model.model_fields[name]
        fields[name] = (Any, Field(default=None, title=declared.title or name, validate_default=False))
    return create_model(model.__name__, __base__=model, **fields)


def _what_applies(draft: P) -> P:
    put_back(draft)
    return draft


def _not_yet(draft: BaseModel, name: str) -> Any:
    field = type(draft).model_fields.get(name)
    made_of_others = getattr_static(type(draft), name, None)
    if isinstance(made_of_others, property) and made_of_others.fget is not None:
        return made_of_others.fget(
            draft
        )  # it read a field without a value: its own error, not “no such name”
    if field is None:
        raise AttributeError(f"the parameters have no “{name}”")
    raise NotYetError(field.title or name, chosen=name in draft.__dict__.get("__chosen__", ()))
