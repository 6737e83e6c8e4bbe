"""What one GraphQL document may ask for.

The cost of what it finds is bounded by `api.context.RequestContext`, not here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    ValuesOfCorrectTypeRule,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension

BODY_BYTES_MAX = 1_048_576
DRAINED_BYTES_MAX = 64 * 1_048_576
"""A body too long is read and thrown away up to here.

So that the client gets to read the answer.
"""
TOKENS_MAX = 4_000
NESTING_MAX = 60
DEPTH_MAX = 15
FIELDS_MAX = 1_500
ALIASES_MAX = 60
DOCUMENTS_CACHED_MAX = 256

_NESTING = re.compile(r'"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|[{\[(]|[}\])]')


def _refuse(code: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})


class _Values(ValuesOfCorrectTypeRule):
    """A value of the wrong type is the user's mistake, not the query's."""

    def report_error(self, error: GraphQLError) -> None:
        error.extensions = {"code": "BAD_USER_INPUT"}
        super().report_error(error)


class _Size(ValidationRule):
    """Depth, fields and aliases of each operation, fragments counted where they are spread."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments = {
            definition.name.value: definition.selection_set
            for definition in context.document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._measured: dict[str, tuple[int, int, int]] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        depth, fields, aliases = self._measure(node.selection_set)
        if depth > DEPTH_MAX:
            self.report_error(
                _refuse("QUERY_TOO_DEEP", f"The query is {depth} levels deep; at most {DEPTH_MAX}.")
            )
        if fields > FIELDS_MAX:
            self.report_error(
                _refuse(
                    "QUERY_TOO_LARGE", f"The query names too many fields; at most {FIELDS_MAX}."
                )
            )
        if aliases > ALIASES_MAX:
            self.report_error(
                _refuse(
                    "QUERY_TOO_LARGE", f"The query has too many aliases; at most {ALIASES_MAX}."
                )
            )

    def _measure(self, selection: SelectionSetNode | None) -> tuple[int, int, int]:
        depth = fields = aliases = 0
        for node in selection.selections if selection else ():
            if isinstance(node, FieldNode):
                inner = self._measure(node.selection_set)
                inner = (inner[0] + 1, inner[1] + 1, inner[2] + (node.alias is not None))
            elif isinstance(node, InlineFragmentNode):
                inner = self._measure(node.selection_set)
            else:
                assert isinstance(node, FragmentSpreadNode)
                inner = self._measure_fragment(node.name.value)
            depth, fields, aliases = max(depth, inner[0]), fields + inner[1], aliases + inner[2]
        return depth, fields, aliases

    def _measure_fragment(self, name: str) -> tuple[int, int, int]:
        if name not in self._measured:
            self._measured[name] = (0, 0, 0)  # What a cycle counts; another rule reports it.
            self._measured[name] = self._measure(self._fragments.get(name))
        return self._measured[name]


RULES: tuple[type[ASTValidationRule], ...] = (
    *(_Values if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules),
    _Size,
)
"""Built once: a rule class of its own for each request would defeat the validation cache."""


class BoundedDocument(SchemaExtension):
    """Parses and validates each document once, within the limits of this file."""

    def on_parse(self) -> Iterator[None]:
        assert self.execution_context.query is not None
        self.execution_context.graphql_document = parsed(self.execution_context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        document = self.execution_context.graphql_document
        assert document is not None
        self.execution_context.pre_execution_errors = list(
            _validated(self.execution_context.schema._schema, document)  # noqa: SLF001 - as Strawberry's own cache does
        )
        yield


@lru_cache(maxsize=DOCUMENTS_CACHED_MAX)
def parsed(query: str) -> DocumentNode:
    """The document of a query.

    Raises GraphQLError with a code for one that is no GraphQL, too long or too nested.
    """
    nesting = 0
    for token in _NESTING.finditer(query):
        if token[0] in "{[(":
            nesting += 1
            if nesting > NESTING_MAX:
                raise _refuse(
                    "QUERY_TOO_DEEP", f"The query nests deeper than {NESTING_MAX} brackets."
                )
        elif token[0] in "}])":
            nesting -= 1
    try:
        return parse(query, max_tokens=TOKENS_MAX)
    except GraphQLError as error:
        too_large = "Document contains more than" in error.message
        error.extensions = {"code": "QUERY_TOO_LARGE" if too_large else "GRAPHQL_PARSE_FAILED"}
        raise


@lru_cache(maxsize=DOCUMENTS_CACHED_MAX)
def _validated(schema: GraphQLSchema, document: DocumentNode) -> tuple[GraphQLError, ...]:
    errors = validate(schema, document, RULES, max_errors=20)
    for error in errors:
        error.extensions = error.extensions or {"code": "GRAPHQL_VALIDATION_FAILED"}
    return tuple(errors)
