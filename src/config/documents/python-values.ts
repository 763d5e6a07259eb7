import { COMMAND } from '../syntax/command';
import { parseText } from '../syntax/parse';
import { plainScalar } from '../syntax/scalars';
import type { Lock, ScalarNode, SyntaxNode } from '../syntax/tree';
import { CHOSEN } from './cells';
import { placeWords, type Document } from './document';

/** `$name` or `{name}`, alone in its word. */
const NAME = /^(?:\$([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/;
/** `{name}`, `{args.rank}`, `{rank * 2}` within a word. */
const EXPRESSION = /\{[A-Za-z_][^{}"']*\}/;

const COMPUTED: Lock = {
  code: 'expression',
  message: "The notebook's Python puts this value in; write a number in its place before it is changed.",
};

/**
 * What IPython puts into the commands behind `!`: the values of Python's variables, where these are set once and to a
 * literal. Any other value is only known when the cell runs.
 * @param python the program of the notebook's cells, if there is one
 */
export function pythonValues(python: Document | undefined): (node: SyntaxNode) => SyntaxNode {
  let known: ReadonlyMap<string, Variable> | null = null;
  const amend = (node: SyntaxNode): SyntaxNode => {
    if (node.kind === 'list') return { ...node, items: node.items.map(amend) };
    if (node.kind === 'map') {
      // Of the program's name what is known is enough.
      const entries = node.entries.map((entry) =>
        entry.key === COMMAND ? entry : { ...entry, value: amend(entry.value) },
      );
      return { ...node, entries };
    }
    const [, dollar, braces] = NAME.exec(node.raw) ?? [];
    const name = dollar ?? braces;
    const isOpen = node.elsewhere !== undefined || EXPRESSION.test(node.raw);
    if (!isOpen || (name === undefined && !EXPRESSION.test(node.raw))) return node;
    known ??= variablesOf(python);
    const variable = name === undefined ? undefined : known.get(name);
    if (variable) return taken(node, variable);
    return { ...node, value: null, elsewhere: CHOSEN.test(node.raw) ? '{…}' : node.raw, lock: lockOf(node, name) };
  };
  return amend;
}

interface Variable {
  name: string;
  /** As Python's `str` gives it. */
  text: string;
  /** `cell 4, line 6`. */
  where: string;
}

function taken({ elsewhere: _, ...node }: ScalarNode, { name, text, where }: Variable): ScalarNode {
  const message = `This value comes from the Python variable ${name}, which is set in ${where}; change it there.`;
  return { ...node, value: plainScalar(text.trim()), lock: { code: 'reference', message } };
}

function lockOf({ lock, raw }: ScalarNode, name: string | undefined): Lock {
  if (CHOSEN.test(raw)) return COMPUTED;
  if (name === undefined) return lock ?? COMPUTED;
  const message = `This value comes from the Python variable ${name}, which is only known when the notebook runs.`;
  return { code: 'reference', message };
}

/** The variables that are set once, to a literal. */
function variablesOf(python: Document | undefined): ReadonlyMap<string, Variable> {
  const parsed = python ? parseText(python.text, 'python') : null;
  const module = parsed?.ok ? parsed.roots[0]?.node : undefined;
  const found = new Map<string, Variable>();
  if (!python || module?.kind !== 'map') return found;
  for (const { key, keyRange, value } of module.entries) {
    if (value.kind !== 'scalar' || value.lock || value.elsewhere !== undefined || value.value === null) continue;
    const text = typeof value.value === 'string' ? value.value : value.raw;
    found.set(key, { name: key, text, where: placeWords(python, keyRange.start) });
  }
  return found;
}
