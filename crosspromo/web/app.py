"""Application: from a request to an answer.

The same steps stand before every route: who is it, may they, was the form ours. Then the view runs,
in a thread, since services wait for the database.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.routing import Route as StarletteRoute
from starlette.staticfiles import StaticFiles

from crosspromo.domain.errors import CrosspromoError
from crosspromo.services.tries import Tries
from crosspromo.web import errors, told
from crosspromo.web.answers import response_of
from crosspromo.web.bodies import read_form
from crosspromo.web.counting import forget
from crosspromo.web.following import FollowedWorkspace
from crosspromo.web.guard import (
    FORM_TOKEN,
    Cookie,
    console_at,
    form_token,
    is_form_token,
    is_from_here,
    may_come_from_here,
    named_by_proxy,
    place_of,
    theme_of,
    visitors_token,
)
from crosspromo.web.headers import STATIC, SecurityHeaders
from crosspromo.web.recent import RecentActs
from crosspromo.web.rendering import STATIC_FOLDER
from crosspromo.web.routes import FORM_BYTES, JSON_SUFFIX, LARGEST_ID, Page, Route, table
from crosspromo.web.visit import Visit
from crosspromo.web.words import frame as words

T = TypeVar("T")

THREADS: Final = 12
"""Views that run side by side. SQLite and the pool of PostgreSQL have as many connections."""

ELSEWHERE: Final = Route("/", lambda _: errors.not_found(), None)
"""Route of an address that has none."""


class Console:
    """Console of a workspace, as an ASGI application (`app`)."""

    def __init__(self, followed: FollowedWorkspace) -> None:
        self._followed = followed
        self._tries = Tries()
        self._recent = RecentActs()
        self._threads = CapacityLimiter(THREADS)
        self.app = Starlette(
            routes=[
                *(each for route in table() for each in self._starlette_routes(route)),
                Mount(STATIC.rstrip("/"), StaticFiles(directory=STATIC_FOLDER)),
            ],
            middleware=[Middleware(SecurityHeaders)],
            exception_handlers={HTTPException: self._refused_by_server},
        )

    def _starlette_routes(self, route: Route) -> "list[BaseRoute]":
        methods = [route.method]
        found: list[BaseRoute] = []
        if route.has_json:
            path = f"{route.path}{JSON_SUFFIX}"
            found.append(StarletteRoute(path, self._endpoint(route, as_json=True), methods=methods))
        found.append(StarletteRoute(route.path, self._endpoint(route), methods=methods))
        return found

    def _endpoint(
        self, route: Route, *, as_json: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            visit = self._visit(request, route)
            try:
                visit = await self._in_thread(partial(self._identified, visit, request))
                refusal = self._refusal(visit, request)
                if refusal is not None and route.method == "POST" and visit.person is None:
                    visit = await _with_what_was_typed(visit, request)
                if refusal is None and route.method == "POST":
                    visit = replace(visit, form=await read_form(request, route.largest_body))
                    refusal = self._refusal_of_form(visit, request)
                answer = partial(self._answered, visit, refusal, as_json=as_json)
                return await self._in_thread(answer)
            except HTTPException:
                raise
            except Exception as error:  # noqa: BLE001 (logged; without its frame a page can be made)
                return response_of(_failure(error, visit), visit, as_json=as_json, bare=True)
            finally:
                await visit.form.close()

        return answer

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(work, limiter=self._threads)

    def _visit(self, request: Request, route: Route) -> Visit:
        """Visit of this request, of nobody yet: the database is not asked."""
        workspace = self._followed.current()
        serve = workspace.settings.serve
        token = Cookie.of(serve).read(request) or visitors_token()
        return Visit(
            workspace=workspace,
            route=route,
            path=request.url.path.removesuffix(JSON_SUFFIX) or "/",
            token=token,
            form_token=form_token(token),
            place=place_of(request, serve),
            tries=self._tries,
            now=workspace.clock.now(),
            console=console_at(request, serve),
            values=request.path_params,
            query=request.query_params,
            told=() if route.is_fragment or route.is_by_link else told.read(request, token),
            theme=theme_of(request),
        )

    def _identified(self, visit: Visit, request: Request) -> Visit:
        """Visit with the person whose session, or whose proxy, the request comes with.

        Behind a link with a token nobody is anybody.
        """
        if visit.route.is_by_link:
            return visit
        serve = visit.workspace.settings.serve
        named = named_by_proxy(request, serve)
        person = None
        if named is not None:
            person = visit.sign_in.person_named(named)
        elif Cookie.of(serve).read(request) is not None:
            person = visit.sign_in.person_of(visit.token)
        may_undo = person is not None and self._recent.has_acted(person.id)
        return replace(visit, person=person, by_proxy=named is not None, may_undo=may_undo)

    def _refusal(self, visit: Visit, request: Request) -> Page | None:
        """Refusal page for a person without the route's role; None: the role suffices."""
        if any(isinstance(each, int) and each > LARGEST_ID for each in visit.values.values()):
            return errors.not_found()
        role = visit.route.role
        if role is None or visit.may(role):
            return None
        if visit.person is not None:
            return errors.not_allowed(role)
        named = named_by_proxy(request, visit.workspace.settings.serve)
        if named is not None:
            return errors.error_page(403, words.NOT_KNOWN, words.not_known(named), code="not-known")
        return errors.error_page(401, words.SIGN_IN, words.SESSION_OVER, code="not-signed-in")

    def _refusal_of_form(self, visit: Visit, request: Request) -> Page | None:
        """Page that refuses a form which was not on a page of ours; None: it was."""
        if visit.route.is_by_link and may_come_from_here(request, visit.workspace.settings.serve):
            return None
        ours = is_from_here(request, visit.workspace.settings.serve)
        if ours and is_form_token(visit.text(FORM_TOKEN), visit.token):
            return None
        return errors.error_page(403, words.FORM_TOO_OLD, words.FORM_TOO_OLD_MORE, code="bad-form")

    def _answered(self, visit: Visit, refusal: Page | None, *, as_json: bool) -> Response:
        """Answer of the view, or the refusal; errors become pages.

        A browser without a session is sent to the sign-in, and comes back after it.
        """
        is_page = visit.route.method == "GET" and not as_json
        if is_page and refusal is not None and refusal.status == 401:
            query = f"?{visit.query}" if visit.query else ""
            return RedirectResponse(_sign_in_path(f"{visit.path}{query}"), 303)
        try:
            if visit.route.method == "GET":  # a page shows one moment
                with visit.workspace.store.moment():
                    if is_page and visit.person is not None:  # what its frame needs serves all
                        visit.services.sending_states.now()
                    answer = refusal or visit.route.view(visit)
                    return response_of(answer, visit, as_json=as_json)
            if refusal is not None:
                return response_of(errors.with_typed(refusal, visit), visit, as_json=as_json)
            answer = visit.route.view(visit)
            forget(visit.workspace)
            if visit.person is not None:
                self._recent.note(visit.person.id)
            return response_of(answer, visit, as_json=as_json)
        except Exception as error:  # noqa: BLE001 (logged with a number, which the page tells)
            failure = _failure(error, visit)
            if visit.route.method == "POST":
                failure = errors.with_typed(failure, visit)
            return response_of(failure, visit, as_json=as_json)

    async def _refused_by_server(self, request: Request, error: Exception) -> Response:
        """Answer to a request without a route, or that cannot be read."""
        visit = self._visit(request, ELSEWHERE)
        page = errors.of_status(error.status_code if isinstance(error, HTTPException) else 500)
        as_json = request.url.path.endswith(JSON_SUFFIX)
        try:
            visit = await self._in_thread(partial(self._identified, visit, request))
            return await self._in_thread(partial(response_of, page, visit, as_json=as_json))
        except CrosspromoError:
            return response_of(page, visit, as_json=as_json, bare=True)


async def _with_what_was_typed(visit: Visit, request: Request) -> Visit:
    """Visit with the form of a person whose session has ended, so that the page shows it.

    Nothing is read of a body that is longer than a form without files, or does not say its length.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length[:20]) > FORM_BYTES:
        return visit
    try:
        return replace(visit, form=await read_form(request, FORM_BYTES))
    except HTTPException:
        return visit


def _failure(error: Exception, visit: Visit) -> Page:
    """Page of an error, called where it is caught: a person can mend it, or its number is told."""
    if isinstance(error, CrosspromoError):
        return errors.of_refusal(error, visit)
    return errors.of_fault(visit.path_without_token)


def _sign_in_path(after: str) -> str:
    return "/sign-in" if after == "/" else f"/sign-in?next={quote(after, safe='')}"
