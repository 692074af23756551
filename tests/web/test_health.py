"""GET /healthz: what watches the server is told that it writes, which version it is and on which database."""

import tomllib

from flask import Flask
from flask.testing import FlaskClient

from tests.engines import Engine, Sqlite
from tests.faults.served import ROOT


def test_health_tells_all_of_it_and_no_more(app: Flask, engine: Engine, client: FlaskClient) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    database = "sqlite" if isinstance(engine, Sqlite) else "postgresql"
    for _beat in range(2):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.content_type) == (200, "application/json")
        assert answer.json == {"status": "ok", "version": version, "database": database}
