"""Sources of a workspace, read as `source sync` reads them; every name leads to this machine."""

from dataclasses import replace

from bench.contest import Given, Work
from crosspromo.http.pages import Pages, anywhere
from crosspromo.settings import FILE_NAME, load
from crosspromo.workspace import Workspace


def read(given: Given) -> Work:
    """All sources, whenever they are due; those that could be read count."""
    workspace = Workspace(given.folder, load(given.folder / FILE_NAME))
    sources = replace(workspace.services.sources, pages=_pages)
    assert len(sources.list()) == given.count
    return lambda: sum(each.fault is None for each in sources.read())


def _pages() -> Pages:
    return Pages(allows=anywhere, resolve=lambda _host, _port: ["127.0.0.1"])
