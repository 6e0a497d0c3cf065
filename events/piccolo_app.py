"""Tells piccolo which tables there are. Migrations are SQL files, applied by `events.database.migrate`."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

ROOMS = ("people", "notice", "catalogue", "booking", "ticket", "gate", "attendance", "counts")

APP_CONFIG = AppConfig(
    app_name="events",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder([f"events.{room}.tables" for room in ROOMS], exclude_imported=True),
    migration_dependencies=[],
    commands=[],
)
