"""Jinja environment in which the work and the output of a template are bounded (0024).

A template is data that staff edit. Jinja's own sandbox keeps it from reaching anything, but a few
letters, such as `'%600000000d' % 1` or a loop in a loop, can fill the memory or take hours. Here a
budget pays for each loop, call, filter and character of a rendering, no value may grow beyond
LONGEST_VALUE, and only filters and methods with a bounded result exist.
"""

import re
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    ValuesView,
)
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from itertools import chain
from threading import local
from time import thread_time
from types import BuiltinMethodType
from typing import Any, ParamSpec, TypeVar

from jinja2 import Template, nodes, pass_context, pass_environment
from jinja2.environment import Environment, TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import do_round, make_attrgetter
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_VALUE = 100_000
"""Most characters and items of a value, those of values inside it included.

This bounds the output of a template, too: no network takes half of it.
"""

LONGEST_RANGE = 1_000
"""Most numbers of `range`."""

MOST_STEPS = 20_000
"""Most rounds of loops, calls, filters and tests in one rendering."""

MOST_CHARACTERS = 3_000_000
"""Most characters that one rendering may read and write on its way."""

MOST_SECONDS = 1.0
"""Most processor time of one rendering."""

ROUNDS_BETWEEN_LOOKS = 16
"""Payments between two looks at the processor's time, which cost as much as a filter."""

LARGEST_NUMBER = 10**18

_FILTERS = frozenset(
    {
        *("abs", "attr", "capitalize", "count", "d", "default", "dictsort", "first", "float"),
        *("groupby", "int", "items", "last", "length", "list", "lower", "map", "max", "min"),
        *("random", "reject", "rejectattr", "reverse", "select", "selectattr", "sort"),
        *("string", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode"),
        "wordcount",
    }
)
"""Jinja's filters that stay as they are; `format`, `join`, `replace` and `round` are made anew."""

_OF_TEXTS = frozenset(
    {
        *("capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha"),
        *("isascii", "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle"),
        *("isupper", "join", "lower", "lstrip", "partition", "removeprefix", "removesuffix"),
        *("replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines"),
        *("startswith", "strip", "swapcase", "title", "upper"),
    }
)
"""Methods of texts that a template may call."""

_OF_NUMBERS = frozenset({"real", "imag", "is_integer", "bit_length", "bit_count"})

_WIDE = re.compile(r"%(?:\([^()]*\))?[^a-zA-Z%(]*(?:\*|[0-9]{3})|%\([^)]*\(")
"""A conversion with a width of three digits, with a width from its arguments, or with a key in
which brackets hide one."""


class TooMuchError(SecurityError):
    """Error: a template works, writes or builds more than is allowed."""


@dataclass(slots=True)
class Budget:
    """Work that is left to a rendering: steps, characters, and processor time of its thread."""

    steps: int = MOST_STEPS
    characters: int = MOST_CHARACTERS
    asked: int = 0
    until: float = field(default_factory=lambda: thread_time() + MOST_SECONDS)

    def spend(self, steps: int, characters: int = 0) -> None:
        """Take this work from the budget; TooMuchError where it is used up."""
        self.steps -= steps
        self.characters -= characters
        self.asked += 1
        late = not self.asked % ROUNDS_BETWEEN_LOOKS and thread_time() > self.until
        if late or self.steps < 0:
            raise TooMuchError("this works too long; use fewer loops, and shorter ones")
        if self.characters < 0:
            raise TooMuchError("this handles too much text; use shorter values and fewer filters")


_STARTED = local()


@contextmanager
def budgeted() -> Iterator[Budget]:
    """A new budget, for one rendering in this thread."""
    before = getattr(_STARTED, "budget", None)
    _STARTED.budget = budget = Budget()
    try:
        yield budget
    finally:
        _STARTED.budget = before


def _budget() -> Budget:
    budget: Budget | None = getattr(_STARTED, "budget", None)
    return Budget() if budget is None else budget


def size(value: object) -> int:
    """Characters and items of a value, at every depth; TooMuchError above LONGEST_VALUE.

    A value in two places counts twice, as it does when it is printed.
    """
    if type(value) is str and len(value) <= LONGEST_VALUE:  # nearly always
        return len(value)
    return _size(value, LONGEST_VALUE)


def _size(value: object, most: int) -> int:
    match value:
        case str() | bytes() | range():
            found = len(value)
        case int():
            found = value.bit_length() // 3 + 1
        case Namespace():
            raise TooMuchError("a namespace can be neither printed nor put into another value")
        case TemplateModule():
            raise TooMuchError("an imported template cannot be printed; use include")
        case _:
            found = 1
            for item in _inside(value):
                found += _size(item, most - found)
    if found > most:
        raise TooMuchError(f"this makes a value of more than {LONGEST_VALUE:,} characters")
    return found


def _inside(value: object) -> Iterable[object]:
    """Items of a container, keys and values of a mapping; nothing for another value."""
    match value:
        case Context():
            return ()
        case Mapping():
            return chain.from_iterable(value.items())
        case list() | tuple() | AbstractSet() | ValuesView():
            return value
        case _:
            return ()


def measured(function: Callable[P, T]) -> Callable[P, T]:
    """The function, paid for by the budget: one step, and the size of arguments and result."""
    skipped = int(hasattr(function, "jinja_pass_arg"))

    @wraps(function)
    def paid(*arguments: P.args, **options: P.kwargs) -> T:
        budget = _budget()
        given = (*arguments[skipped:], *options.values())
        budget.spend(1, sum(map(size, given)))
        result = function(*arguments, **options)
        budget.spend(0, size(result))
        return result

    return paid


def joined(parts: Iterable[str]) -> str:
    """Concatenation of texts, paid for by the budget before it is made."""
    kept: list[str] = []
    length = 0
    for part in parts:
        kept.append(part)
        length += len(part)
        if length > LONGEST_VALUE:
            raise TooMuchError(f"this makes a text of more than {LONGEST_VALUE:,} characters")
    _budget().spend(0, length)
    return "".join(kept)


def _replaced(text: object, old: object, new: object, count: int | None = None) -> str:
    """Text with `new` in place of `old`; the length of the result is checked first."""
    whole, before, after = str(text), str(old), str(new)
    times = whole.count(before)
    length = len(whole) + times * max(len(after) - len(before), 0)
    if length > LONGEST_VALUE:
        raise TooMuchError(f"this makes a text of more than {LONGEST_VALUE:,} characters")
    return whole.replace(before, after, -1 if count is None else count)


def _interspersed(separator: str, values: Iterable[object]) -> str:
    def parts() -> Iterator[str]:
        for number, value in enumerate(values):
            size(value)
            if number:
                yield separator
            yield str(value)

    return joined(parts())


@pass_environment
def _join(
    environment: Environment,
    value: Iterable[object],
    d: object = "",
    attribute: str | int | None = None,
) -> str:
    """Jinja's filter `join`."""
    if attribute is not None:
        value = map(make_attrgetter(environment, attribute), value)
    return _interspersed(str(d), value)


def _formatted(text: object, *values: object, **named: object) -> str:
    """Jinja's filter `format`: printf-style, with widths below 100."""
    return _percent(str(text), named or values)


def _percent(text: str, values: object) -> str:
    if _WIDE.search(text):
        raise TooMuchError("a width in % is a number below 100")
    size(values)
    return str(text) % values


def _round(value: float, precision: int = 0, method: str = "common") -> float:
    """Jinja's filter `round`, to at most 15 digits."""
    if not -15 <= precision <= 15:
        raise TooMuchError("round is for 15 digits at most")
    return do_round(value, precision, method)  # type: ignore[arg-type]  # it checks the method


def _range(*bounds: int) -> range:
    """Python's range, of at most LONGEST_RANGE numbers."""
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise TooMuchError(f"range is for {LONGEST_RANGE:,} numbers at most")
    return numbers


@pass_context
def _counted(context: Context, values: Iterable[T], constants: int = 0) -> Iterator[T]:
    """Values of a loop, each paid for, with the constant characters of the loop's body."""
    del context
    for value in values:
        _budget().spend(1, constants)
        yield value


@pass_context
def _as_given(context: Context, value: T) -> T:
    del context
    return value


@pass_context
def _tilde(context: Context, values: Iterable[object]) -> str:
    """Jinja's operator `~`."""
    del context
    return _interspersed("", values)


# Filters of the compiler: a space keeps templates from naming them.
_COUNTED, _MEASURED, _TILDE, _ESCAPED = " counted", " measured", " tilde", " escaped"


class _Paid(NodeTransformer):
    """Rewriter of a parsed template: its loops, lists and `~` are paid for by the budget."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 (as Jinja names it)
        constants = sum(
            len(each.data) for part in node.body for each in part.find_all(nodes.TemplateData)
        ) + sum(len(str(each.value)) for part in node.body for each in part.find_all(nodes.Const))
        self.generic_visit(node)
        node.iter = _filtered(_COUNTED, node.iter, nodes.Const(constants))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filtered(_TILDE, nodes.List(node.nodes))

    def visit_List(self, node: nodes.List) -> nodes.Expr:  # noqa: N802
        return self._container(node, node.items)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:  # noqa: N802
        if node.ctx != "load":  # the names that a loop or a `set` fills
            return node
        return self._container(node, node.items)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Expr:  # noqa: N802
        return self._container(node, [pair.value for pair in node.items])

    def _container(self, node: nodes.Expr, items: Iterable[nodes.Node]) -> nodes.Expr:
        constant = all(isinstance(item, nodes.Const) for item in items)
        self.generic_visit(node)
        return node if constant else _filtered(_MEASURED, node)


class _Escaped(NodeTransformer):
    """Changes to a template that says it is Markdown: the values that it prints are escaped.

    A value whose last filter is `markdown` is printed as it is. What a `set` block or a
    macro makes is escaped when it is printed, so a title, which is not, stays plain.
    """

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        node.nodes = [self._printed(each) for each in node.nodes]
        return node

    @staticmethod
    def _printed(node: nodes.Expr) -> nodes.Expr:
        is_markdown = isinstance(node, nodes.Filter) and node.name == "markdown"
        if isinstance(node, nodes.TemplateData) or is_markdown:
            return node
        return _filtered(_ESCAPED, node)


def _says_markdown(tree: nodes.Template) -> bool:
    """Whether a template has `{% set markdown = true %}` outside of all blocks."""
    return any(
        isinstance(node, nodes.Assign)
        and isinstance(node.target, nodes.Name)
        and node.target.name == "markdown"
        and isinstance(node.node, nodes.Const)
        and bool(node.node.value)
        for node in tree.body
    )


def _filtered(name: str, value: nodes.Node, *arguments: nodes.Expr) -> nodes.Expr:
    filtered = nodes.Filter(value, name, list(arguments), [], None, None)
    filtered.set_lineno(value.lineno)
    return filtered


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with bounded work and output; render inside `budgeted`.

    `*` is for numbers only, and `**` does not exist.
    """

    intercepted_binops = frozenset({"+", "-", "*", "**", "%"})
    concat = staticmethod(joined)

    def __init__(
        self,
        filters: Mapping[str, Callable[..., Any]],
        *,
        escaped: Callable[[object], object] = str,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        kept = {name: each for name, each in self.filters.items() if name in _FILTERS}
        ours = {"join": _join, "replace": _replaced, "format": _formatted, "round": _round}
        self.filters = {name: measured(each) for name, each in (kept | ours | {**filters}).items()}
        self.filters |= {
            _COUNTED: _counted,
            _MEASURED: measured(_as_given),
            _TILDE: measured(_tilde),
            _ESCAPED: measured(escaped),
        }
        tests: Mapping[str, Callable[..., Any]] = self.tests  # type: ignore[assignment]  # Jinja's types say "function"
        self.tests = {name: _stepped(each) for name, each in tests.items()}
        self.globals.pop("lipsum")
        self.globals["range"] = _range
        self._lengths: dict[str, int] = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        self._lengths[name or ""] = len(source)
        tree = super()._parse(source, name, filename)
        if _says_markdown(tree):
            tree = _Escaped().visit(tree)
        tree = _Paid().visit(tree)
        tree.set_environment(self)
        return tree  # type: ignore[no-any-return]  # the visitor has no types

    def _load_template(
        self,
        name: str,
        globals: MutableMapping[str, Any] | None,  # noqa: A002 (Jinja's)
    ) -> Template:
        template = super()._load_template(name, globals)
        _budget().spend(1, self._lengths.get(name, 0))
        return template

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use the attribute."""
        if isinstance(obj, str):
            return attr in _OF_TEXTS
        if isinstance(obj, int | float):
            return attr in _OF_NUMBERS
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Refuse `str.format`: its widths may be of any size."""
        if isinstance(value, BuiltinMethodType) and value.__name__ in {"format", "format_map"}:
            raise SecurityError("format is not for templates; use ~, or the filter format")
        return None

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """The operator on two values, if its result is bounded."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" or (operator == "*" and not numbers):
            raise SecurityError(f"{operator} is for numbers, and a template has no use for it here")
        budget = _budget()
        budget.spend(1, size(left) + size(right))
        if operator == "%" and isinstance(left, str):
            result: Any = _percent(left, right)
        else:
            result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and abs(result) > LARGEST_NUMBER:
            raise TooMuchError("this makes a number of more than 18 digits")
        budget.spend(0, size(result))
        return result

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 (a template may pass any name)
        """The result of a call, paid for by the budget."""
        budget = _budget()
        budget.spend(1)
        if isinstance(__obj, LoopContext) and args:  # a recursive loop
            args = (_counted(__context, args[0]), *args[1:])
        if isinstance(__obj, BuiltinMethodType):
            budget.spend(0, sum(map(size, args)))
            owner = __obj.__self__
            if isinstance(owner, str):
                budget.spend(0, size(owner))
                if __obj.__name__ == "join":
                    return _interspersed(owner, *args)
                if __obj.__name__ == "replace":
                    return _replaced(owner, *args)
        result = super().call(__context, __obj, *args, **kwargs)
        if not isinstance(result, Namespace):
            budget.spend(0, size(result))
        return result


def _stepped(test: Callable[P, T]) -> Callable[P, T]:
    @wraps(test)
    def paid(*arguments: P.args, **options: P.kwargs) -> T:
        _budget().spend(1)
        return test(*arguments, **options)

    return paid
