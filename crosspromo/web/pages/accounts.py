"""Accounts: what each promises, whether it works; admins try one, or pause it."""

from crosspromo import documents
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.people import Role
from crosspromo.domain.reasons.not_found import NoSuchAccount
from crosspromo.domain.timing import written_duration
from crosspromo.services.accounts import ListedAccount
from crosspromo.web.routes import Answer, Done, Page, act, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import lists as words

HERE = "/accounts"


def accounts(visit: Visit) -> Answer:
    """All accounts of crosspromo.toml."""
    found = list(visit.services.accounts.list())
    return Page(
        "accounts.html",
        words.ACCOUNTS,
        words,
        {
            "heading": words.accounts_heading(found),
            "rows": [(each, words.standing(each, visit.moments)) for each in found],
        },
        document=lambda: {"accounts": [documents.of_account(each, visit.zone) for each in found]},
        command="account list",
    )


def account(visit: Visit) -> Answer:
    """One account: its rules and its state."""
    found = _account(visit)
    policy = found.rules.policy
    facts = [
        (words.NETWORK, found.rules.network),
        (words.PROMISE, _promise(found)),
        (words.WINDOW, policy.window.in_words),
        (words.SLOTS, ", ".join(str(each) for each in policy.slots) or words.NOT_KNOWN),
        (words.GAP, written_duration(policy.min_gap) if policy.min_gap else words.NOT_KNOWN),
        (words.CAP, words.cap(policy.max_per_day)),
        (words.QUIET, str(policy.quiet) if policy.quiet else words.NOT_KNOWN),
        (words.BUDGET, words.budget(policy.monthly_budget)),
        (words.APPROVAL, policy.approval.value),
    ]
    return Page(
        "account.html",
        found.rules.name,
        words,
        {"account": found, "standing": words.standing(found, visit.moments), "facts": facts},
        document=lambda: documents.of_account(found, visit.zone),
        command=f"account verify {found.rules.name}",
    )


def verify(visit: Visit) -> Answer:
    """Sign in to the account's network; an account that works again goes on."""
    name = visit.values["account"]
    (verified,) = visit.services.accounts.verify(name, visit.me.name)
    return Done(f"{HERE}/{name}", told=[words.verified(verified)])


def _account(visit: Visit) -> ListedAccount:
    name = visit.values["account"]
    found = visit.services.accounts.list()
    for each in found:
        if each.rules.name == name:
            return each
    raise NotFoundError(NoSuchAccount(name, tuple(each.rules.name for each in found)))


def _promise(account: ListedAccount) -> str:
    policy = account.rules.policy
    if policy.target is not None:
        return str(policy.target)
    return words.NOT_KNOWN if policy.quota is None else f"{policy.quota} per 7d"


ROUTES = (
    page(HERE, accounts, section=HERE),
    page("/accounts/{account}", account, section=HERE),
    act("/accounts/{account}/verify", verify, Role.ADMIN, section=HERE),
)
