"""Recognises which column a cell of the first row names: in English, in the form's words in every language
of the studio, or by a common synonym."""

import re
import unicodedata
from functools import cache

from django.conf import settings
from django.utils import translation

from videos import labels
from videos.create.image_roles import ROLES
from videos.vendors.contract import OPTION_NAMES

COLUMNS = ("prompt", *OPTION_NAMES, *ROLES)
SYNONYMS = {
    "prompt": (
        "prompts", "text", "description", "scene", "shot", "video prompt", "eingabe", "beschreibung", "szene", "bildbeschreibung",
        "提示词", "提示詞", "提示", "描述", "画面", "画面描述", "内容", "镜头", "场景", "文案", "プロンプト", "프롬프트",
    ),
    "seconds": (
        "duration", "length", "sec", "secs", "second", "dauer", "länge", "laenge", "sekunden", "sekunde",
        "秒", "秒数", "时长", "時長", "长度",
    ),
    "aspect_ratio": ("ratio", "aspect", "seitenverhältnis", "bildformat", "比例", "画幅", "宽高比", "長寬比"),
    "resolution": ("auflösung", "aufloesung", "分辨率", "清晰度", "解析度"),
    "audio": ("sound", "ton", "声音", "音频", "聲音"),
    "seed": ("startwert", "种子", "随机种子"),
    "start": ("picture", "image", "start image", "start picture", "first frame", "bild", "startbild", "图片", "首帧", "起始图"),
    "end": ("end image", "end picture", "last frame image", "endbild", "尾帧", "结束图"),
    "reference": ("references", "reference image", "referenz", "referenzbild", "参考", "参考图"),
}  # fmt: skip
PARENTHESIS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,40}[)\]）】]\s*$")  # "Dauer (s)"


def column(cell: str) -> str:
    """The English name of the column that ``cell`` names; empty where it names none."""
    return _known().get(_folded(cell), "")


def _folded(cell: str) -> str:
    text = PARENTHESIS.sub("", unicodedata.normalize("NFKC", cell[:80])).strip(" \t*:：")
    return " ".join(text.replace("_", " ").replace("-", " ").casefold().split())


@cache
def _known() -> dict[str, str]:
    """Folded name -> column. The English names are added last, so that no other word replaces one of them."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {_folded(labels.option_name(name)): name for name in OPTION_NAMES}
            found |= {_folded(labels.role_name(role)): role for role in ROLES}
    found |= {_folded(word): name for name, words in SYNONYMS.items() for word in words}
    return found | {_folded(name): name for name in COLUMNS}
