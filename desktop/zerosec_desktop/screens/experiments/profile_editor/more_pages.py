"""The editor's pages beside the columns: choices written as 0 and 1, and rules."""

from collections.abc import Callable

from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.profile_editor.draft import GroupDraft, RuleDraft
from zerosec_desktop.screens.experiments.profile_editor.entries_pane import EntriesPane, Tick, Written

__all__ = ["choices_pane", "rules_pane"]


def choices_pane(changed: Callable[[tuple[GroupDraft, ...], object], None]) -> EntriesPane[GroupDraft]:
    """Groups of columns of which exactly one is 1."""
    rows = (
        (
            Written("name", translate("Experiments", "Name")),
            Written("aliases", translate("Experiments", "Other names")),
            Written("label_en", translate("Experiments", "On screen, English")),
            Written("label_ja", translate("Experiments", "On screen, Japanese")),
        ),
        (
            Written("members", translate("Experiments", "Its columns"), example="A11, A21, A32"),
            Written("codes", translate("Experiments", "Codes, where it stands in one column"), example="1 = A11, 2 = A21"),
        ),
        (
            Tick("all_when_absent", translate("Experiments", "A list of candidates without it stands for all of them")),
        ),
    )  # fmt: skip
    return EntriesPane(
        rows,
        GroupDraft,
        translate(
            "Experiments",
            "A choice, such as a brush, written as several columns of which exactly one is 1. The columns have the role “one-hot "
            "column”. In users' files it may also be one column of codes.",
        ),
        translate("Experiments", "Add a choice"),
        translate("Experiments", "Remove this choice"),
        changed,
    )


def rules_pane(changed: Callable[[tuple[RuleDraft, ...], object], None]) -> EntriesPane[RuleDraft]:
    """Conditions that every experiment fulfils."""
    rows = (
        (
            Written("formula", translate("Experiments", "Holds for every experiment"), example="A13 != 1 or 直径 in {6, 15}", formula=True),
        ),
        (
            Written("text_en", translate("Experiments", "How it is said, English")),
            Written("text_ja", translate("Experiments", "How it is said, Japanese")),
        ),
    )  # fmt: skip
    return EntriesPane(
        rows,
        RuleDraft,
        translate(
            "Experiments",
            "What every experiment fulfils. Candidates that break a rule are left out, and results that do are refused.",
        ),
        translate("Experiments", "Add a rule"),
        translate("Experiments", "Remove this rule"),
        changed,
    )
