"""Puts the code of a plan into a script, at the place that the code's own comment names."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

EVA = re.compile(r"After (?:\w+ = )?(initialize_lora_eva_weights)\(")
AFTER_CALL = re.compile(r"(?:After|, after|# after) (?:\w+(?:\.\w+)* = )?(?:\w+\.)*(\w+)\(")
AFTER_OPTIMIZER = re.compile(r"After your optimizer is made")
IN_PLACE_OF_OPTIMIZER = re.compile(r"In (?:the )?place of your optimizer")
WITH_TRAINER = re.compile(r"(?:With a Trainer|then): ?after (?:it|the Trainer) is made|then after the Trainer is made")
"""What to do where a Trainer makes the adapter, or the optimizer, itself; names that the code takes are said there."""
PLACES = (AFTER_CALL, AFTER_OPTIMIZER, IN_PLACE_OF_OPTIMIZER)


class NoPlace(Exception):
    """The comment names a place that the script does not have."""


def placed(script: str, code: str) -> str:
    """The script with each part of the code in its place."""
    # From the end, so that what stands after a name of an earlier part is already there.
    for comment, lines in reversed(parts(code)):
        script = place(script, comment, lines)
    return script


def parts(code: str) -> list[tuple[str, str]]:
    """The code cut before each comment that names a place: its comment, and the whole part."""
    cut: list[list[str]] = []
    for block in re.split(r"\n(?=# )", code.strip("\n")):
        # What fills A is one more condition of the part it stands in.
        begins = block.startswith("# ") and not EVA.match(block, 2)
        names_place = begins and any(place.search(block) for place in PLACES)
        if cut and not names_place or (cut and is_comment(cut[-1])):
            cut[-1].append(block)
        else:
            cut.append([block])
    return [(comment_of("\n".join(blocks)), "\n".join(blocks)) for blocks in cut]


def is_comment(blocks: list[str]) -> bool:
    return all(line.startswith("#") for block in blocks for line in block.splitlines())


def comment_of(part: str) -> str:
    return "\n".join(line for line in part.splitlines() if line.startswith("#"))


def place(script: str, comment: str, code: str) -> str:
    if IN_PLACE_OF_OPTIMIZER.search(comment):
        return in_place_of_optimizer(script, code)
    try:
        if AFTER_OPTIMIZER.search(comment):
            return after_optimizer(script, code)
        after = AFTER_CALL.search(comment)
        if not after:
            raise NoPlace(f"nothing known names a place: {comment!r}")
        filled = EVA.search(comment)
        # The Trainer is made later still.
        return after_call(script, filled[1] if filled and not after[1].endswith("Trainer") else after[1], code)
    except NoPlace:
        if not WITH_TRAINER.search(comment.replace("\n# ", " ")):
            raise
        bound = re.findall(r"\w+ = trainer\.[\w()]+[\w)]", comment.replace("\n# ", " "))
        return after_call(script, "Trainer", "\n".join([*bound, code]))


def after_call(script: str, function: str, code: str) -> str:
    """
    Behind the statement that calls the function; where it stands in a `return`, behind the call of that function.
    A Trainer is one of whatever class.
    """
    end = "Trainer" if function.endswith("Trainer") else ""
    is_named = lambda name: name == function or (end != "" and name.endswith(end))
    statement = statement_with(script, lambda call: is_named(called(call)))
    if statement is None and end:
        # A subclass may have any name; what it makes is called `trainer`.
        statement = next((s for s in statements(script) if isinstance(s, ast.Assign) and assigns(s, "trainer")), None)
    if statement is None:
        raise NoPlace(f"the script does not call {function}")
    if isinstance(statement, ast.Return):
        return after_call(script, enclosing_function(script, statement), code)
    return inserted(script, statement.end_lineno or 0, statement.col_offset, renamed(code, statement))


def after_optimizer(script: str, code: str) -> str:
    own = next((s for s in statements(script) if isinstance(s, ast.Assign) and is_optimizer(s)), None)
    if own is None:
        raise NoPlace("the script makes no optimizer")
    return inserted(script, own.end_lineno or 0, own.col_offset, renamed(code, own))


def renamed(code: str, statement: ast.stmt) -> str:
    """The code speaks of `model`, `trainer` and `optimizer`; the script may name them otherwise."""
    if not isinstance(statement, ast.Assign):
        return code
    target, function = ast.unparse(statement.targets[0]), called(statement.value)
    name = "trainer" if function.endswith("Trainer") or target == "trainer" else "optimizer" if is_optimizer(statement) else "model"
    return code if target == name else re.sub(rf"(?<![\w.\"]){name}\b(?!\s*=[^=])", target, code)


def in_place_of_optimizer(script: str, code: str) -> str:
    own = next((s for s in statements(script) if isinstance(s, ast.Assign) and is_optimizer(s)), None)
    if isinstance(own, ast.Assign):
        call = own.value
        assert isinstance(call, ast.Call)
        numbers = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg}
        decay = "0.01" if called(call) == "AdamW" else "0.0"
        bound = f"learning_rate = {numbers.get('lr', '1e-3')}\nweight_decay = {numbers.get('weight_decay', decay)}\n"
        lines = script.splitlines()
        del lines[own.lineno - 1 : own.end_lineno]
        target = ast.unparse(own.targets[0])
        return inserted("\n".join(lines) + "\n", own.lineno - 1, own.col_offset, bound + code + f"\n{target} = optimizer")
    statement = statement_with(script, lambda call: called(call).endswith("Trainer"))
    if statement is None:
        raise NoPlace("the script makes neither an optimizer nor a Trainer")
    call = next(node for node in ast.walk(statement) if isinstance(node, ast.Call) and called(node).endswith("Trainer"))
    args = next((ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg == "args"), None)
    if args is None:
        raise NoPlace("the Trainer has no args")
    call.keywords.append(ast.keyword("optimizers", ast.parse("(optimizer, None)", mode="eval").body))
    lines = script.splitlines()
    lines[statement.lineno - 1 : statement.end_lineno] = indented(ast.unparse(statement), statement.col_offset)
    bound = f"learning_rate = {args}.learning_rate\nweight_decay = {args}.weight_decay\n"
    return inserted("\n".join(lines) + "\n", statement.lineno - 1, statement.col_offset, bound + code)


def assigns(statement: ast.Assign, name: str) -> bool:
    return ast.unparse(statement.targets[0]) == name


def is_optimizer(statement: ast.Assign) -> bool:
    named = ast.unparse(statement.targets[0]) in {"optimizer", "opt"}
    return named and isinstance(statement.value, ast.Call)


def inserted(script: str, line: int, indent: int, code: str) -> str:
    lines = script.splitlines()
    lines[line:line] = indented(code, indent)
    return "\n".join(lines) + "\n"


def indented(code: str, indent: int) -> list[str]:
    return [" " * indent + line if line else line for line in code.splitlines()]


def statements(script: str) -> list[ast.stmt]:
    return [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.stmt)]


def statement_with(script: str, wanted: Callable[[ast.Call], bool]) -> ast.stmt | None:
    """The innermost statement with such a call, the first in the text."""
    found = [s for s in statements(script) if any(isinstance(n, ast.Call) and wanted(n) for n in own_nodes(s))]
    return min(found, key=lambda s: s.lineno, default=None)


def own_nodes(statement: ast.stmt) -> list[ast.AST]:
    """Nodes of a statement that are in no statement inside it."""
    nodes: list[ast.AST] = []
    open_nodes: list[ast.AST] = list(ast.iter_child_nodes(statement))
    while open_nodes:
        node = open_nodes.pop()
        if not isinstance(node, ast.stmt):
            nodes.append(node)
            open_nodes.extend(ast.iter_child_nodes(node))
    return nodes


def enclosing_function(script: str, statement: ast.stmt) -> str:
    functions = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.FunctionDef)]
    around = [f for f in functions if f.lineno <= statement.lineno <= (f.end_lineno or 0)]
    return max(around, key=lambda f: f.lineno).name


def called(node: ast.AST) -> str:
    """The last name of what is called: `get_peft_model` of `peft.get_peft_model(…)`; empty where it is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
