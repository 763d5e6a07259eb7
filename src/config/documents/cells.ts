import type { TreeSyntax } from '../reading';
import { syntaxOf } from '../syntax/parse';
import { under } from '../syntax/table';
import { countWhile } from '../syntax/search';

/** A cell of a notebook that holds code. */
export interface Cell {
  text: string;
  /** The language of the cell, or of the kernel; defaults to `python`. */
  language: string;
  /** One-based, among cells of every kind. */
  number: number;
}

/** A part of a document's text that a cell contains unchanged. */
export interface CellPart {
  /** Offset in the text. */
  at: number;
  length: number;
  cell: number;
  /** Offset in the cell. */
  offset: number;
}

/** A document made of the code of cells. Text outside of `parts` is in no cell. */
export interface CellsText {
  text: string;
  readonly syntax: TreeSyntax;
  parts: CellPart[];
  /** Whether IPython expands Python's variables in this text. */
  readonly isExpanded: boolean;
}

/**
 * Magics that receive a whole cell, and its syntax. Cells with other magics (`%%…`) are not read.
 * @see https://ipython.readthedocs.io/en/stable/interactive/magics.html
 */
const CELL_MAGIC = /^\s*%%(\S+)[ \t]*(.*)(?:\n|$)/;
const SHELL_MAGICS: ReadonlySet<string> = new Set(['bash', 'sh', 'shell', 'system', 'sx', '!']);
const PYTHON_MAGICS: ReadonlySet<string> = new Set(['time', 'timeit', 'capture', 'prun', 'python', 'python3']);
const FILE_MAGICS: ReadonlySet<string> = new Set(['writefile', 'file']);
/** `%%script --bg bash`: a shell that runs the cell, after options and their values. */
const SHELL_SCRIPT = /^(?:--(?:out|err|proc)[ =]\S+[ \t]+|--\S+[ \t]+)*(?:\S*\/)?(?:ba|z|da|k)?sh(?!\S)/;

/** `%cd x`, `?len`, `files = %ls`: for IPython, not for Python. */
const LINE_MAGIC = /^[ \t]*(?:%{1,2}[A-Za-z]|\?)/;
const CAPTURED = /^[ \t]*\w[\w, ]*=[ \t]*%(?=[A-Za-z])/;
/** `%env A=16`, `os.environ["A"] = "16"`: variables of the shells that the notebook starts. */
const ENVIRONMENT = /%(?:set_)?env[ \t]+(\w+)|\benviron(?:\[|\.setdefault\()["'](\w+)["']|\bputenv\(["'](\w+)/g;
/** `files = `, in front of what IPython runs: it sets this name. */
const TARGET = /^[ \t]*\w[\w, ]*=(?=[ \t]*[!%])/;
/** `!pip install x`, `files = !ls`, `%sx ls`: what stands before the command. */
const COMMAND = /^[ \t]*(?:\w[\w, ]*=[ \t]*(?=!))?(?:!+(?!=)|%(?:sx|system)\b)[ \t]*(?=[^\s=])/;
/** `%run train.py --rank 8`: a program of Python's. */
const RUN = /^[ \t]*%run[ \t]+(?=\S)/;

const BRACES = /(?<!\$)\{([^{}\n]+)\}/g;
/** A Python expression in braces that a shell would split. A shell's own group has `;`, and JSON has a key. */
const PYTHON = /^(?=.*[\s"'()])(?!.*;|\s*(?:"[^"]*"|'[^']*')\s*:)/;
/** `"--v2" if is_v2 else ""`: a string that is a flag, or empty. */
const FLAGS = /["']\s*-|""|''/;

/**
 * `{"--v2" if is_v2 else ""}`, `{rate * 2}`: Python, which IPython evaluates before the shell reads the command. It is
 * replaced by a shell variable of the same length, which may hold more words or a value. `{rank}` stays.
 */
function withoutExpressions(text: string): string {
  return text.replace(BRACES, (whole, inside: string) => {
    if (!PYTHON.test(inside) || whole.length < PLACE.length) return whole;
    const name = FLAGS.test(inside) ? 'args' : 'code';
    return `$${'_'.repeat(whole.length - PLACE.length)}${name}`;
  });
}

const PLACE = '$code';

/** What {@link withoutExpressions} leaves. */
export const PUT_IN = /^\$_*(?:args|code)$/;

const SYNTAXES: Readonly<Record<string, TreeSyntax>> = {
  python: 'python',
  python3: 'python',
  shellscript: 'shell',
  bash: 'shell',
  sh: 'shell',
  yaml: 'yaml',
  json: 'json',
  toml: 'toml',
  powershell: 'powershell',
};

/**
 * The texts in the code cells of a notebook:
 * - all Python as one program, so that a value of one cell is known in the next
 * - each command behind `!`
 * - each file that `%%writefile` makes
 * - each cell of another language
 */
export function cellTexts(cells: readonly Omit<Cell, 'number'>[]): CellsText[] {
  const all: CellsText[] = [];
  const open = (syntax: TreeSyntax, isExpanded = false): CellsText => {
    const one: CellsText = { text: '', syntax, parts: [], isExpanded };
    all.push(one);
    return one;
  };
  const python = open('python');
  for (const [cell, { text, language }] of cells.entries()) {
    const [magic = '', name = '', args = ''] = CELL_MAGIC.exec(text) ?? [];
    const isShell = SHELL_MAGICS.has(name) || (name === 'script' && SHELL_SCRIPT.test(args));
    const isFile = FILE_MAGICS.has(name);
    const isLeftOut = name !== '' && !isShell && !isFile && !PYTHON_MAGICS.has(name);
    const file = isFile ? syntaxOf(/(\S+)\s*$/.exec(args)?.[1] ?? '') : null;
    const syntax = isShell ? 'shell' : isFile ? file : under(SYNTAXES, language.toLowerCase());
    if (isLeftOut || !syntax || syntax === 'notebook') continue;
    if (syntax === 'python' && !isFile) program(python, () => open('shell', true), text, cell);
    else take(open(syntax), text, cell, isShell || isFile ? magic.length : 0, text.length);
  }
  const set = cells.flatMap(({ text }) => [...text.matchAll(ENVIRONMENT)].flatMap((match) => match.slice(1)));
  const inherited = new Set(set.filter((name) => name !== undefined));
  for (const one of all) if (one.syntax === 'shell' && inherited.size > 0) inherit(one, inherited);
  return all.filter(({ text }) => text.trim() !== '');
}

/** A cell of Python without its magics, and its commands. */
function program(python: CellsText, shell: () => CellsText, text: string, cell: number): void {
  let asShell: string | null = null;
  /** The command that goes on in this line. */
  let open: CellsText | null = null;
  // Asking the gathered text itself would join all its pieces again for every cell.
  let endsLine = true;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed + 1;
    const line = text.slice(start, end);
    endsLine = true;
    const run = open ? undefined : RUN.exec(line)?.[0];
    const mark = open ? '' : (run ?? COMMAND.exec(line)?.[0]);
    if (mark !== undefined) {
      // Each command has its own shell, so variables do not carry over.
      const command: CellsText = open ?? shell();
      if (run !== undefined) command.text += 'python ';
      asShell ??= withoutExpressions(text);
      take(command, asShell, cell, start + mark.length, end);
      open = /\\\s*$/.test(line) ? command : null;
      python.text += withoutCommand(line);
    } else if (LINE_MAGIC.test(line) || CAPTURED.test(line)) python.text += withoutCommand(line);
    else {
      take(python, text, cell, start, end);
      endsLine = feed !== -1;
    }
    start = end;
  }
  if (!endsLine) python.text += '\n';
}

/** Replaces a line that IPython runs: `files = !ls` becomes `files = _`, an unknown value. */
function withoutCommand(line: string): string {
  const [target] = TARGET.exec(line) ?? [];
  return target === undefined ? '\n' : `${target} _\n`;
}

/** Adds a part of a cell. */
function take(to: CellsText, text: string, cell: number, start: number, end: number): void {
  const last = to.parts.at(-1);
  const isNext = last?.cell === cell && last.offset + last.length === start && last.at + last.length === to.text.length;
  if (last && isNext) last.length += end - start;
  else if (end > start) to.parts.push({ at: to.text.length, length: end - start, cell, offset: start });
  to.text += text.slice(start, end);
}

/** Puts `A=$(printenv A); ` in front, because the notebook's shells inherit A: `${A:-8}` is unknown, not 8. */
function inherit(shell: CellsText, names: ReadonlySet<string>): void {
  const used = new Set(shell.text.match(/\w+/g)?.filter((name) => names.has(name)));
  const before = [...used].map((name) => `${name}=$(printenv ${name}); `).join('');
  shell.text = before + shell.text;
  shell.parts = shell.parts.map((part) => ({ ...part, at: part.at + before.length }));
}

/** From a range of the text to a cell and a range in it; null if the range is in several cells, or in none. */
export function placeInCell(
  { parts }: Pick<CellsText, 'parts'>,
  { start, end }: { start: number; end: number },
): { cell: number; start: number; end: number } | null {
  const part = parts[countWhile(parts, ({ at }) => at <= start) - 1];
  if (!part || end > part.at + part.length) return null;
  const shift = part.offset - part.at;
  return { cell: part.cell, start: start + shift, end: end + shift };
}
