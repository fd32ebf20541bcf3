"""Answers of views as responses of HTTP."""

from urllib.parse import quote

from msgspec import json
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crosspromo.web import told
from crosspromo.web.guard import Cookie, local_path, theme_header
from crosspromo.web.rendering import html
from crosspromo.web.routes import Answer, Done, File, Page
from crosspromo.web.visit import Visit


def response_of(answer: Answer, visit: Visit, *, as_json: bool, bare: bool = False) -> Response:
    """Response of an answer; a page is HTML, or its document. `bare`: without its frame."""
    response = _response(answer, visit, as_json=as_json, bare=bare)
    if visit.route.is_by_link:
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _response(answer: Answer, visit: Visit, *, as_json: bool, bare: bool) -> Response:
    match answer:
        case Page():
            return _page(answer, visit, as_json=as_json, bare=bare)
        case Done():
            return _done(answer, visit)
        case File():
            return _file(answer)


def _page(page: Page, visit: Visit, *, as_json: bool, bare: bool) -> Response:
    if as_json:
        if page.document is None:
            raise LookupError(f"{visit.route.name} has no document")
        content = json.format(json.encode(page.document()), indent=2)
        return Response(content, page.status, media_type="application/json")
    response = HTMLResponse(html(page, visit, bare=bare or visit.route.is_fragment), page.status)
    if visit.route.is_fragment or visit.route.is_by_link:
        return response
    if visit.person is None:  # a form to sign in is bound to this cookie
        response.headers.append("Set-Cookie", _cookie(visit).header(visit.token))
    if visit.told:
        response.headers.append("Set-Cookie", told.header((), visit.token))
    return response


def _done(done: Done, visit: Visit) -> Response:
    response = RedirectResponse(local_path(done.to), 303)
    if done.session is not None:
        response.headers.append("Set-Cookie", _cookie(visit).header(done.session))
    if done.theme is not None:
        response.headers.append("Set-Cookie", theme_header(done.theme))
    if done.told:
        token = done.session or visit.token
        response.headers.append("Set-Cookie", told.header(done.told, token))
    return response


def _file(file: File) -> Response:
    response = Response(file.content, media_type=file.media_type)
    if file.name is not None:
        response.headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        )
    return response


def _cookie(visit: Visit) -> Cookie:
    return Cookie.of(visit.workspace.settings.serve)
