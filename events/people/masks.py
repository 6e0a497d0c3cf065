"""Personal data as lists and exports show it by default: enough to recognise one's own, too little to use.

The forms are the customary ones (GB/T 35273 asks for masking on display and leaves the form open).
"""

import re

from events.people.names import HAN, MIDDLE_DOT

NAME_WORD_STARS = "***"  # always three: the length of a foreign name says whose it is
PHONE_STARS = "****"
MAIL_STARS = "***"

COMPOUND_SURNAMES = frozenset(
    surname
    for surnames in (
        "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 东方 独孤 南宫 轩辕 端木 百里",
        "呼延 西门 第五 太史 申屠 公冶 宗政 濮阳 淳于 单于 太叔 仲孙 钟离 赫连 澹台 闻人 闾丘 左丘 东郭 羊舌 梁丘 万俟",
        "鲜于 拓跋 纳兰 完颜 歐陽 司馬 諸葛 尉遲 公孫 長孫 東方 獨孤 南宮 軒轅 鍾離 澹臺 單于 萬俟 鮮于 閭丘 東郭 聞人",
    )
    for surname in surnames.split()
)

_HAN_ONLY = re.compile(f"[{HAN}]+")
_CHARACTER = re.compile("[^\ufe00-\ufe0f\U000e0100-\U000e01ef][\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
_WORD = re.compile(f"[^ {MIDDLE_DOT}]+")


def mask_name(name: str) -> str:
    """张燕 → 张*, 王小燕 → 王*燕, 欧阳娜娜 → 欧阳**, 阿依古丽·买买提 → 阿依古丽*, John Smith → J*** S***."""
    first_part, dot, _ = name.partition(MIDDLE_DOT)
    if dot and _HAN_ONLY.fullmatch(first_part):
        return first_part + "*"
    if _HAN_ONLY.fullmatch(name):
        return _mask_han(_CHARACTER.findall(name))
    return _WORD.sub(_mask_word, name)


def mask_phone(phone: str) -> str:
    """+8613812341234 → 138****1234; of anything shorter than a mobile number, three digits at most."""
    digits = re.sub(r"\D", "", phone)
    national = digits.removeprefix("86") if phone.startswith("+86") else digits
    if len(national) < 11:
        return national[:3] + PHONE_STARS if len(national) > 6 else PHONE_STARS
    return national[:3] + PHONE_STARS + national[-4:]


def mask_email(address: str) -> str:
    """wang@example.com → w***@example.com; what is no address becomes ***."""
    local, at, domain = address.rpartition("@")
    return (local[:1] + MAIL_STARS + at + domain) if at else MAIL_STARS


def mask_student_number(number: str) -> str:
    """2547040000 → 25******00: two characters at each end, one if fewer than eight, none if fewer than four."""
    shown = 2 if len(number) >= 8 else 1 if len(number) >= 4 else 0
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]


def _mask_han(characters: list[str]) -> str:
    length = len(characters)
    surname = "".join(characters[:2])
    if length <= 2:
        return "".join(characters[: length - 1]) + "*"
    if surname in COMPOUND_SURNAMES:
        return surname + "*" * (length - 2)
    return characters[0] + "*" * (length - 2) + characters[-1]


def _mask_word(word: re.Match[str]) -> str:
    first, *rest = _CHARACTER.findall(word.group()) or [""]
    return (first if rest else "") + NAME_WORD_STARS
