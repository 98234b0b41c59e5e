"""Parsing whole files: ``.bicep`` and ``.bicepparam``."""

from __future__ import annotations

from collections.abc import Callable

from coe_scaffold.bicep.diagnostics import Diagnostics
from coe_scaffold.bicep.syntax import tree
from coe_scaffold.bicep.syntax.reader import Expected
from coe_scaffold.bicep.syntax.tokens import END, IDENTIFIER, NEWLINE, STRING, STRING_LEFT, Lexer, Token
from coe_scaffold.bicep.syntax.types import TypeParser

Decorators = tuple[tree.Decorator, ...]

_PATH_EXPECTED = (
    "BCP097",
    "Expected a module path string. This should be a relative path to another bicep file, "
    "e.g. 'myModule.bicep' or '../parent/myModule.bicep'",
)
_TYPE_EXPECTED = (
    "BCP068",
    'Expected a resource type string. Specify a valid resource type of format "<type-name>@<apiVersion>".',
)
_BODY_EXPECTED = 'Expected the "{", "[", or "if" character or keyword at this location.'


def parse(diagnostics: Diagnostics, *, parameters: bool = False) -> tree.Program:
    """Parse the text of ``diagnostics.source``; problems are recorded there, none is raised."""
    return Parser(Lexer(diagnostics).run(), diagnostics, parameters=parameters).program()


class Parser(TypeParser):
    """Parses the statements of one file."""

    def __init__(self, tokens: list[Token], diagnostics: Diagnostics, *, parameters: bool) -> None:
        super().__init__(tokens, diagnostics)
        self.parameters = parameters
        common: dict[str, Callable[[Decorators], tree.Declaration]] = {
            "var": self._var,
            "type": self._type_declaration,
            "import": self._import,
            "extension": self._extension,
        }
        bicep: dict[str, Callable[[Decorators], tree.Declaration]] = {
            "targetScope": self._target_scope,
            "metadata": self._metadata,
            "param": self._param,
            "func": self._func,
            "resource": self._resource,
            "output": self._output,
            "module": self._module,
            "test": self._test,
            "assert": self._assert,
        }
        param_file: dict[str, Callable[[Decorators], tree.Declaration]] = {
            "using": self._using,
            "extends": self._extends,
            "param": self._assignment,
        }
        self.statements = common | (param_file if parameters else bicep)

    def program(self) -> tree.Program:
        """Parse to the end of the file."""
        found: list[tree.Declaration] = []
        self.skip_newlines()
        while self.kind != END:
            self.depth = 0
            self.complex_literals = True
            node = self.recover(self._statement, NEWLINE)
            if isinstance(node, tree.Declaration):
                found.append(node)
                if self.kind not in (NEWLINE, END):
                    self.recover(self._newline, NEWLINE)
            self.skip_newlines()
        return tree.Program(0, tuple(found))

    def _newline(self) -> tree.Node:
        raise Expected(self.current, "BCP019", "Expected a new line character at this location.")

    def _statement(self) -> tree.Declaration:
        decorators = self.decorators()
        token = self.current
        if token.kind == IDENTIFIER and token.value in self.statements:
            return self.statements[token.value](decorators)
        if decorators:
            raise Expected(
                token,
                "BCP152" if token.kind == IDENTIFIER else "BCP147",
                "Expected a parameter, variable, resource, module, type or output declaration "
                "after the decorator.",
            )
        if self.parameters:
            raise Expected(
                token,
                "BCP337",
                "This declaration type is not valid for a Bicep Parameters file. "
                'Specify a "using", "extends", "param" or "var" declaration.',
            )
        raise Expected(
            token,
            "BCP007",
            "This declaration type is not recognized. "
            "Specify a metadata, parameter, variable, resource, or output declaration.",
        )

    def _head(self, code: str, kind: str) -> tuple[int, Token]:
        start = self.take().start
        article = "an" if kind[0] in "aeiou" else "a"
        return start, self.identifier(code, f"Expected {article} {kind} identifier at this location.")

    def _name_or_gap(self, code: str, kind: str) -> tuple[int, Token]:
        """Parse the name after a keyword; when it is missing go on at the string that follows."""
        start = self.take().start
        message = f"Expected a {kind} identifier at this location."
        place = self.current
        found: list[Token] = []

        def name() -> tree.Node:
            found.append(self.identifier(code, message))
            return tree.Name(place.start, place.value)

        self.recover(name, STRING, STRING_LEFT, NEWLINE)
        return start, found[0] if found else Token(IDENTIFIER, "", place.start, place.start)

    def _equals(self) -> tree.Node:
        return tree.Null(self.expect("=").start)

    def _assigned(self) -> tree.Node:
        self.expect("=")
        return self.recover(self.expression, NEWLINE)

    def _target_scope(self, decorators: Decorators) -> tree.Declaration:
        token = self.take()
        return tree.TargetScopeDecl(token.start, decorators, "", token.start, self._assigned())

    def _metadata(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP263", "metadata")
        return tree.MetadataDecl(start, decorators, name.value, name.start, self._assigned())

    def _param(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP013", "parameter")
        if self.kind in (END, "=") or (self.kind == NEWLINE and self.ahead().kind != "|"):
            raise Expected(
                self.current,
                "BCP279",
                "Expected a type at this location. Please specify a valid type expression or one of the "
                'following types: "array", "bool", "int", "object", "string".',
            )
        type_ = self.recover(self.type, "=", NEWLINE)
        default = None
        if self.kind == "=":
            default = self._assigned()
        elif self.kind not in (NEWLINE, END):
            raise Expected(self.current, "BCP008", 'Expected the "=" token, or a newline at this location.')
        return tree.ParamDecl(start, decorators, name.value, name.start, type_, default)

    def _assignment(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP013", "parameter")
        return tree.ParamDecl(start, decorators, name.value, name.start, None, self._assigned())

    def _var(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP015", "variable")
        type_ = None if self.kind == "=" else self.recover(self.type, "=", NEWLINE)
        return tree.VarDecl(start, decorators, name.value, name.start, type_, self._assigned())

    def _output(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP016", "output")
        type_ = self.recover(lambda: self.type(optional_resource=True), "=", NEWLINE)
        return tree.OutputDecl(start, decorators, name.value, name.start, type_, self._assigned())

    def _assert(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP344", "assert")
        return tree.AssertDecl(start, decorators, name.value, name.start, self._assigned())

    def _type_declaration(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP299", "type")
        self.expect("=")
        value = self.recover(self.type_expression, NEWLINE)
        return tree.TypeDecl(start, decorators, name.value, name.start, value)

    def _func(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP015", "variable")
        value = self.recover(self._typed_lambda, NEWLINE)
        return tree.FuncDecl(start, decorators, name.value, name.start, value)

    def _typed_lambda(self) -> tree.Node:
        start = self.expect("(").start
        params: list[tree.Local] = []
        self.skip_newlines()
        while self.kind != ")":
            token = self.identifier("BCP015", "Expected a variable identifier at this location.")
            params.append(tree.Local(token.start, token.value, self.type()))
            self.skip_newlines()
            if self.kind != ",":
                break
            self.take()
            self.skip_newlines()
        self.expect(")")
        returns = self.type()
        return tree.Lambda(start, tuple(params), self.lambda_body(), returns)

    def _text(self, code: str, message: str) -> tree.Node:
        if self.kind not in (STRING, STRING_LEFT):
            raise Expected(self.current, code, message)
        return self.string()

    def _resource(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._name_or_gap("BCP017", "resource")
        type_ = self.recover(lambda: self._text(*_TYPE_EXPECTED), "=", NEWLINE)
        existing = self.at_word("existing")
        if existing:
            self.take()
        self.recover(self._equals, "{", NEWLINE)
        body = self.recover(self._declared_body(resources=True), NEWLINE)
        return tree.ResourceDecl(start, decorators, name.value, name.start, type_, existing, body)

    def nested_resource(self) -> tree.Node:
        """Parse a resource declaration inside a resource body."""
        decorators = self.decorators()
        if not self.at_word("resource"):
            raise Expected(self.current, "BCP266", "Expected a resource declaration after the decorator.")
        return self._resource(decorators)

    def _module(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._name_or_gap("BCP096", "module")
        path = self.recover(lambda: self._text(*_PATH_EXPECTED), "=", NEWLINE)
        self.recover(self._equals, "{", NEWLINE)
        body = self.recover(self._declared_body(resources=False), NEWLINE)
        return tree.ModuleDecl(start, decorators, name.value, name.start, path, body)

    def _declared_body(self, *, resources: bool) -> Callable[[], tree.Node]:
        def body() -> tree.Node:
            self._nested_allowed = resources
            if self.kind == NEWLINE and self.ahead().value == "if":
                self.skip_newlines()
            if self.kind == "[":
                return self.for_loop(resource=True)
            return self.resource_body()

        return body

    def resource_body(self, *, loop: bool = False) -> tree.Node:
        """Parse ``{ }`` or ``if (...) { }``."""
        resources = self._nested_allowed
        token = self.current
        if token.kind == "{":
            return self.object(resources=resources)
        if not self.at_word("if"):
            raise Expected(token, "BCP130" if loop else "BCP167", _BODY_EXPECTED)
        self.take()
        if self.kind != "(":
            raise Expected(self.current, "BCP018", 'Expected the "(" character at this location.')
        condition = self.recover(self._parenthesised, "{", NEWLINE)
        return tree.If(token.start, condition, self.object(resources=resources))

    def _test(self, decorators: Decorators) -> tree.Declaration:
        start, name = self._head("BCP346", "test")
        path = self._text("BCP347", "Expected a test path string at this location.")
        self.expect("=")
        return tree.TestDecl(start, decorators, name.value, name.start, path, self.object())

    def _import(self, decorators: Decorators) -> tree.Declaration:
        start = self.take().start
        if self.kind in (STRING, STRING_LEFT):
            return self._extension_rest(start, decorators)
        items: tuple[tree.ImportItem, ...] = ()
        name, name_start, wildcard = "", self.current.start, self.kind == "*"
        if wildcard:
            self.take()
            self.expect_word("as")
            alias = self.identifier("BCP356", "Expected a valid namespace identifier at this location.")
            name, name_start = alias.value, alias.start
        elif self.kind == "{":
            self.take()
            found = self.elements("}", self._import_item)
            self.expect("}")
            items = tuple(item for item in found if isinstance(item, tree.ImportItem))
        else:
            raise Expected(
                self.current,
                "BCP354",
                "Expected left brace ('{') or asterisk ('*') character at this location.",
            )
        self.expect_word("from")
        path = self._text(*_PATH_EXPECTED)
        return tree.ImportDecl(start, decorators, name, name_start, items, wildcard, path)

    def _import_item(self) -> tree.Node:
        token = self.current
        if token.kind == STRING:
            name = self.string().segments[0]
        else:
            message = "Expected the name of an exported symbol at this location."
            name = self.identifier("BCP355", message).value
        if self.at_word("as"):
            self.take()
            alias = self.identifier("BCP279", "Expected a type at this location.")
            return tree.ImportItem(token.start, name, alias.value, alias.start)
        if token.kind == STRING:
            raise Expected(
                token,
                "BCP375",
                "An import list item that identifies its target with a quoted string "
                "must include an 'as <alias>' clause.",
            )
        return tree.ImportItem(token.start, name, name, token.start)

    def _extension(self, decorators: Decorators) -> tree.Declaration:
        return self._extension_rest(self.take().start, decorators)

    def _extension_rest(self, start: int, decorators: Decorators) -> tree.Declaration:
        specification: tree.Node
        if self.kind == IDENTIFIER:
            token = self.take()
            specification = tree.Name(token.start, token.value)
        else:
            specification = self._text("BCP201", "Expected an extension specification string.")
        config = None
        if self.at_word("with"):
            self.take()
            config = self.object()
        name, name_start = "", start
        if self.at_word("as"):
            self.take()
            alias = self.identifier("BCP202", "Expected an extension alias name at this location.")
            name, name_start = alias.value, alias.start
        return tree.ExtensionDecl(start, decorators, name, name_start, specification, config)

    def _using(self, decorators: Decorators) -> tree.Declaration:
        start = self.take().start
        if self.at_word("none"):
            self.take()
            return tree.UsingDecl(start, decorators, "", start, None)
        path = self._text("BCP358", "This declaration is missing a template file path reference.")
        return tree.UsingDecl(start, decorators, "", start, path)

    def _extends(self, decorators: Decorators) -> tree.Declaration:
        start = self.take().start
        message = 'The "extends" declaration is missing a bicepparam file path reference'
        return tree.ExtendsDecl(start, decorators, "", start, self._text("BCP404", message))
