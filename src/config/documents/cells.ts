import type { TreeSyntax } from '../reading';
import { syntaxOf } from '../syntax/parse';
import { under } from '../syntax/table';

export interface Cell {
  text: string;
  /** The language of the cell, or of the kernel; defaults to `python`. */
  language: string;
  /** One-based, among cells of every kind. */
  number: number;
}

/** A document made of the code of cells. Text outside of `parts` is in no cell. */
export interface CellsText {
  text: string;
  syntax: TreeSyntax;
  /** What cells contain unchanged: the offset in the text, the length, the index of the cell, the offset in the cell. */
  parts: { at: number; length: number; cell: number; offset: number }[];
  /** Whether IPython puts values of Python into this text. */
  isExpanded: boolean;
  /** Whether it is a list of magics, one a line, and no script. */
  isMagic: boolean;
}

/**
 * Magics that receive a whole cell, and its syntax. Cells with other magics (`%%…`) are not read.
 * @see https://ipython.readthedocs.io/en/stable/interactive/magics.html
 */
const CELL_MAGIC = /^\s*%%(\S+)[ \t]*(.*)(?:\n|$)/;
const SHELL_MAGIC = /^(?:bash|sh|shell|system|sx|!|script (?:ba|z)?sh)(?!\S)/;
const PYTHON_MAGIC = /^(?:time|timeit|capture|prun|python3?)$/;
const FILE_MAGIC = /^(?:writefile|file)$/;

/**
 * A line for IPython, not for Python: `%cd x`, `?len`, `files = %ls`; behind `!pip install x`, `files = !ls` and `%sx ls`
 * a command, and `%run train.py --rank 8` as well.
 */
const MAGIC =
  /^([ \t]*\w[\w, ]*=)?[ \t]*(?:(?:(!+(?!=)|%(?:sx|system)\b)[ \t]*(?=[^\s=]))|(?=(%run[ \t]+)\S)|(?=(%{1,2}[A-Za-z]))|\?)/;

const BRACES = /(?<!\$)\{([^{}\n]*)\}/g;
/** What a shell reads in braces: a group of commands, JSON, numbers. */
const NO_PYTHON = /;|^\s*(?:"[^"]*"|'[^']*')\s*:|^[^A-Za-z]*$/;

/** `"--v2" if is_v2 else ""`: a string that is a flag, or empty. */
const FLAGS = /["']\s*-|""|''/;

const SYNTAXES: Readonly<Record<string, TreeSyntax>> = {
  ...{ python: 'python', python3: 'python', shellscript: 'shell', bash: 'shell', sh: 'shell' },
  ...{ yaml: 'yaml', json: 'json', toml: 'toml', powershell: 'powershell' },
};

/**
 * The texts in the code cells of a notebook:
 * - all Python as one program, so that a value of one cell is known in the next
 * - each command behind `!`* - each file that`%%writefile` makes
 * - each cell of another language
 */
export function cellTexts(cells: readonly Omit<Cell, 'number'>[]): CellsText[] {
  const all: CellsText[] = [];
  const open = (syntax: TreeSyntax, isExpanded = false, isMagic = false): CellsText => {
    const one: CellsText = { text: '', syntax, parts: [], isExpanded, isMagic };
    all.push(one);
    return one;
  };
  const python = open('python');
  const magics = open('shell', true, true);
  for (const [cell, { text, language }] of cells.entries()) {
    const [magic = '', name = '', args = ''] = CELL_MAGIC.exec(text) ?? [];
    const isShell = SHELL_MAGIC.test(`${name} ${args}`);
    const isFile = FILE_MAGIC.test(name);
    const file = isFile ? syntaxOf(/(\S+)\s*$/.exec(args)?.[1] ?? '') : null;
    const syntax = isShell ? 'shell' : isFile ? file : under(SYNTAXES, language.toLowerCase());
    const isLeftOut = name !== '' && !isShell && !isFile && !PYTHON_MAGIC.test(name);
    if (isLeftOut || isFile) take(magics, text, cell, 0, magic.length);
    if (isLeftOut || !syntax || syntax === 'notebook') continue;
    if (syntax === 'python' && !isFile) program(python, magics, () => open('shell', true), text, cell);
    else take(open(syntax), text, cell, isShell || isFile ? magic.length : 0, text.length);
  }
  return all.filter(({ text }) => text.trim() !== '');
}

/** A cell of Python without its magics, and its commands. Each command has its own shell. */
function program(python: CellsText, magics: CellsText, shell: () => CellsText, text: string, cell: number): void {
  const asShell = text.includes('{') ? withoutExpressions(text) : text;
  /** The command that goes on in this line. */
  let open: CellsText | null = null;
  let endsLine = true;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed + 1;
    const line = text.slice(start, end);
    const [magic, target, bang, run, other] = (open ? undefined : MAGIC.exec(line)) ?? [];
    const isCommand = open !== null || bang !== undefined || run !== undefined;
    if (isCommand) {
      const command: CellsText = open ?? shell();
      take(command, asShell, cell, start + (magic?.length ?? 0), end);
      open = /\\\s*$/.test(line) ? command : null;
    }
    if (other !== undefined) take(magics, text, cell, start + (magic?.length ?? 0), end);
    // `files = !ls` becomes `files = _`, an unknown value.
    if (isCommand || magic !== undefined) python.text += target === undefined ? '\n' : `${target} _\n`;
    else take(python, text, cell, start, end);
    endsLine = isCommand || magic !== undefined || feed !== -1;
    start = end;
  }
  if (!endsLine) python.text += '\n';
}

/**
 * `{rank}`, `{rate * 2}`, `{"--v2" if is_v2 else ""}`: Python, which IPython evaluates before the shell reads the command.
 * It is replaced by a shell variable of the same length that nothing sets.
 */
function withoutExpressions(text: string): string {
  return text.replace(BRACES, (whole, inside: string) => {
    if (NO_PYTHON.test(inside)) return whole;
    const name = FLAGS.test(inside) ? 'args' : '';
    return `$${'_'.repeat(whole.length - 1 - name.length)}${name}`;
  });
}

function take(to: CellsText, text: string, cell: number, start: number, end: number): void {
  const last = to.parts.at(-1);
  const isNext = last?.cell === cell && last.offset + last.length === start && last.at + last.length === to.text.length;
  if (last && isNext) last.length += end - start;
  else if (end > start) to.parts.push({ at: to.text.length, length: end - start, cell, offset: start });
  to.text += text.slice(start, end);
}
