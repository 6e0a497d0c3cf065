"""The poster 海报 of an event: uploaded, looked at, taken away."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.poster import MAX_INPUT_BYTES, ImageFault
from events.catalogue.queries import EventRun, event_run_by
from events.errors import Fault, Invalid, Refused
from events.people.queries import StaffMember
from templates.environment import translate
from templates.language import N_
from web.forms import read_form
from web.organizer.filled import Filled, shown_again
from web.organizer.framing import ConfirmPage, EventFormPage, frame
from web.pages import answer, locale_of, redirect

UPLOAD_MOST: Final = 12 * 1024 * 1024  # bytes of the whole form; the picture itself has its own limit
IMAGE_SENTENCES: Final = {
    ImageFault.TOO_LARGE: N_("图片太大了，请换一张 %(megabytes)s MB 以内的。"),
    ImageFault.TOO_MANY_PIXELS: N_("图片的像素太多了，请缩小到 2500 万像素以内。"),
    ImageFault.NOT_AN_IMAGE: N_("这个文件不是图片。"),
    ImageFault.HEIC: N_("这是 iPhone 的 HEIC 格式。请在“设置 → 相机 → 格式”里选“兼容性最佳”，或先转存为 JPEG。"),
    ImageFault.UNSUPPORTED: N_("不支持这种图片格式，请用 JPEG、PNG 或 WebP。"),
    ImageFault.BROKEN: N_("图片已损坏，打不开。请重新导出后再上传。"),
}


@dataclass(frozen=True, kw_only=True)
class PicturePage(EventFormPage):
    megabytes: int


@get("/events/{event_id:int}/picture")
async def show_picture(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    return picture_form(request, await event_run_by(staff, event_id), Filled())


def picture_form(request: Request[Any, Any, Any], event: EventRun, filled: Filled) -> Response[str]:
    page = PicturePage(
        shell=frame(request), event=event, section="picture", form=filled, megabytes=MAX_INPUT_BYTES // 1024 // 1024
    )
    return answer(request, "organizer/picture.html", page, filled.status)


@post("/events/{event_id:int}/picture", request_max_body_size=UPLOAD_MOST)
async def upload_picture(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    try:
        upload = form.upload("poster")
        if upload is None:
            raise Invalid({"poster": Fault.MISSING})
        await actions.set_poster(staff, event_id, await upload.read())
    except (Invalid, Refused) as error:
        instead = image_sentences(request, error)
        return picture_form(request, event, shown_again(locale_of(request), form, error, instead=instead))
    return redirect(request, f"/organizer/events/{event_id}/picture", done=N_("海报已更新。"))


def image_sentences(request: Request[Any, Any, Any], error: Invalid | Refused) -> dict[str, str]:
    reason = error.detail.get("image")
    if reason is None:
        return {}
    megabytes = MAX_INPUT_BYTES // 1024 // 1024
    return {"poster": translate(locale_of(request), IMAGE_SENTENCES[reason], megabytes=megabytes)}


@post("/events/{event_id:int}/picture/removal")
async def remove_picture(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    event = await event_run_by(staff, event_id)
    locale, back = locale_of(request), f"/organizer/events/{event_id}/picture"
    if not (await read_form(request)).ticked("confirmed"):
        page = ConfirmPage(
            shell=frame(request),
            title=translate(locale, "移除海报？"),
            lines=(translate(locale, "“%(title)s”会改用这类活动的默认图片。", title=event.title),),
            url=f"/organizer/events/{event_id}/picture/removal",
            yes=translate(locale, "移除"),
            back=back,
        )
        return answer(request, "organizer/confirm.html", page)
    await actions.remove_poster(staff, event_id)
    return redirect(request, back, done=N_("海报已移除。"))


HANDLERS = [show_picture, upload_picture, remove_picture]
