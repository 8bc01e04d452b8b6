"""The application: every address of the server, and what all responses have in common."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ccgkg.server.connections import Timely
from ccgkg.server.guard import Guard, tell
from ccgkg.server.problems import Problem
from ccgkg.server.resources import Resources
from ccgkg.server.service import Service
from ccgkg.server.sparql import SparqlEndpoint
from ccgkg.server.workbench import Workbench

__all__ = ["application"]


def application(service: Service) -> Guard:
    """The ASGI application of a service that has not begun yet."""
    endpoint, resources, workbench = SparqlEndpoint(service), Resources(service), Workbench(service)
    reading = {
        "/": workbench.page,
        "/static/{name}": workbench.asset,
        "/terms.json": workbench.terms,
        "/examples.json": workbench.examples,
        "/examples/{name}.rq": workbench.example,
        "/network": workbench.network,
        "/slips.json": workbench.slips,
        "/health": workbench.health,
        "/dump.nq": endpoint.dump,
        "/.well-known/void": endpoint.void,
        "/.well-known/sparql-examples": endpoint.examples,
        "/{path:path}": resources.resource,
    }
    asking = {
        "/sparql": endpoint.sparql,
        "/sparql/": endpoint.sparql,
        "/evidence.json": endpoint.evidence,
    }
    routes = [Route(path, handler, methods=["GET", "POST"]) for path, handler in asking.items()]
    routes += [Route(path, handler, methods=["GET"]) for path, handler in reading.items()]
    app = Starlette(
        routes=routes,
        lifespan=service.lifespan,
        exception_handlers={HTTPException: _no_route, Problem: _problem},
    )
    app.router.redirect_slashes = False
    return Guard(
        Timely(app, service.settings.patience, service.settings.most_sending), service.settings
    )


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    if error.status != 500:  # its reason has been told
        tell(request.scope, problem=error.detail)
    return error.response(request.headers.get("accept", ""))


def _no_route(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses: a method, mostly."""
    assert isinstance(error, HTTPException)
    told = f"{request.method} is not answered here" if error.status_code == 405 else error.detail
    problem = Problem(error.status_code, told, headers=error.headers)
    return problem.response(request.headers.get("accept", ""))
