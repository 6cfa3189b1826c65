"""Finds colours written out in a stylesheet, with a parser."""

import re
from collections.abc import Iterator

import tinycss2
from tinycss2 import ast

FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color"}
HEX = re.compile(r"(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
# https://www.w3.org/TR/css-color-4/#named-colors, without ``transparent``: that is the absence of one.
NAMES = set(
    """aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
    burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue
    darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange
    darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise
    darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia
    gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo
    ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue
    lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon
    mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue
    mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin
    navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen
    paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple rebeccapurple red
    rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
    slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
    whitesmoke yellow yellowgreen""".split()
)


def declarations(nodes: list) -> Iterator[ast.Declaration]:
    """Every declaration below ``nodes``, through layers, media queries and nesting."""
    for node in nodes:
        if isinstance(node, ast.Declaration):
            yield node
        elif isinstance(node, ast.QualifiedRule | ast.AtRule) and node.content is not None:
            yield from declarations(tinycss2.parse_blocks_contents(node.content))


def values(nodes: list) -> Iterator[ast.Node]:
    for node in nodes:
        yield node
        yield from values(getattr(node, "arguments", None) or getattr(node, "content", None) or [])


def is_colour(node: ast.Node) -> bool:
    if isinstance(node, ast.HashToken):
        return bool(HEX.fullmatch(node.value))
    if isinstance(node, ast.FunctionBlock):
        return node.lower_name in FUNCTIONS
    return isinstance(node, ast.IdentToken) and node.lower_value in NAMES


def colours(css: str) -> list[str]:
    """``line: value`` for each colour written out."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    found = (node for declaration in declarations(rules) for node in values(declaration.value))
    return [f"{node.source_line}: {node.serialize()}" for node in found if is_colour(node)]
