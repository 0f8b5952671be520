"""The order of assembly. No query, no migration, no network: `create_app` only puts the house together."""

from __future__ import annotations

from portal import cli, web
from portal.blueprints import rooms
from portal.config import ROOT, Settings
from portal.extensions import babel, csrf, db, login, migrate
from portal.models import all_tables
from portal.services.accounts import passwords
from portal.tenancy.keys import keyring
from portal.tenancy.walls import context, orm
from portal.web import guards
from portal.web.transaction import PortalFlask

REGISTERING = (all_tables, orm, context)  # imported for the tables and the hooks they register


def create_app(settings: Settings | None = None) -> PortalFlask:
    """Build the application. Raises SettingsError on a bad setting and BareView on an unguarded view."""
    settings = settings or Settings.from_environment()
    app = PortalFlask("portal", root_path=str(ROOT / "portal"), instance_path=str(ROOT / "instance"))
    app.config.from_mapping(web.flask_config(settings))
    keyring.init(settings.SECRET_KEY, key_file=settings.PORTAL_FIELD_KEYS, cipher=settings.PORTAL_CIPHER)
    passwords.policy.init(settings.PORTAL_PASSWORDS)

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    login.init_app(app)
    csrf.init_app(app)
    web.init_app(app, babel)

    for room in rooms():
        app.register_blueprint(room)
    cli.init_app(app)

    guards.check_every_view_is_guarded(app)
    return app
