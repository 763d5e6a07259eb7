import { tooLong } from '../syntax/bounds';
import { parseTree } from '../syntax/python/parse-tree';
import { stringToken } from '../syntax/python/literals';
import { lastName } from '../syntax/python/outline';
import type { Expression, PythonTree } from '../syntax/python/scope';
import { partOf, type Document } from './document';
import { syntaxByLook } from './heredoc';

/** Calls that write a text to a file, or read it as a config: `file.write(text)`, `yaml.safe_load(text)`. */
const TAKES = new Set(['write', 'write_text', 'safe_load', 'full_load', 'load', 'loads', 'create']);
const STRIPS = new Set(['strip', 'lstrip', 'rstrip']);

/**
 * The configs that a program holds as texts between three quotes, and writes to a file or hands to a reader. What holds
 * escapes, or is filled in before it is used, is left out.
 */
export function pythonTexts(program: Document): Document[] {
  const { text } = program;
  if (!text.includes('"""') && !text.includes("'''")) return [];
  if (tooLong(text, 'python') !== null) return [];
  const { tree } = parseTree(text);
  const isTakenFrom = namesTaken(text, tree);
  const found: Document[] = [];
  tree?.iterate({
    enter(at) {
      const token = at.name === 'String' ? stringToken(text.slice(at.from, at.to)) : null;
      if (token?.quotes.length !== 3 || !token.isPlain) return;
      const range = { start: at.from + token.start, end: at.from + token.end };
      const syntax = syntaxByLook(text.slice(range.start, range.end));
      if (syntax && isWritten(text, at.node, isTakenFrom)) found.push(partOf(program, range, syntax));
    },
  });
  return found;
}

/** Tells of a variable whether it {@link isOnlyTaken}. The text is searched for variables when the first is asked for. */
function namesTaken(text: string, tree: PythonTree | null): (name: string) => boolean {
  let variables: Map<string, Expression[]> | null = null;
  const known = new Map<string, boolean>();
  return (name) => {
    variables ??= variablesIn(text, tree);
    const answer = known.get(name) ?? isOnlyTaken(text, variables.get(name) ?? []);
    known.set(name, answer);
    return answer;
  };
}

function variablesIn(text: string, tree: PythonTree | null): Map<string, Expression[]> {
  const variables = new Map<string, Expression[]>();
  tree?.iterate({
    enter(at) {
      if (at.name !== 'VariableName') return;
      const word = text.slice(at.from, at.to);
      const uses = variables.get(word);
      if (uses) uses.push(at.node);
      else variables.set(word, [at.node]);
    },
  });
  return variables;
}

/** Whether a text is taken as it is: there, or by way of a variable. */
function isWritten(text: string, node: Expression, isTakenFrom: (name: string) => boolean): boolean {
  const whole = stripped(text, node);
  if (isTaken(text, whole)) return true;
  const target = whole.parent?.name === 'AssignStatement' && !whole.nextSibling ? whole.parent.firstChild : null;
  return target?.name === 'VariableName' && isTakenFrom(text.slice(target.from, target.to));
}

/** Whether a variable is taken somewhere, and nowhere made into another text. */
function isOnlyTaken(text: string, uses: readonly Expression[]): boolean {
  const wholes = uses.map((use) => stripped(text, use));
  return wholes.some((use) => isTaken(text, use)) && !wholes.some(isChanged);
}

/** The expression that gives the same text: `dedent("""…""")`, `text.strip()`. */
function stripped(text: string, node: Expression): Expression {
  const { parent } = node;
  const call = parent?.parent;
  if (!parent || call?.name !== 'CallExpression') return node;
  const isStripped =
    parent.name === 'MemberExpression' && call.from === parent.from && STRIPS.has(lastName(text, parent));
  const isDedented = parent.name === 'ArgList' && lastName(text, call.firstChild) === 'dedent';
  return isStripped || isDedented ? stripped(text, call) : node;
}

function isTaken(text: string, { parent, prevSibling }: Expression): boolean {
  if (parent?.name !== 'ArgList' || prevSibling?.name !== '(') return false;
  const callee = lastName(text, parent.parent?.firstChild ?? null);
  const isPrinted = callee === 'print' && parent.getChildren('VariableName').some((name) => isFile(text, name));
  return TAKES.has(callee) || isPrinted;
}

/** `print(text, file=f)` */
const isFile = (text: string, { from, to, nextSibling }: Expression): boolean =>
  nextSibling?.name === 'AssignOp' && text.slice(from, to) === 'file';

/** Whether another text is made of a variable: `text.format(…)`, `text % 1`, `text + more`. */
function isChanged({ from, parent }: Expression): boolean {
  return (parent?.name === 'MemberExpression' && parent.from === from) || parent?.name === 'BinaryExpression';
}
