"""Where piccolo looks for the engine and the app."""

from piccolo.conf.apps import AppRegistry

from events.database import engine

DB = engine
APP_REGISTRY = AppRegistry(apps=["events.piccolo_app"])
