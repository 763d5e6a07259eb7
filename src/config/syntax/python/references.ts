import * as l10n from '@vscode/l10n';
import { bareScalar, type SyntaxNode } from '../tree';
import { childrenOf, memberName, partName } from './bindings';
import { rangeOf, type Leaves } from './leaves';
import { argumentsOf, givenIn, givenTo, meaningOf, ownerOf } from './names';
import { optionsOf, PARSERS, type Option } from './options';
import { lastName } from './outline';
import type { Binding, Expression, Scope } from './scope';

/** The largest number of names through which an object is followed. */
const MOST_NAMES = 3;

/** Follows names to what they stand for in the same text: variables that are set once, and defaults of options. */
export class References {
  private options: ReadonlyMap<string, Option | null> | null = null;

  constructor(
    private readonly leaves: Leaves,
    private readonly evaluate: (expression: Expression) => SyntaxNode,
  ) {}

  /** What a variable was assigned, seen from where it is used. */
  name(expression: Expression): SyntaxNode {
    const name = this.leaves.source(expression);
    const meaning = meaningOf(this.leaves.outline, name, expression.from);
    const unknown = this.leaves.unresolved(expression);
    if (meaning.kind !== 'bound') return unknown;
    const { value, kind, path, nameRange } = meaning.binding;
    if (path !== undefined) return { ...unknown, unresolved: path };
    if (!value || kind !== 'assigned') return unknown;
    const where = this.leaves.where(nameRange.start);
    return this.leaves.followed(expression, this.evaluate(value), {
      alsoUsedIn: (lines) => l10n.t`${name}, set in ${where}, is also used in ${lines}.`,
      uses: this.leaves.uses.ofVariable(meaning.binding),
    });
  }

  /** `args.rank`: the default of an option, which a command line may override. The parts of other objects are unknown. */
  member(expression: Expression): SyntaxNode {
    const { text, outline } = this.leaves;
    const unknown = this.leaves.unresolved(expression);
    const path = this.leaves.path(expression);
    if (path !== memberName(text, expression)) return { ...unknown, unresolved: path };
    const [object] = childrenOf(expression);
    const part = partName(text, expression) ?? '';
    if (object?.name !== 'VariableName' || !expression.getChild('PropertyName')) return unknown;
    this.options ??= optionsOf(text, outline);
    const option = this.options.get(part);
    const { anyName, anyOption, parts } = outline.tampering;
    if (!option || anyName || anyOption || parts.has(part) || !this.isParsed(object)) return unknown;
    const { label, defaultValue, place } = option;
    const where = this.leaves.where(place.start);
    const message = l10n.t`This is ${label}; its default is in ${where}, and a value given when the script is started wins.`;
    const lock = { code: 'default-option', message };
    if (typeof defaultValue === 'boolean') return bareScalar(text, rangeOf(expression), defaultValue, lock);
    const node = this.evaluate(defaultValue);
    const isKnown = node.kind === 'scalar' && node.unresolved === undefined && node.value !== null;
    return isKnown ? bareScalar(text, rangeOf(expression), node.value, lock) : unknown;
  }

  /**
   * Whether an object is the parsed command line: the result of a parser, or of a function of this text that returns
   * one, or a parameter that every call in this text gives one.
   */
  private isParsed(object: Expression, depth = 0): boolean {
    const { text, outline } = this.leaves;
    if (depth > MOST_NAMES) return false;
    if (object.name === 'MemberExpression' && object.firstChild?.name === 'CallExpression') {
      return this.isParsed(object.firstChild, depth);
    }
    const name = lastName(text, object.name === 'CallExpression' ? object.firstChild : object);
    if (object.name === 'CallExpression') {
      const own = object.firstChild?.name === 'VariableName' ? functionsCalled(outline.functions, name) : [];
      if (own.length === 0) return PARSERS.has(name) && this.takesCommandLine(object);
      return own.every((scope) => {
        const returned = returnedBy(scope);
        return returned.length > 0 && returned.every((value) => this.isParsed(value, depth + 1));
      });
    }
    const scope = object.name === 'VariableName' ? ownerOf(outline, name, object.from) : null;
    const given = (scope?.bindings.get(name) ?? []).flatMap((binding) =>
      scope && binding.kind === 'parameter'
        ? givenTo(text, outline, scope, name)
        : [binding.value ?? this.unpacked(binding)],
    );
    return given.length > 0 && given.every((value) => value !== null && this.isParsed(value, depth + 1));
  }

  /** Whether a parser reads the command line: its arguments are that, or switches. */
  private takesCommandLine(call: Expression): boolean {
    return givenIn(argumentsOf(this.leaves.text, call)).every(
      (node) => node.name === 'Boolean' || /^(?:\[\]|sys\.argv\b.*)$/.test(this.leaves.source(node)),
    );
  }

  /** `parser.parse_known_args()` for `args` of `args, rest = parser.parse_known_args()`; null for other statements. */
  private unpacked({ from }: Binding): Expression | null {
    let node: Expression | null = this.leaves.outline.tree.resolveInner(from, 1);
    while (node && node.name !== 'AssignStatement') node = node.parent;
    return node?.from === from ? node.lastChild : null;
  }
}

function functionsCalled(functions: readonly Scope[], name: string): Scope[] {
  return functions.filter((scope) => scope.name === name && scope.parent?.kind !== 'class');
}

/** What the `return` statements of a function return. */
function returnedBy({ definition }: Scope): Expression[] {
  const found: Expression[] = [];
  definition?.cursor().iterate(({ name, node }) => {
    if (name === 'ReturnStatement') found.push(node.lastChild ?? node);
  });
  return found;
}
