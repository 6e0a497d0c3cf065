"""Two jinja2 environments, one for each language. A template sees `page` and functions, nothing else."""

from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup

from templates.assets import DIST, read_assets
from templates.formats import SHANGHAI, formats_for, number
from templates.icons import icon
from templates.language import N_, Locale, catalogue, translate, translate_n
from templates.states import state_of

__all__ = ["N_", "Locale", "environment", "render", "translate", "translate_n"]

FOLDER: Final = Path(__file__).parent


def render(locale: Locale, template_name: str, page: object, zone: tzinfo = SHANGHAI) -> str:
    """The template, such as `student/home.html`, in the language and the zone; `page` is a frozen dataclass.

    Raises jinja2.UndefinedError for a name that the page does not have, and TemplateNotFound.
    """
    return environment(locale, zone).get_template(template_name).render(page=page)


@cache
def environment(locale: Locale, zone: tzinfo = SHANGHAI, dist: Path = DIST) -> Environment:
    """Made once for each language, zone and client build; raises AssetMissing if there is no build."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_translations(catalogue(locale), newstyle=True)  # type: ignore[attr-defined]
    formats = formats_for(locale, zone)
    env.filters.update(formats)
    env.globals = {name: env.globals[name] for name in ("range", "namespace", "_", "gettext", "ngettext", "pgettext")}
    env.globals.update(formats, _n=plural(locale), icon=icon, asset=read_assets(dist).url, state_of=state_of)
    return env


def plural(locale: Locale) -> Any:
    """The global `_n("余 %(num)s 个名额", places)`: one Chinese text, two English ones; values are escaped."""

    @pass_eval_context
    def choose(context: EvalContext, msgid: str, num: int, **values: object) -> str:
        text = catalogue(locale).ngettext(msgid, msgid, num)
        return (Markup(text) if context.autoescape else text) % {"num": number(locale, num), **values}  # noqa: S704

    return choose
