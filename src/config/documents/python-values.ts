import * as l10n from '@vscode/l10n';
import { parseText } from '../syntax/parse';
import { plainScalar } from '../syntax/scalars';
import {
  commandIn,
  programOf,
  type Program,
  type Command,
  type Entry,
  type Lock,
  type MapNode,
  type ScalarNode,
  type SyntaxNode,
} from '../syntax/tree';
import { withScalars } from '../syntax/with-scalars';
import { PUT_IN } from './cells';
import { placeWords, type Document } from './document';

/** `$name` or `{name}`, alone in its word. */
const NAME = /^(?:\$([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/;
/** `{name}`, `{args.rank}`, `{rank * 2}` within a word. */
const EXPRESSION = /\{[A-Za-z_][^{}"']*\}/;

const COMPUTED: Lock = {
  code: 'expression',
  message: l10n.t("The notebook's Python puts this value in; write a number in its place before it is changed."),
};

/** A variable of Python that is set once, to a literal. */
interface PythonVariable {
  name: string;
  text: string;
  /** `cell 4, line 6`. */
  where: string;
}

/**
 * What IPython puts into the commands behind `!`: the values of Python's variables, where these are set once and to a
 * literal. Any other value is only known when the cell runs.
 * @param python the program of the notebook's cells, if there is one
 */
export function pythonValues(python: Document | undefined): (node: SyntaxNode) => SyntaxNode {
  let variables: PythonVariables | null = null;
  const amend = (node: ScalarNode): ScalarNode => {
    const [, dollar, braces] = NAME.exec(node.raw) ?? [];
    const name = dollar ?? braces;
    const isExpression = EXPRESSION.test(node.raw);
    if (name === undefined && !isExpression) return node;
    variables ??= variablesOf(python);
    const variable = name === undefined ? undefined : variables.known.get(name);
    const isBound = name !== undefined && variables.bound.has(name);
    // Python replaces the name before the shell sees it, so a shell variable of the same name does not matter.
    if (variable) return taken(node, variable);
    // If Python may bind the name in a way that is not followed, the value is unknown, even if the shell sets the name.
    if (node.unresolved === undefined && !isExpression && !isBound) return node;
    const unresolved = PUT_IN.test(node.raw) ? '{…}' : node.raw;
    return { ...node, value: null, unresolved, lock: lockOf(node, isBound ? name : undefined) };
  };
  return (node) => {
    const amended = withScalars(node, amend);
    const command = amended.kind === 'map' ? commandIn(amended) : null;
    if (amended.kind !== 'map' || !command) return amended;
    return withFurther(amended, { ...command, further: command.further.map(amend) });
  };
}

/** `--rank 8 {more}`: what Python puts in behind a value may be further flags, and no part of that value. */
function withFurther(root: MapNode, command: Command): MapNode {
  const further: ScalarNode[] = [...command.further];
  const entries = root.entries.map((entry): Entry => {
    const { value } = entry;
    const items = value.kind === 'list' ? value.items : [];
    const at = items.findIndex((item) => item.kind === 'scalar' && item.unresolved !== undefined);
    const [first] = items;
    if (value.kind !== 'list' || at < 1 || !first) return entry;
    further.push(...items.slice(at).filter((item) => item.kind === 'scalar'));
    return { ...entry, value: at === 1 ? first : { ...value, items: items.slice(0, at) } };
  });
  return { ...root, entries, tag: { ...command, further: further.toSorted((a, b) => a.range.start - b.range.start) } };
}

function taken({ unresolved: _, ...node }: ScalarNode, { name, text, where }: PythonVariable): ScalarNode {
  const also = l10n.t`The Python variable ${name}, set in ${where}, keeps its value.`;
  return { ...node, value: plainScalar(text.trim()), lock: null, origin: { node: null, uses: 0, also } };
}

function lockOf({ lock, raw }: ScalarNode, name: string | undefined): Lock {
  if (PUT_IN.test(raw)) return COMPUTED;
  if (name === undefined) return lock ?? COMPUTED;
  const message = l10n.t`This value comes from the Python variable ${name}, which is only known when the notebook runs.`;
  return { code: 'reference', message };
}

interface PythonVariables {
  /** Those that are set once, to a literal. */
  known: ReadonlyMap<string, PythonVariable>;
  /** All names that the program may bind. */
  bound: { has: (name: string) => boolean };
}

function variablesOf(python: Document | undefined): PythonVariables {
  const parsed = python ? parseText(python.text, 'python') : null;
  const module = parsed?.ok ? parsed.roots[0]?.node : undefined;
  const found = new Map<string, PythonVariable>();
  if (!python || module?.kind !== 'map') return { known: found, bound: new Set(python?.text.match(/\w+/g)) };
  for (const { key, keyRange, value } of module.entries) {
    if (value.kind !== 'scalar' || value.lock || value.unresolved !== undefined || value.value === null) continue;
    const text = typeof value.value === 'string' || value.origin ? String(value.value) : value.raw;
    found.set(key, { name: key, text, where: placeWords(python, keyRange.start) });
  }
  return { known: found, bound: namesIn(programOf(module)) };
}

/** All names that a program binds, in whatever scope: IPython takes those around the command. */
function namesIn(program: Program | null): PythonVariables['bound'] {
  if (!program || program.outline.tampering.anyName) return { has: () => true };
  const names = new Set<string>();
  const open = [program.outline.module];
  for (let scope = open.pop(); scope; scope = open.pop()) {
    for (const name of scope.bindings.keys()) names.add(name);
    open.push(...scope.children);
  }
  return names;
}
