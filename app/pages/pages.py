"""The pages: the workbench, and the API's documentation."""

import base64
import hashlib
import re
from difflib import get_close_matches
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from app import __version__
from app.errors import UNKNOWN, NotFound
from app.http.problems import KINDS, Problem
from app.labs import LABS, find_lab, glossary, questions
from app.labs.panels import panels_json
from app.labs.reading_order import page_in_order
from app.languages import SOURCE, Words, best, direction, everywhere, languages, name_of, right_to_left
from app.pages.assets import BEGIN, MAIN, Assets
from app.pages.language import preferred
from app.places import TEMPLATES
from app.said import said
from app.settings import Settings

PANELS = panels_json()
FONTS = ("rubik-latin", "rubik-hebrew")
"""Those that a page shows at once; a font that comes later moves what is there."""
environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
router = APIRouter(include_in_schema=False)


def words(context: Context, text: Words) -> str:
    """A text in the page's language; one that is not translated says which language and direction it has."""
    found, spoken = best(text, context["language"])
    if spoken == context["language"]:
        return found
    return Markup('<span lang="{}" dir="{}">{}</span>').format(spoken, direction(spoken), found)


PLACE = re.compile("\ue000(\\w+)\ue001")


def say(context: Context, name: str, **values: Any) -> str:
    """A message of pages.ftl; values may be pieces of HTML."""
    text = words(context, everywhere("pages", name, tuple(values)))
    return Markup(PLACE.sub(lambda found: escape(values[found[1]]), escape(text)))  # noqa: S704  (both are escaped)


def elsewhere(context: Context, text: Words) -> list[tuple[str, str]]:
    """A term in other languages, where it is another: from the source in all of them, from the others in the source."""
    language = context["language"]
    known = languages() if language == SOURCE else (SOURCE,)
    return [(code, text[code]) for code in known if text.get(code, best(text, language)[0]) != best(text, language)[0]]


environment.filters["words"] = pass_context(words)
environment.filters["plain"] = pass_context(lambda context, text: best(text, context["language"])[0])
environment.globals["elsewhere"] = pass_context(elsewhere)
environment.globals["direction_of"] = direction
environment.globals["say"] = pass_context(say)
environment.globals["plain"] = pass_context(
    lambda context, name: best(everywhere("pages", name), context["language"])[0]
)


def policy(settings: Settings, import_map: str = "") -> str:
    """The Content-Security-Policy. The one inline block is a page's import map, allowed by its hash."""
    digest = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
    inline = f" 'sha256-{digest}'" if import_map else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{inline}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {settings.frame_ancestors}",
        )
    )


def language_of(request: Request) -> str:
    """From ?lang=, else what the browser prefers of those we speak."""
    asked = request.query_params.get("lang")
    return asked if asked in languages() else preferred(request.headers.get("accept-language", ""), languages())


def others(request: Request, language: str) -> list[dict[str, str]]:
    """The page in each other language."""
    return [
        {
            "code": other,
            "name": name_of(other),
            "direction": direction(other),
            "address": str(request.url.include_query_params(lang=other).replace(scheme="", netloc="")),
        }
        for other in languages()
        if other != language
    ]


def render(name: str, request: Request, **values: Any) -> HTMLResponse:
    library: Assets = request.app.state.assets
    language = language_of(request)
    version = library.version()
    import_map = library.import_map(version)
    order = ["core/reading-order.js"] if right_to_left(language) else []
    begin = [BEGIN, f"text/{language}.js", *order, MAIN, *(["lesson/lesson.js"] if values.get("lab") else [])]
    html = environment.get_template(name).render(
        language=language,
        name=name_of(language),
        direction=direction(language),
        import_map=Markup(import_map),  # noqa: S704  (made here from constants)
        panels=Markup(PANELS),  # noqa: S704  (made here from a file of ours)
        static=f"/static/{version}",
        vendor=f"/vendor/{version}",
        fonts=[f"/static/{version}/fonts/{name}.woff2" for name in FONTS],
        preloads=[path.replace("/", f"/{version}/", 1) for path in library.modules(*begin)],
        version=__version__,
        others=others(request, language),
        **values,
    )
    if right_to_left(language):
        html = page_in_order(html)
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    headers["Content-Security-Policy"] = policy(request.app.state.settings, import_map)
    return HTMLResponse(html, headers=headers)


@router.get("/")
async def workbench(request: Request) -> Response:
    return render("workbench.html", request, lab="", title="")


def section_names() -> dict[str, Words]:
    return {
        letter: everywhere("labs", f"section-{letter}") for letter in sorted({lab.section for lab in LABS.values()})
    }


@router.get("/labs")
async def course(request: Request) -> Response:
    sections: dict[str, list[Any]] = {}
    for lab in LABS.values():
        sections.setdefault(lab.section, []).append(lab)
    return render("course.html", request, sections=sections, names=section_names(), questions=questions(), labs=LABS)


@router.get("/glossary")
async def terms(request: Request) -> Response:
    language = language_of(request)
    found = sorted(glossary().values(), key=lambda term: best(term.term, language)[0].casefold())
    return render("glossary.html", request, terms=found, labs=LABS)


@router.get("/labs/{lab_id}")
async def lab(lab_id: str, request: Request) -> Response:
    found = find_lab(lab_id)
    if found is None:
        raise NotFound("unknown-lab", "there is no lab {name!r:.60}; there are {known}", name=lab_id, known=tuple(LABS))
    language = language_of(request)
    return render("workbench.html", request, lab=lab_id, title=best(found.title, language)[0])


@router.get("/architectures")
async def architectures(request: Request) -> Response:
    return render("architectures.html", request)


@router.get("/design")
async def design(request: Request) -> Response:
    """What the pages are made of, in both themes."""
    return render("design.html", request)


@router.get("/docs")
async def documentation(request: Request) -> Response:
    return render("docs.html", request, operations=_operations(request.app.openapi()))


@router.get("/docs/errors")
async def errors(request: Request) -> Response:
    """What the `type` of a problem document leads to: a paragraph for each kind of error."""
    return render("errors.html", request, kinds=KINDS)


TITLED = {404, 500, 503}
"""Statuses with a heading of their own."""


def explain(request: Request, problem: Problem) -> Response:
    """What a person reads where a program gets a problem document."""
    language = language_of(request)
    status = problem["status"]
    kind = KINDS.get(status)
    _, _, wanted = request.url.path.partition("/labs/")
    near = get_close_matches(wanted.casefold(), LABS, n=3, cutoff=0.6) if wanted else []
    page = render(
        "problem.html",
        request,
        problem=problem,
        title=everywhere("pages", f"error-{status if status in TITLED else 'other'}"),
        text=said(language, problem) if problem["code"] != UNKNOWN else best(kind.text, language)[0] if kind else "",
        address=request.url.path[:200],
        wanted=wanted[:60],
        near=[LABS[name] for name in near],
    )
    page.status_code = status
    page.headers["Cache-Control"] = "no-store"
    return page


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """One row for every route of the REST API."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "text": operation.get("description") or operation.get("summary", ""),
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
