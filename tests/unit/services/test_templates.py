"""Templates: which one serves which post, and what is wrong with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from stories import rules

from crosspromo.domain.posts import Kind
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.templates import TemplateChecks
from crosspromo.text.rules import BY_NETWORK


def account(network: str, name: str | None = None) -> AccountRules:
    text = BY_NETWORK[network]
    found = rules(name or network)
    return replace(
        found, network=network, text_network=network, capabilities=Capabilities(text=text)
    )


def checks(folder: Path, *accounts: AccountRules) -> TemplateChecks:
    """The templates in the folder, backed by ours, for these accounts."""
    templates = Templates((folder, SHIPPED / "templates"), "Us")
    return TemplateChecks(templates, {each.name: each for each in accounts})


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_each_network_is_served_once_however_many_accounts_it_has(tmp_path: Path) -> None:
    mine = write(tmp_path, "spotlight/x.j2", "Meet {{ partner.name }}")
    found = checks(tmp_path, account("x"), account("x", "x-too"), account("bluesky")).choices()
    served = [(choice.kind, choice.network) for choice in found]
    assert len(served) == len(set(served)) == 2 * len(Kind)
    assert [c.path for c in found if (c.kind, c.network) == (Kind.SPOTLIGHT, "x")] == [mine]


def test_ours_work_everywhere(tmp_path: Path) -> None:
    everywhere = checks(tmp_path, *map(account, ("x", "bluesky", "reddit")))
    assert [each.error for each in everywhere.check()] == [None] * 3 * len(Kind)


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("Meet {{ partnr.name }}", "template"),
        ("{% if %}", "template"),
        ("{{ 'x' * 3 }}", "template"),
        ("{% for n in range(300) %}x{% endfor %}", "text-too-long"),
        (" ", "nothing-to-say"),
    ],
)
def test_one_that_does_not_work_keeps_its_reason(tmp_path: Path, template: str, code: str) -> None:
    write(tmp_path, "spotlight/x.j2", template)
    faults = [each for each in checks(tmp_path, account("x")).check() if each.error is not None]
    assert [(f.kind, f.name, f.error and f.error.code) for f in faults] == [
        (Kind.SPOTLIGHT, "spotlight/x.j2", code)
    ]


def test_without_accounts_there_is_nothing_to_check(tmp_path: Path) -> None:
    assert checks(tmp_path).choices() == []
    assert checks(tmp_path).check() == []


def test_a_template_behind_a_link_out_of_the_folder_is_a_fault(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret", "hunter22")
    write(tmp_path / "templates", "spotlight/bluesky.j2", "Meet")
    (tmp_path / "templates" / "spotlight" / "x.j2").symlink_to(secret)
    found = checks(tmp_path / "templates", account("x")).check()
    faults = {each.kind: each.error for each in found if each.error}
    assert list(faults) == [Kind.SPOTLIGHT]
    assert "templates/spotlight/x.j2 is not read: a symbolic link" in str(faults[Kind.SPOTLIGHT])


def faults_of(found: TemplateChecks) -> dict[str, str]:
    return {each.name: str(each.error) for each in found.check() if each.error is not None}


def test_every_template_file_is_checked_also_one_that_only_a_post_names(tmp_path: Path) -> None:
    write(tmp_path, "own/b.j2", "{% if %}")
    write(tmp_path, "own/c.j2", "Thanks to {{ volunteers }} people.")
    write(tmp_path, "spotlight/mastodon.j2", "Meet {{ partnr.name }}")
    write(tmp_path, "letters/spring.j2", "{{ 'x' * 3 }}")
    write(tmp_path, "own/_footer.j2", "{{ whatever_the_others_set.there }}")
    found = faults_of(checks(tmp_path, account("x")))
    assert set(found) == {"own/b.j2", "spotlight/mastodon.j2", "letters/spring.j2"}
    assert "templates/own/b.j2, line 1" in found["own/b.j2"]


def test_a_broken_template_is_found_without_any_account(tmp_path: Path) -> None:
    write(tmp_path, "own/b.j2", "{% if %}")
    assert set(faults_of(checks(tmp_path))) == {"own/b.j2"}


def test_an_extra_template_is_held_to_the_limits_of_each_network(tmp_path: Path) -> None:
    write(tmp_path, "own/long.j2", "{% for n in range(299) %}x{% endfor %}")
    assert faults_of(checks(tmp_path, account("bluesky"))) == {}
    assert set(faults_of(checks(tmp_path, account("bluesky"), account("x")))) == {"own/long.j2"}


def test_markdown_in_a_template_that_does_not_say_so_is_a_fault(tmp_path: Path) -> None:
    title = "{% set title %}Meet{% endset %}"
    write(tmp_path, "spotlight/reddit.j2", f"{title}\n**{{{{ partner.name }}}}** is near.")
    (said,) = faults_of(checks(tmp_path, account("reddit"))).values()
    assert "write {% set markdown = true %} at its beginning" in said
    says = "{% set markdown = true %}"
    write(tmp_path, "spotlight/reddit.j2", f"{says}{title}\n**{{{{ partner.name }}}}** is near.")
    assert faults_of(checks(tmp_path, account("reddit"))) == {}
