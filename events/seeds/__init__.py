"""The demo: what a city's office would have after a few weeks, made through the same actions that people use."""

from events.seeds.cast import demo_sign_ins
from events.seeds.filling import fill_demo

__all__ = ["demo_sign_ins", "fill_demo"]
