"""Which words of a prompt ask for which family of scenes. English, German, Chinese."""

WORDS = {
    "dunes": "desert dune sand caravan wüste düne 沙漠 沙丘",
    "sea": "sea ocean harbour harbor beach wave boat ship lake river water fjord coast meer see strand boot "
    "海 湖 沙滩 船 浪 江 河",
    "forest": "forest wood tree jungle garden leaf fox wald baum garten 森林 树 竹 花园",
    "city": "city street neon traffic tokyo rain car taxi crowd festival stadt straße regen 城市 街 霓虹 雨",
    "aurora": "aurora night star galaxy space arctic nordlicht nacht stern snow winter 极光 夜 星 雪",
    "ridges": "mountain ridge peak valley eagle sunrise berg berge bergen gipfel tal adler 山 峰 日出 鹰",
}
