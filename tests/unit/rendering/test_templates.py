"""Templates are data that staff edit: found, filled in, and refused with a sentence."""

import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from posts import changed

from crosspromo.domain.errors import TemplateError
from crosspromo.domain.posts import Kind
from crosspromo.domain.requests import FromTemplate, OwnPost
from crosspromo.publishing.compose import Material, Rendered
from crosspromo.rendering.samples import PARTNER, material_of
from crosspromo.rendering.templates import LARGEST_FILE, Templates
from crosspromo.resources import SHIPPED
from crosspromo.text.fitting import Segment

SPOTLIGHT = material_of(Kind.SPOTLIGHT)
OURS = SHIPPED / "templates"
RANGE_TOO_BIG = "range is for 1,000 numbers at most"


class Folder:
    """A workspace's templates, written as a test needs them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def render(self, request: Material = SPOTLIGHT, network: str = "x") -> Rendered:
        return Templates((self.path, OURS), "us").render(request, network)

    def text(self, template: str, request: Material = SPOTLIGHT) -> str:
        """What this template makes of it."""
        self.write(f"{request.kind.value}/x.j2", template)
        return "".join(segment.text for segment in self.render(request).segments)

    def fault(self, template: str, request: Material = SPOTLIGHT) -> str:
        """What is said of this template when it is rendered."""
        with pytest.raises(TemplateError) as error:
            self.text(template, request)
        return str(error.value)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "templates")


# Which template serves


def test_a_network_without_a_template_of_its_own_has_the_default(folder: Folder) -> None:
    folder.write("spotlight/default.j2", "default")
    folder.write("spotlight/x.j2", "x")
    assert folder.render(network="x").segments == (Segment("x"),)
    assert folder.render(network="bluesky").segments == (Segment("default"),)


def test_the_workspaces_template_comes_before_ours(folder: Folder) -> None:
    assert folder.render().segments[0].text.startswith("Meet")
    folder.write("spotlight/default.j2", "Our way")
    assert folder.render().segments == (Segment("Our way"),)


def test_ours_for_the_network_comes_before_the_workspaces_default(folder: Folder) -> None:
    folder.write("spotlight/default.j2", "Our way")
    assert folder.render(network="reddit").title == "Meet our neighbours: Sample Partner"


@pytest.mark.parametrize(
    ("written", "served"),
    [
        (["gala/x.j2", "gala/default.j2", "gala.j2"], "gala/x.j2"),
        (["gala/default.j2", "gala.j2"], "gala/default.j2"),
        (["gala/bluesky.j2", "gala.j2"], "gala.j2"),
    ],
)
@pytest.mark.parametrize("name", ["gala", "gala.j2"])
def test_a_template_of_ones_own_is_asked_for_by_name(
    folder: Folder, name: str, written: list[str], served: str
) -> None:
    for template in written:
        folder.write(template, template)
    request = Material(OwnPost(author="us", says=FromTemplate(name)))
    assert folder.render(request).segments == (Segment(served),)


@pytest.mark.parametrize("name", ["gala", "../secrets", "/etc/hostname"])
def test_a_template_that_is_not_there_says_where_to_write_it(folder: Folder, name: str) -> None:
    with pytest.raises(TemplateError) as error:
        folder.render(changed(SPOTLIGHT, template=name))
    assert str(error.value) == f"no template serves spotlight on x: write templates/{name}.j2"


def test_a_link_out_of_the_folder_is_refused(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter22", encoding="utf-8")
    folder.write("spotlight/y.j2", "Meet")
    (folder.path / "spotlight" / "x.j2").symlink_to(tmp_path / "secret")
    with pytest.raises(TemplateError) as error:
        folder.render()
    assert str(error.value) == (
        "templates/spotlight/x.j2 is not read: a symbolic link leads out of the folder of "
        "templates; copy the file into it"
    )
    included = folder.fault('{% include "spotlight/x.j2" %}', material_of(Kind.OWN))
    assert "templates/spotlight/x.j2 is not read" in included


@pytest.mark.parametrize("linked", ["spotlight", "."])
def test_a_folder_that_is_a_link_is_refused(tmp_path: Path, linked: str) -> None:
    elsewhere = Folder(tmp_path / "elsewhere")
    elsewhere.write("spotlight/x.j2", "hunter22")
    mine = Folder(tmp_path / "templates")
    if linked == ".":
        mine.path.symlink_to(elsewhere.path)
    else:
        mine.path.mkdir()
        (mine.path / linked).symlink_to(elsewhere.path / linked)
    with pytest.raises(TemplateError, match=r"spotlight/x\.j2 is not read: .* symbolic link"):
        mine.render()


def test_a_link_within_the_folder_is_followed(folder: Folder) -> None:
    folder.write("spotlight/y.j2", "Meet")
    (folder.path / "spotlight" / "x.j2").symlink_to("y.j2")
    assert folder.render().segments == (Segment("Meet"),)


@pytest.mark.parametrize("target", ["/dev/zero", "nowhere.j2"])
def test_a_link_to_what_is_no_template_is_refused(folder: Folder, target: str) -> None:
    folder.write("spotlight/y.j2", "")
    (folder.path / "spotlight" / "x.j2").symlink_to(target)
    with pytest.raises(TemplateError, match=r"templates/spotlight/x\.j2 is not read: "):
        folder.render()


def test_a_template_of_unlikely_size_is_refused(folder: Folder) -> None:
    assert folder.fault("x" * (LARGEST_FILE + 1)) == (
        "templates/spotlight/x.j2 is larger than 20,000 bytes; shorten it"
    )


def test_no_template_is_read_from_outside_the_folders(folder: Folder) -> None:
    folder.write("../secret.j2", "hunter22")
    with pytest.raises(TemplateError, match="no template serves"):
        folder.render(changed(SPOTLIGHT, template="../secret"))
    assert "hunter22" not in folder.fault('{% include "../secret.j2" %}')


def test_a_list_of_choices_names_the_file_that_serves(folder: Folder) -> None:
    mine = folder.write("own/x.j2", "{{ broken")
    choices = {
        (choice.kind, choice.network): choice
        for choice in Templates((folder.path, OURS), "us").choices(["x", "reddit"])
    }
    assert set(choices) == {(kind, network) for kind in Kind for network in ("x", "reddit")}
    assert choices[Kind.OWN, "x"].path == mine
    assert choices[Kind.OWN, "reddit"].path == OURS / "own" / "reddit.j2"
    assert choices[Kind.SPOTLIGHT, "x"].name == "spotlight/default.j2"


# What a template is given


def test_a_template_knows_whom_it_speaks_for_and_where(folder: Folder) -> None:
    assert folder.text("{{ organisation }} on {{ network }}") == "us on x"


def test_variables_of_ones_own_are_given(folder: Folder) -> None:
    request = changed(SPOTLIGHT, variables=MappingProxyType({"seats": "40"}))
    assert folder.text("{{ seats }} seats for {{ partner.name }}", request) == (
        "40 seats for Sample Partner"
    )


def test_a_link_may_come_as_a_variable_but_the_option_counts_for_more(folder: Folder) -> None:
    request = changed(SPOTLIGHT, variables=MappingProxyType({"link": "https://var.example"}))
    assert folder.text("{{ link }}", request) == "https://var.example"
    named = changed(request, link="https://option.example")
    assert folder.text("{{ link }}", named) == "https://option.example"


def test_a_title_is_apart_from_the_text(folder: Folder) -> None:
    folder.write("spotlight/x.j2", "{% set title %} A title {% endset %}\nBody")
    assert folder.render() == Rendered((Segment("Body"),), "A title")


# Undefined names


def test_an_undefined_name_is_named_with_its_template_and_line(folder: Folder) -> None:
    assert folder.fault("Meet\n{{ partnr.name }}") == (
        "templates/spotlight/x.j2, line 2: there is no partnr"
    )


def test_a_name_that_a_partner_does_not_have_is_named(folder: Folder) -> None:
    assert folder.fault("{{ partner.wbsite }}") == (
        "templates/spotlight/x.j2, line 1: this partner has no wbsite"
    )


@pytest.mark.parametrize(
    "template", ["{% if seats %}yes{% endif %}", "{{ seats | upper }}", "{{ seats + 1 }}"]
)
def test_an_undefined_name_is_refused_however_it_is_used(folder: Folder, template: str) -> None:
    with pytest.raises(TemplateError, match="there is no seats") as error:
        folder.text(template)
    assert error.value.variable == "seats"  # which a person may give


@pytest.mark.parametrize(
    "template",
    ["{{ partner.wbsite }}", "{{ 1 // 0 }}", '{% include "parts/none.j2" %}', "{% if %}"],
)
def test_where_no_name_is_missing_there_is_none_to_give(folder: Folder, template: str) -> None:
    with pytest.raises(TemplateError) as error:
        folder.text(template)
    assert error.value.variable is None


def test_one_may_ask_whether_a_name_is_defined(folder: Folder) -> None:
    assert folder.text("{% if seats is defined %}yes{% else %}no{% endif %}") == "no"


def test_a_fault_in_an_included_template_names_that_one(folder: Folder) -> None:
    folder.write("parts/footer.j2", "\n\n{{ sponser }}")
    assert folder.fault('Meet\n{% include "parts/footer.j2" %}') == (
        "templates/parts/footer.j2, line 3: there is no sponser"
    )


def test_an_included_template_that_is_not_there_is_named(folder: Folder) -> None:
    assert folder.fault('Meet\n{% include "parts/none.j2" %}') == (
        "templates/spotlight/x.j2, line 2: there is no template parts/none.j2"
    )


# Broken templates


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        (
            "Meet\n{{ partner.name",
            "line 2: unexpected end of template, expected 'end of print statement'.",
        ),
        ("{% if partner %}", "line 1: Unexpected end of template."),
        ("\n\n{{ partner | shout }}", "line 3: No filter named 'shout'."),
        ("{% drop %}x{% enddrop %}", "line 1: expected token 'integer', got 'end of statement "),
    ],
)
def test_a_broken_template_names_the_line(folder: Folder, template: str, sentence: str) -> None:
    assert folder.fault(template).startswith(f"templates/spotlight/x.j2, {sentence}")


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ partner.name | handle }}", "AttributeError"),
        ("{{ 1 / 0 }}", "division by zero (ZeroDivisionError)"),
        ("{% for a in 3 %}{% endfor %}", "TypeError"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
        ('{% include "spotlight/x.j2" %}', "RecursionError"),
    ],
)
def test_a_template_that_fails_like_a_program_is_a_sentence_all_the_same(
    folder: Folder, template: str, sentence: str
) -> None:
    shown = folder.fault(template)
    assert shown.startswith("templates/spotlight/x.j2, line 1: ")
    assert sentence in shown


def test_a_file_that_is_not_utf_8_is_named(folder: Folder) -> None:
    folder.write("spotlight/x.j2", "").write_bytes(b"caf\xe9")
    with pytest.raises(TemplateError, match=r"^templates/spotlight/x\.j2: 'utf-8' codec"):
        folder.render()


# The sandbox


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        (
            "{{ partner.__class__ }}",
            "access to attribute '__class__' of 'Partner' object is unsafe.",
        ),
        (
            "{{ ''.__class__.__mro__ }}",
            "access to attribute '__class__' of 'str' object is unsafe.",
        ),
        (
            "{{ partner | attr('__class__') }}",
            "access to attribute '__class__' of 'Partner' object is unsafe.",
        ),
        (
            "{% for n in range(999999999) %}x{% endfor %}",
            RANGE_TOO_BIG,
        ),
        ("{{ 'x' * 999999999 }}", "* is for numbers, and a template has no use for it here"),
        ("{{ [0] * 999999999 }}", "* is for numbers, and a template has no use for it here"),
        ("{{ 9 ** 9 ** 9 ** 9 }}", "** is for numbers, and a template has no use for it here"),
    ],
)
def test_what_a_template_must_not_do_is_refused_in_a_sentence(
    folder: Folder, template: str, sentence: str
) -> None:
    assert folder.fault(template) == f"templates/spotlight/x.j2, line 1: {sentence}"


LONG = "this works too long; use fewer loops, and shorter ones"
WIDE = "a width in % is a number below 100"
BIG = "this makes a value of more than 100,000 characters"
LONG_TEXT = "this makes a text of more than 100,000 characters"
ROUNDS = "{% for n in range(1000) %}"
END = "{% endfor %}"


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ '%600000000d' % 1 }}", WIDE),
        ("{{ '%600000000d' | format(1) }}", WIDE),
        ("{{ '%((a)b)600000000d' % {'(a)b': 1} }}", WIDE),
        ("{{ '%*d' % (600000000, 1) }}", WIDE),
        ("{{ '{:600000000d}'.format(1) }}", "format is not for templates; use ~, or the filter "),
        ("{{ 'x' | center(600000000) }}", "No filter named 'center'."),
        ("{{ 'x' | indent(600000000) }}", "No filter named 'indent'."),
        ("{{ 'x' | wordwrap(1) }}", "No filter named 'wordwrap'."),
        ("{{ [1] | batch(600000000, 1) }}", "No filter named 'batch'."),
        ("{{ 'x'.zfill(600000000) }}", "access to attribute 'zfill' of 'str' object is unsafe."),
        ("{{ 'x'.ljust(600000000) }}", "access to attribute 'ljust' of 'str' object is unsafe."),
        ("{{ (1).to_bytes(600000000, 'big') }}", "access to attribute 'to_bytes' of 'int' "),
        ("{{ 1 | round(600000000, 'ceil') }}", "round is for 15 digits at most"),
        ("{{ lipsum(100000) }}", "there is no lipsum"),
        (ROUNDS * 3 + END * 3, LONG),
        ("{% macro m(n) %}{{ m(n - 1) if n }}{{ m(n - 1) if n }}{% endmacro %}{{ m(50) }}", LONG),
        (
            f"{{% set x = namespace(y=9) %}}{ROUNDS}{{% set x.y = x.y * x.y %}}{END}",
            "this makes a ",
        ),
        (f"{{% set x = namespace(y='xx') %}}{ROUNDS}{{% set x.y = x.y ~ x.y %}}{END}", BIG),
        (f"{{% set x = namespace(y='xx') %}}{ROUNDS}{{% set x.y = x.y + x.y %}}{END}", BIG),
        (f"{{% set x = namespace(y=[1]) %}}{ROUNDS}{{% set x.y = [x.y, x.y] %}}{END}", BIG),
        (
            "{% set x = namespace(y='a') %}"
            + ROUNDS
            + "{% set x.y = x.y.replace('a', 'aa') %}"
            + END,
            LONG_TEXT,
        ),
        (
            "{% set x %}"
            + "x" * 99
            + "{% endset %}"
            + "{% set x %}{{ x }}{{ x }}{% endset %}" * 20,
            LONG_TEXT,
        ),
        ("{% filter upper %}" + ROUNDS + "x" * 5000 + END + "{% endfilter %}", "this handles too "),
    ],
)
def test_no_template_fills_the_memory_or_takes_long(
    folder: Folder, template: str, sentence: str
) -> None:
    began = time.thread_time()
    try:
        shown = folder.text(template)
    except TemplateError as error:
        shown = str(error)
    assert sentence in shown
    assert len(shown) <= 100_000
    assert time.thread_time() - began < 2


def test_everyday_work_is_within_the_budget(folder: Folder) -> None:
    template = (
        "{% for n in range(200) %}{{ n ~ '. ' ~ partner.name | upper }}: {{ '%5.2f' % n }} "
        "{{ partner.topics | map('lower') | join(', ') | replace(' ', '_') }}\n{% endfor %}"
    )
    text = folder.text(template)
    assert text.startswith("0. SAMPLE PARTNER:  0.00 clean_water,_neighbours\n1. ")
    assert text.count(":") == 200


def test_what_it_is_given_cannot_be_changed(folder: Folder) -> None:
    request = changed(SPOTLIGHT, variables=MappingProxyType({}))
    assert "templates/spotlight/x.j2" in folder.fault("{{ partner.handles.clear() }}", request)
    assert PARTNER.handles


def test_numbers_may_still_be_multiplied(folder: Folder) -> None:
    assert folder.text("{{ 6 * 7 }}") == "42"


def test_a_template_that_writes_without_end_is_refused(folder: Folder) -> None:
    row = "{% for n in range(1000) %}" + "x" * 1000 + "{% endfor %}"
    assert folder.fault(row) == (
        "templates/spotlight/x.j2: this makes a text of more than 100,000 characters"
    )


# Drops


def test_a_drop_is_a_part_that_may_go(folder: Folder) -> None:
    folder.write(
        "spotlight/x.j2", "Meet{% drop 2 %} them{% enddrop %}, {% drop 1 %}now{% enddrop %}!"
    )
    assert folder.render().segments == (
        Segment("Meet"),
        Segment(" them", drop=2),
        Segment(", "),
        Segment("now", drop=1),
        Segment("!"),
    )


def test_a_drop_prints_what_stands_in_it(folder: Folder) -> None:
    folder.write("spotlight/x.j2", "{% drop 1 %}{{ partner.name }}{% enddrop %}")
    assert folder.render().segments == (Segment("Sample Partner", drop=1),)


def test_a_drop_in_a_drop_is_refused(folder: Folder) -> None:
    nested = "{% drop 1 %}a{% drop 2 %}b{% enddrop %}{% enddrop %}"
    assert folder.fault(nested) == (
        "templates/spotlight/x.j2: {% drop %} cannot stand inside another {% drop %}"
    )


def test_a_drop_in_a_title_is_refused(folder: Folder) -> None:
    titled = "{% set title %}a{% drop 1 %}b{% enddrop %}{% endset %}c"
    assert folder.fault(titled) == (
        "templates/spotlight/x.j2: {% drop %} cannot stand inside a title"
    )


def test_a_drop_that_is_kept_in_a_name_stays_when_it_is_printed(folder: Folder) -> None:
    kept = "{% set tail %}{% drop 1 %}b{% enddrop %}{% endset %}a{{ tail }}"
    assert folder.text(kept) == "ab"


def test_marks_in_a_value_cannot_pass_for_a_drop(folder: Folder) -> None:
    hostile = replace(PARTNER, name="A\ue0009\ue001B\ue002C", topics=("\ue0001\ue001\ue002",))
    request = changed(SPOTLIGHT, partners=(hostile,))
    folder.write(
        "spotlight/x.j2", "{% drop 1 %}{{ partner.name }}{% enddrop %}{{ partner.topics }}"
    )
    parts = folder.render(request).segments
    assert parts[0] == Segment("ABC", drop=1)
    assert [part.drop for part in parts] == [1, None]
    assert not set("\ue000\ue001\ue002") & set("".join(part.text for part in parts))
