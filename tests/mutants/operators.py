"""The small changes: what may be changed in a module, into what."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

NEIGHBORS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),  # codespell:ignore notin
    ast.NotIn: (ast.In,),  # codespell:ignore notin
}
"""A comparison at its boundary, and the other way round."""
COUNTERPARTS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
NO_LOGIC = (ast.Assert, ast.Import, ast.ImportFrom, ast.JoinedStr)
"""Nodes in which nothing is changed: narrowings of types, imports, texts."""
NO_RULE = {"annotation", "returns", "decorator_list", "bases", "keywords_of_class"}
NAMES = {"TOPIC", "class_version", "__all__"}
"""Names under which things are stored, which the tests of the event store pin."""
RECORDERS = {"record", "trigger_event", "_create", "begin", "field", "Text", "InvalidInput"}
"""Calls whose keywords are required anyway, or are texts."""
WORD = re.compile(r"[A-Za-z][\w.:]*\Z")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a node stands: in which field of its parent, and in which outermost function."""

    holder: ast.AST
    place: str
    index: int | None
    line: int
    function: str | None


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module; without a new node the old one is taken out of its list."""

    path: Path
    tree: ast.Module
    spot: _Spot
    was: str
    now: str
    new: ast.AST | None

    @property
    def line(self) -> int:
        """The line that is changed."""
        return self.spot.line

    @property
    def function(self) -> str | None:
        """The outermost function around it, None for what runs on import."""
        return self.spot.function

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the change in the list of those that are accepted."""
        return self.path.stem, self.function or "", f"{self.was} -> {self.now}"

    def compiled(self) -> CodeType:
        """The module with the change in it."""
        spot = self.spot
        old = getattr(spot.holder, spot.place)
        changed: Any = self.new
        if spot.index is not None:
            new = [self.new] if self.new else []
            changed = [*old[: spot.index], *new, *old[spot.index + 1 :]]
        setattr(spot.holder, spot.place, changed)
        try:
            return compile(ast.fix_missing_locations(self.tree), str(self.path), "exec")
        finally:
            setattr(spot.holder, spot.place, old)


def mutants(path: Path) -> list[Mutant]:
    """All changes of a module, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [*_Walk(path, tree).of(tree, (), None)]
    return sorted(found, key=lambda mutant: mutant.line)


@dataclass(frozen=True, slots=True)
class _Walk:
    path: Path
    tree: ast.Module

    def of(self, node: ast.AST, scope: tuple[str, ...], function: str | None) -> Iterator[Mutant]:
        """The changes of all that stands below a node."""
        is_call_of_text = isinstance(node, ast.Call) and _called(node) == "Text"
        if isinstance(node, NO_LOGIC) or is_call_of_text or _is_for_types(node):
            return
        for place, value in ast.iter_fields(node):
            if place in NO_RULE or (isinstance(node, ast.ClassDef) and place == "keywords"):
                continue
            inner = self._scope(node, place, scope, function)
            for index, child in _children(value):
                if isinstance(child, ast.AST) and not _is_docstring(child):
                    line = getattr(child, "lineno", getattr(node, "lineno", 0))
                    spot = _Spot(node, place, index, line, inner[1])
                    for was, new in _changes(node, place, child, function):
                        yield self._mutant(spot, was, new)
                    yield from self.of(child, *inner)

    def _scope(
        self, node: ast.AST, place: str, scope: tuple[str, ...], function: str | None
    ) -> tuple[tuple[str, ...], str | None]:
        if isinstance(node, ast.ClassDef):
            return (*scope, node.name), function
        if isinstance(node, ast.FunctionDef) and function is None and place == "body":
            return scope, ".".join((*scope, node.name))
        return scope, function

    def _mutant(self, spot: _Spot, was: str, new: ast.AST | None) -> Mutant:
        now = _shown(new) if new is not None else "(nothing)"
        return Mutant(self.path, self.tree, spot, was, now, new)


def _children(value: object) -> list[tuple[int | None, object]]:
    return [*enumerate(value)] if isinstance(value, list) else [(None, value)]


def _changes(
    parent: ast.AST, place: str, node: ast.AST, function: str | None
) -> Iterator[tuple[str, ast.AST | None]]:
    """What a node may become, with how it is shown; None takes it out of its list."""
    was = _shown(node)
    if isinstance(parent, ast.Set | ast.List) or (isinstance(parent, ast.Tuple) and not function):
        yield was, None
    if isinstance(parent, ast.comprehension) and place == "ifs":
        yield f"if {was}", None
    if isinstance(node, ast.keyword):
        if isinstance(parent, ast.Call) and node.arg and _called(parent) not in RECORDERS:
            yield f"{_called(parent)}({was})", None
        return
    for new in (*_of_expression(node), *_of_statement(node)):
        yield was, new
    if place == "test" and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
        yield was, ast.UnaryOp(ast.Not(), node)
    if place == "guard":
        yield f"if {was}", ast.Constant(value=True)


def _of_expression(node: ast.AST) -> Iterator[ast.AST]:
    yield from _of_condition(node)
    match node:
        case ast.BinOp(left, op, right) if type(op) in COUNTERPARTS:
            yield ast.BinOp(left, COUNTERPARTS[type(op)](), right)
        case ast.Constant(value):
            yield from _of_constant(value)
        case ast.Call(ast.Name(name), args, keywords) if name in OPPOSITES:
            yield ast.Call(ast.Name(OPPOSITES[name], ast.Load()), args, keywords)


def _of_condition(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, ops, comparators):
            for i, op in enumerate(ops):
                for other in NEIGHBORS[type(op)]:
                    yield ast.Compare(left, [*ops[:i], other(), *ops[i + 1 :]], comparators)
        case ast.BoolOp(op, values):
            for i in range(len(values)):
                rest = [*values[:i], *values[i + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case _:
            pass


def _of_constant(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(value=not value)
    elif isinstance(value, int):
        yield ast.Constant(value=value + 1)
    elif isinstance(value, str) and WORD.match(value):
        yield ast.Constant(value=f"XX{value}")


def _of_statement(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Assign([ast.Attribute() | ast.Subscript(), *_], _):
            yield ast.Pass()
        case ast.Return(ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(value=None))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types(node: ast.AST) -> bool:
    """What only the checker of types reads, and names under which things are stored."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return any(isinstance(target, ast.Name) and target.id in NAMES for target in targets)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else f"{text[:77]}..."
