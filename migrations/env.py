"""How the schema is moved from one version to the next, on both engines."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from showroom_app.extensions import Base
from showroom_app.ledger.triggers import install_triggers

config = context.config
engine = current_app.extensions["migrate"].db.engine
metadata = Base.metadata


def run() -> None:
    """Upgrade in one transaction. SQLite rebuilds a table to change it, which loses its triggers and trips over
    foreign keys: so they are off meanwhile, checked afterwards, and the triggers are installed anew."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        connection.info["write"] = True
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            transactional_ddl=True,  # our engine begins transactions itself, so SQLite keeps DDL in them too
        )
        with context.begin_transaction():
            context.run_migrations()
            install_triggers(connection)
            if sqlite:
                broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
                if broken:
                    raise RuntimeError(f"foreign keys broken after the upgrade: {broken[:5]}")
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
        connection.info["write"] = False


run()
