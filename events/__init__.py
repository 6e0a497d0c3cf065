"""What is true and what is allowed. Knows no HTTP, no queue, no template."""

import os

# Piccolo finds engine and app by this name; it must stand before the first table is used.
os.environ.setdefault("PICCOLO_CONF", "events.piccolo_conf")
