"""What pages are made of, over the wire: addresses that never change, answers zipped, marks to ask after."""

import gzip
import json
import os
import re

import httpx
import pytest
from starlette.datastructures import Headers

from app.pages import assets
from app.pages.assets import Assets
from app.places import STATIC
from tests.server import PATIENCE

PACKED = Headers({"accept-encoding": "gzip, br"})


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as asking:
        yield asking


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder of files in the place of static/."""
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    (tmp_path / "main.js").write_text("/** Why. */\nexport const a = 1;\n")
    return tmp_path


def addresses(client, path="/?lang=en"):
    """Everything that a page names, and the page."""
    page = client.get(path).text
    return re.findall(r'(?:href|src)="(/(?:static|vendor)/[^"]+)"', page), page


@pytest.mark.parametrize(
    "path", ["/?lang=en", "/?lang=he", "/labs", "/glossary", "/architectures", "/design", "/docs", "/docs/errors"]
)
def test_what_a_page_loads_lies_under_a_version_is_there_and_is_kept_for_ever(client, path):
    named, _ = addresses(client, path)
    assert named
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert re.match(r"/(static|vendor)/v-[0-9a-f]{12}/", address)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_names_nothing_twice_and_its_reader_s_language_alone(client):
    for language, other in (("en", "he"), ("he", "en")):
        named, _ = addresses(client, f"/?lang={language}")
        once = [
            a for a in named if not a.endswith(("/begin.js", "/main.js", "/icon.svg"))
        ]  # a preload and a script; an icon
        assert len(set(once)) == len(once)
        assert any(a.endswith(f"/text/{language}.js") for a in named)
        assert not any(a.endswith(f"/text/{other}.js") for a in named)


def test_a_page_s_policy_allows_its_import_map_and_nothing_else_that_is_inline(client):
    import base64
    import hashlib

    answer = client.get("/")
    written = re.search(r'<script type="importmap">(.*?)</script>', answer.text)[1]
    digest = base64.b64encode(hashlib.sha256(written.encode()).digest()).decode()
    assert re.findall(r"'sha256-([^']+)'", answer.headers["content-security-policy"]) == [digest]
    imports = json.loads(written)["imports"]
    version = re.search(r"v-[0-9a-f]{12}", imports["lit"])[0]
    assert imports["/static/"] == f"/static/{version}/" == imports[f"/static/{version}/"]
    for name, address in imports.items():
        if not name.endswith("/"):
            assert client.get(address).status_code == 200, name


def test_a_file_without_a_version_is_the_file_as_it_is_and_is_asked_after(client):
    whole = client.get("/static/core/session.js")
    assert whole.content == (STATIC / "core/session.js").read_bytes()
    assert whole.headers["cache-control"] == "no-cache"
    again = client.get("/static/core/session.js", headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head("/static/core/session.js").status_code == 200


def test_a_page_from_before_an_upgrade_still_gets_its_panels(client):
    answer = client.get("/static/v-000000000000/panels/code-panel.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


def test_a_file_that_changes_has_another_version_and_its_own_text(files):
    library = Assets()
    first = library.version()
    assert library.version() == first
    before = library.find(f"/static/{first}/main.js", PACKED)
    assert gzip.decompress(before.body) == b" \nexport const a = 1;\n"
    (files / "main.js").write_text("export const a = 2;\n")
    os.utime(files / "main.js", ns=(1, 1))
    second = library.version()
    assert second != first
    assert gzip.decompress(library.find(f"/static/{second}/main.js", PACKED).body) == b"export const a = 2;\n"
    assert library.find(f"/static/{first}/main.js", PACKED).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/?lang=he", "/api/v1/catalog", "/api/v1/labs/cost-function", "/api/v1/openapi.json"])
def test_answers_are_zipped_for_whoever_can_unzip_them(client, path):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < 0.5 * int(plain.headers["content-length"])
    assert "Accept-Encoding" in packed.headers["vary"]


def test_the_catalogue_is_asked_after_and_not_sent_again(client):
    first = client.get("/api/v1/catalog")
    again = client.get("/api/v1/catalog", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_examples_of_a_run_are_zipped_and_small_answers_and_lines_are_not(client, server):
    run, _ = server.run(lab="lenet")
    data = client.get(f"/api/v1/runs/{run}/data?most=200")
    assert data.headers["content-encoding"] == "gzip"
    assert int(data.headers["content-length"]) < 0.6 * len(data.content)
    assert "content-encoding" not in client.get("/healthz").headers
