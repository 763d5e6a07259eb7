import * as l10n from '@vscode/l10n';
import { forEachChild, parse, type Assignment, type Command, type SyntaxNode, type Word } from 'unbash';
import { countWhile } from '../../../recipe/search';
import type { Parsed } from '../tree';
import { ARGUMENTS, Expander } from './expand';
import { Assigners, Script, type Held } from './script';

/** Builtins that run no program, so their words are not flags. */
const SILENT = new Set('[ test : eval unset read mapfile readarray getopts printf let trap set'.split(' '));
const DECLARING = /^(?:export|readonly|declare|typeset|local)$/;
/** Builtins that may assign every variable that their words name. */
const NAMED = /^(?:declare|typeset|local|let|unset|read|mapfile|readarray|getopts|command|builtin)$/;
/** Builtins that assign a variable if they get this option. */
const OPTIONS: Readonly<Record<string, string>> = { printf: '-v', wait: '-p' };
/** Files and programs that only set up an environment: `source venv/bin/activate`, `eval "$(conda shell.bash hook)"`. */
const SETS_UP = /^(?:[^\s;]*\/)?(?:activate|conda\.sh)$|^"?\$\((?:\S*\/)?(?:conda|mamba|micromamba) /;
/** Signals that end a script. After the handler of any other signal the script continues. */
const ENDING = /^(?:EXIT|0|(?:SIG)?(?:HUP|INT|QUIT|TERM))$/i;
/** Variables that builtins assign without a name. */
const UNNAMED = ['REPLY', 'MAPFILE', 'OPTARG', 'OPTIND', 'COPROC'];
const FLAG = /(?:^|[\s"'(=])--?[A-Za-z]/;
/** Arithmetic that assigns, and one whose target is computed: `$N = 3`. */
const ASSIGNS = /=|\+\+|--/;
const ASSIGNS_ANY = /[$`]\S{0,99}\s{0,9}(?:\S?=|\+\+|--)|(?:\+\+|--)\s{0,9}\$/;

/** Code that may not run, may run again, or has its own variables. */
const BLOCKS = new Set('Elif For Select While CaseItem Function Subshell ArithmeticFor Coproc'.split(' '));
const LISTS = new Set('Script CompoundList Statement AndOr Pipeline Redirected If BraceGroup Case'.split(' '));

/**
 * Parse a shell script: one root for each command with flags, in the order of the text, and a last one for
 * the script's assignments. Never throws, and never runs anything.
 * @param other of a script in another language: text of bash that is as long, and what may assign variables
 */
export function parseShell(
  source: string,
  programs?: ReadonlySet<string>,
  other?: { text: string; assigners: Assigners },
): Parsed {
  const { text: whole, assigners } = other ?? { text: source };
  const lead = whole.startsWith('\uFEFF') ? 1 : 0;
  // Offsets in the new text of line feeds whose carriage return was removed.
  const feeds: number[] = [];
  const text = whole.slice(lead).replace(/\r\n/g, (_, index: number) => {
    feeds.push(index - feeds.length);
    return '\n';
  });
  // After a final backslash, the parser's range is one character too long.
  const at = (offset: number): number => {
    const own = Math.min(offset, text.length);
    return own + lead + countWhile(feeds, (feed) => feed < own);
  };
  const parsed = parse(text);
  const [error] = parsed.errors ?? [];
  if (error) {
    return { ok: false, offset: at(error.pos), message: l10n.t`This is not a valid shell script: ${error.message}.` };
  }
  const script = new Script(source, whole, assigners ?? assignersIn(text, parsed, at), programs);
  readIn(script, new Expander(script, at), parsed);
  return script.parsed();
}

/**
 * Finds what may assign a variable: `NAME=value`, but also `((NAME += 1))`, `read NAME`, `eval`. Nothing is evaluated.
 * What depends on more than one value (`A+=1`, `local A=1`) counts twice, so that the variable is unknown.
 */
function assignersIn(source: string, script: SyntaxNode, at: (offset: number) => number): Assigners {
  const found = new Assigners();
  const anything = (pos: number): void => {
    found.anything ??= at(pos);
  };
  const names = (text: string, pos: number): void => {
    for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) found.add(name, at(pos));
  };
  const arithmetic = (pos: number, end: number): void => {
    const text = source.slice(pos, end);
    if (ASSIGNS_ANY.test(text)) anything(pos);
    if (ASSIGNS.test(text)) names(text, pos);
  };
  const command = (name: string, words: readonly (Word | Assignment)[], pos: number): void => {
    const has = (option: RegExp): boolean => words.some(({ text }) => option.test(text));
    if (/^(?:eval|source|\.)$/.test(name) && !SETS_UP.test(words[0]?.text ?? '')) anything(pos);
    else if (name === 'trap' && words.slice(1).some(({ text }) => !ENDING.test(text))) anything(pos);
    // `declare -n A=B`: one variable stands for another. `command eval`: another builtin does its work.
    else if (NAMED.test(name) && has(/^-\w*n|^(?:eval|source|\.)$/)) anything(pos);
    // `set -- a b`; `set -euo pipefail` sets options alone.
    else if (name === 'set' && words.some(({ text }, i) => !/^[-+]\w/.test(text) && !isOption(words[i - 1]))) {
      found.add(ARGUMENTS, at(pos));
    }
    const option = OPTIONS[name];
    const isNamed = NAMED.test(name) || (option !== undefined && words.some(({ text }) => text.startsWith(option)));
    if (!isNamed && !DECLARING.test(name)) return;
    for (const word of words) {
      const head = name === 'let' ? word.text : (word.text.split('=', 1)[0] ?? '');
      if (!isNamed && word.type === 'Assignment') continue;
      if (/[$`]/.test(head)) anything(pos);
      else if (isNamed || word.text.includes('=')) names(head, pos);
    }
  };
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command' && node.name) {
      const words = node.suffix.filter((child) => child.type === 'Word' || child.type === 'Assignment');
      command(node.name.value, words, node.name.pos);
    } else if (node.type === 'Assignment') {
      names(node.name, node.pos);
      // `[2]=3` in an array
      const isPlaced = node.value.type === 'ArrayValue' && node.value.elements.some(({ text }) => /^\[.*=/.test(text));
      if (node.append || node.index || isPlaced) names(node.name, node.pos);
      if (FLAG.test(node.text)) found.withFlags.add(node.name);
    } else if (node.type === 'For' || node.type === 'Select' || node.type === 'Coproc') {
      names(node.name?.value ?? '', node.pos);
    } else if (node.type === 'FileDescriptorVariable') names(node.name, node.pos);
    else if (node.type === 'ParameterExpansion') {
      if (node.operation?.type === 'Default' && node.operation.operator.endsWith('=')) names(node.parameter, node.pos);
    } else if (/^Arithmetic(?:Command|Expansion|For)$/.test(node.type)) {
      arithmetic(node.pos, node.type === 'ArithmeticFor' ? node.body.pos : node.end);
    }
    // `[[ A=3 -eq 3 ]]`: bash evaluates both sides as arithmetic.
    else if (node.type === 'TestBinary' && /^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
      arithmetic(node.left.pos, node.right.end);
    }
    forEachChild(node, visit);
  };
  visit(script);
  for (const name of UNNAMED) found.add(name, 0);
  return found;
}

const isOption = (word: { text: string } | undefined): boolean => /^[-+]\w*o$/.test(word?.text ?? '');

/** Collects the commands and variables of a script, from its first line to its last. */
function readIn(script: Script, expander: Expander, top: SyntaxNode): void {
  const read = (node: SyntaxNode): void => {
    if (node.type === 'Command') command(node);
    else if (BLOCKS.has(node.type)) script.block(() => children(node), node.type === 'Function');
    else if (LISTS.has(node.type)) children(node);
  };
  const children = (node: SyntaxNode): void => {
    // What follows the first command of a list runs only if the commands before it succeed, or fail.
    const isConditional = node.type === 'AndOr' || node.type === 'If';
    const isOwnShell =
      (node.type === 'Pipeline' && node.commands.length > 1) || (node.type === 'Statement' && node.background);
    let isFirst = true;
    forEachChild(node, (child) => {
      if (isOwnShell || (isConditional && !isFirst)) script.block(() => read(child));
      else read(child);
      isFirst = false;
    });
  };
  const command = ({ name, prefix, suffix, redirects, end }: Command): void => {
    const given = suffix.filter((node) => node.type === 'Word');
    if (!name || DECLARING.test(name.value)) {
      for (const node of [...prefix, ...suffix]) if (node.type === 'Assignment') assign(node, !name);
    } else if (name.value === 'read') {
      // `read -r -d '' FLAGS <<EOF`: the variable holds the heredoc.
      const [heredoc, more] = redirects.filter((node) => node.type === 'HereDoc');
      const variable = given.at(-1);
      const isWhole = /^(?:-r -d|-rd) (?:''|"") [A-Za-z_]\w*$/.test(given.map(({ text }) => text).join(' '));
      if (!variable || !heredoc || more || !isWhole) return;
      const range = expander.rangeOf(variable);
      const held = (): Held => ({ words: [{ range, pieces: expander.body(heredoc) }], isList: false });
      script.assign(variable.value, range, held);
    } else if (!SILENT.has(name.value)) {
      script.run(expander.words([name, ...given]), expander.rangeOf({ pos: name.pos, end }));
    }
  };
  const assign = ({ name, value, pos }: Assignment, isOwn: boolean): void => {
    const range = expander.rangeOf({ pos, end: pos + name.length });
    const held = (): Held =>
      value.type === 'ArrayValue'
        ? { words: expander.words(value.elements), isList: true }
        : { words: [{ range, pieces: expander.pieces(value) }], isList: false };
    script.assign(name, range, held, isOwn);
  };
  read(top);
}
