import { forEachChild, type Assignment, type Script, type SyntaxNode, type Word } from 'unbash';

/** Builtins that take `NAME=value` words and change nothing else. */
export const EXPORTING: ReadonlySet<string> = new Set(['export', 'readonly']);
/** Builtins that assign every variable that their words name. */
const NAMING = new Set('declare typeset local let unset read mapfile readarray getopts'.split(' '));
/** Builtins that assign a variable if they get this option. */
const NAMING_WITH: Readonly<Record<string, string>> = { printf: '-v', wait: '-p' };
/** Files and programs that only set up an environment: `source venv/bin/activate`, `eval "$(conda shell.bash hook)"`. */
const SETS_UP = /^(?:[^\s;]*\/)?(?:activate|conda\.sh)$|^"?\$\((?:\S*\/)?(?:conda|mamba|micromamba) /;
/** Signals that end a script. After the handler of any other signal the script continues. */
const ENDING = /^(?:EXIT|0|(?:SIG)?(?:HUP|INT|QUIT|TERM))$/i;
/** Variables that builtins assign without a name. */
const UNNAMED = ['REPLY', 'MAPFILE', 'OPTARG', 'OPTIND', 'COPROC'];
/** Keys for the arguments of the script after `set -- 8` and after `shift`. */
export const REPLACED_ARGUMENTS = '$set';
export const SHIFTED_ARGUMENTS = '$shift';
const FLAG = /(?:^|[\s"'(=])--?[A-Za-z]/;
/** `[2]=3` in an array. */
const PLACED = /^\[[^\]]*\]\+?=/;

/** The places of a script that may assign a variable, in the order of the text. */
export class Assigners {
  private readonly byName = new Map<string, number[]>();
  /** Offset of code that may assign any variable: `source settings.sh`. */
  anything: number | null = null;
  /** Variables that are assigned a text with flags. */
  readonly withFlags = new Set<string>();

  add(name: string, offset: number): void {
    const known = this.byName.get(name);
    if (known) known.push(offset);
    else this.byName.set(name, [offset]);
  }

  of(name: string): readonly number[] {
    return this.byName.get(name) ?? [];
  }
}

/**
 * Finds what may assign a variable of bash: `NAME=value`, but also `((NAME += 1))`, `read NAME`, `eval`. Nothing is
 * evaluated. What depends on more than one value (`A+=1`, `local A=1`) counts twice, so that the variable is unknown.
 * @param at from an offset of the parsed text to an offset of the file
 */
export function assignersIn(script: Script, at: (offset: number) => number): Assigners {
  const found = new Assigners();
  const anything = (pos: number): void => {
    found.anything ??= at(pos);
  };
  const names = (text: string, pos: number): void => {
    for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) found.add(name, at(pos));
  };
  const command = (name: string, words: readonly (Word | Assignment)[], pos: number): void => {
    const [first, ...rest] = words;
    const has = (option: RegExp): boolean => words.some(({ text }) => option.test(text));
    if (/^(?:command|builtin)$/.test(name) && first) command(first.text, rest, pos);
    else if (/^(?:eval|source|\.)$/.test(name) && !SETS_UP.test(first?.text ?? '')) anything(pos);
    else if (name === 'trap' && rest.some(({ text }) => !ENDING.test(text))) anything(pos);
    // `declare -n A=B`: one variable stands for another.
    else if (NAMING.has(name) && has(/^-\w*n/)) anything(pos);
    else if (name === 'shift') found.add(SHIFTED_ARGUMENTS, at(pos));
    else if (name === 'set' && setsArguments(words)) found.add(REPLACED_ARGUMENTS, at(pos));
    const option = NAMING_WITH[name];
    const isNaming = NAMING.has(name) || (option !== undefined && words.some(({ text }) => text.startsWith(option)));
    if (!isNaming && !EXPORTING.has(name)) return;
    for (const word of words) {
      const head = word.text.split('=', 1)[0] ?? '';
      if (!isNaming && word.type === 'Assignment') continue;
      if (/[$`]/.test(name === 'let' ? word.text : head)) anything(pos);
      else if (isNaming || word.text.includes('=')) names(name === 'let' ? word.text : head, pos);
    }
  };
  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'Command': {
        const words = node.suffix.filter((child) => child.type === 'Word' || child.type === 'Assignment');
        if (node.name) command(node.name.value, words, node.name.pos);
        break;
      }
      case 'Assignment': {
        const isPlaced = node.value.type === 'ArrayValue' && node.value.elements.some(({ text }) => PLACED.test(text));
        names(node.name, node.pos);
        if (node.append || node.index || isPlaced) names(node.name, node.pos);
        if (FLAG.test(node.text)) found.withFlags.add(node.name);
        break;
      }
      case 'For':
      case 'Select':
      case 'Coproc':
        names(node.name?.value ?? '', node.pos);
        break;
      case 'FileDescriptorVariable':
        names(node.name, node.pos);
        break;
      case 'ParameterExpansion':
        if (node.operation?.type === 'Default' && node.operation.operator.endsWith('='))
          names(node.parameter, node.pos);
        break;
      case 'ArithmeticBinary':
      case 'ArithmeticUnary': {
        if (!/^(?:(?:[-+*/%&|^]|<<|>>)?=|\+\+|--)$/.test(node.operator)) break;
        const target = node.type === 'ArithmeticBinary' ? node.left : node.operand;
        if (target.type === 'ArithmeticWord' && /^\w/.test(target.value)) names(target.value, node.pos);
        else anything(node.pos);
        break;
      }
      case 'ArithmeticCommand':
        if (!node.expression) names(node.body, node.pos);
        break;
      case 'ArithmeticExpansion':
        if (!node.expression) names(node.text, node.pos);
        break;
      case 'TestBinary':
        // `[[ A=3 -eq 3 ]]`: bash evaluates both sides as arithmetic, and that assigns A.
        if (/^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
          for (const { value, pos } of [node.left, node.right]) if (/=|\+\+|--/.test(value)) names(value, pos);
        }
        break;
      default:
    }
    forEachChild(node, visit);
  };
  visit(script);
  for (const name of UNNAMED) found.add(name, 0);
  return found;
}

/** `set -- a b`; `set -euo pipefail` sets options alone. */
function setsArguments(words: readonly { text: string }[]): boolean {
  return words.some(({ text }, i) => !/^[-+]\w/.test(text) && !/^[-+]\w*o$/.test(words[i - 1]?.text ?? ''));
}
