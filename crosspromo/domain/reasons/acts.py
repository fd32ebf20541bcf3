"""Acts that a rule may refuse, or that need a person's reason."""

from enum import StrEnum


class Act(StrEnum):
    """Person's act, by code."""

    APPROVE = "approve"
    CANCEL = "cancel"
    DELETE = "delete"
    DISMISS = "dismiss"
    EDIT = "edit"
    MOVE = "move"
    RELEASE = "release"
    REJECT = "reject"
    RESOLVE = "resolve"
    RETRY = "retry"
    NOTICE = "notice"
    ALLOW_DUPLICATE = "allow-duplicate"
    WITHDRAW = "withdraw"
    OPEN_LEDGER = "open-ledger"
