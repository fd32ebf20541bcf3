"""Acts that a rule may refuse, or for which a person has to say why."""

from enum import StrEnum


class Act(StrEnum):
    """An act of a person."""

    APPROVE = "approve"
    CANCEL = "cancel"
    DELETE = "delete"
    EDIT = "edit"
    MOVE = "move"
    RELEASE = "release"
    RESOLVE = "resolve"
    RETRY = "retry"
    PAUSE = "pause"
    NOTICE = "notice"
    ALLOW_DUPLICATE = "allow-duplicate"
    OPEN_LEDGER = "open-ledger"
