"""Every reason this room gives has a sentence for people."""

import ast

from tests.vendors.test_purity import FILES
from videos.vendors import registry
from videos.words import problems


def codes_given() -> set[str]:
    found = {rule.code for model in registry.MODELS.values() for rule in model.rules}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem":
                if isinstance(node.args[1], ast.Constant):
                    found.add(node.args[1].value)
    return found


def test_no_reason_is_without_words():
    assert len(codes_given()) > 20
    assert codes_given() - set(problems.SENTENCES) - set(problems.WARNINGS) == set()
