import {
  forEachChild,
  type ArithmeticExpression,
  type Assignment,
  type Command,
  type Script,
  type SyntaxNode,
  type Word,
} from 'unbash';
import { Places, type Assigner } from '../script/places';

/** Builtins that take `NAME=value` words. */
export const DECLARING: ReadonlySet<string> = new Set(['export', 'declare', 'local', 'readonly', 'typeset']);
/** Builtins that assign the variables whose names they get, and the variables they assign without a name. */
const NAMING: Readonly<Record<string, readonly string[]>> = {
  read: ['REPLY'],
  mapfile: ['MAPFILE'],
  readarray: ['MAPFILE'],
  getopts: ['OPTARG', 'OPTIND'],
  unset: [],
  let: [],
  wait: [],
};
/** Builtins that run text or a file in this shell. */
const RUNNING = new Set(['eval', 'source', '.']);
/** Builtins that run the command after them: `command read A`. */
const PASSING = new Set(['command', 'builtin']);
/** Files and programs that only set up an environment: `source venv/bin/activate`, `eval "$(conda shell.bash hook)"`. */
const SETS_UP = /^(?:[^\s;]*\/)?(?:activate|conda\.sh)$|^"?\$\((?:\S*\/)?(?:conda|mamba|micromamba) /;
/** Signals that end a script. After the handler of any other signal the script continues. */
const ENDING = /^(?:EXIT|0|(?:SIG)?(?:HUP|INT|QUIT|TERM))$/i;
/** Attributes that change what a variable holds: `declare -i A=010` stores 8. */
const ATTRIBUTE = /^-\w*[Acilu]/;
const ASSIGNING_OPERATOR = /^(?:[-+*/%&|^]|<<|>>)?=$/;
const IDENTIFIERS = /[A-Za-z_]\w*/g;
/** `[2]=3` in an array. */
const PLACED = /^\[[^\]]*\]\+?=/;
const WHOLE_NAME = /^[A-Za-z_]\w*$/;

/** Key for the arguments of the script, which `set -- 8` and `shift` change. */
export const ARGUMENTS = '@';
/** Key for `$@` as a whole: after `shift`, it still holds the other arguments of the script. */
export const ALL_ARGUMENTS = '@=';

/**
 * Finds what may assign a variable: `NAME=value`, but also `((NAME+=1))`, `${NAME:=1}`, `read NAME`, `eval`. Nothing is
 * evaluated.
 * @param at from an offset of the parsed text to an offset of the file
 */
export function placesIn(script: Script, at: (offset: number) => number, lineAt: (offset: number) => number): Places {
  const visitor = new AssignmentVisitor(at);
  visitor.visit(script);
  return new Places(visitor.found, lineAt, visitor.changesAnywhere ? 'all' : visitor.attributed);
}

class AssignmentVisitor {
  readonly found: Assigner[] = [];
  /**
   * Whether any variable may change anywhere: a variable stands for another (`declare -n`), a signal handler runs, or a
   * function runs another file.
   */
  changesAnywhere = false;
  readonly attributed = new Set<string>();
  private functions = 0;

  constructor(private readonly at: (offset: number) => number) {}

  visit(node: SyntaxNode): void {
    if (node.type === 'Function') this.functions += 1;
    if (node.type === 'Command') this.command(node);
    else {
      this.own(node);
      forEachChild(node, (child) => {
        this.visit(child);
      });
    }
    if (node.type === 'Function') this.functions -= 1;
  }

  private command({ name, prefix, suffix, redirects }: Command): void {
    for (const node of [...prefix, ...suffix]) {
      if (node.type === 'Assignment') this.assignment(node);
      else if (node.type === 'Word') this.visit(node);
    }
    for (const redirect of redirects) this.visit(redirect);
    if (!name) return;
    if (DECLARING.has(name.value)) this.attributes(suffix);
    this.visit(name);
    this.builtin(name, suffix.filter(isWord));
  }

  private assignment(node: Assignment): void {
    this.name(node.name, node.pos);
    // `A+=3`, `A[2]=3` and `A=([2]=3)` also depend on the old value, or on an index.
    const hasPlaces = node.value.type === 'ArrayValue' && node.value.elements.some(({ text }) => PLACED.test(text));
    if (node.append || node.index || hasPlaces) this.attributed.add(node.name);
    if (node.index) this.visit(node.index);
    this.visit(node.value);
  }

  /** The assignment that a node other than a command makes, such as a loop variable. */
  private own(node: SyntaxNode): void {
    switch (node.type) {
      case 'For':
      case 'Select':
        this.name(node.name.value, node.pos);
        return;
      case 'Coproc':
        this.name(node.name?.value ?? 'COPROC', node.pos);
        return;
      case 'FileDescriptorVariable':
        this.name(node.name, node.pos);
        return;
      case 'ParameterExpansion':
        if (node.operation?.type === 'Default' && node.operation.operator.endsWith('=')) {
          this.name(node.parameter, node.pos);
        }
        return;
      case 'ArithmeticBinary':
        if (ASSIGNING_OPERATOR.test(node.operator)) this.target(node.left);
        return;
      case 'ArithmeticUnary':
        if (/^(?:\+\+|--)$/.test(node.operator)) this.target(node.operand);
        return;
      case 'TestBinary':
        // `[[ A=3 -eq 3 ]]`: bash evaluates both sides as arithmetic, and that assigns A.
        if (/^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
          for (const { value, pos } of [node.left, node.right]) if (/=|\+\+|--/.test(value)) this.everyName(value, pos);
        }
        return;
      case 'ArithmeticCommand':
        if (!node.expression) this.everyName(node.body, node.pos);
        return;
      case 'ArithmeticExpansion':
        if (!node.expression) this.everyName(node.text, node.pos);
        return;
      default:
        return;
    }
  }

  private builtin(name: Word, args: readonly Word[]): void {
    const [first, ...rest] = args;
    if (PASSING.has(name.value)) {
      if (first) this.builtin(first, rest);
      return;
    }
    if (textOf(name) === null) return;
    if (RUNNING.has(name.value)) {
      if (!SETS_UP.test(first?.text ?? '')) this.anything(name.pos);
    } else if (name.value === 'trap') {
      if (args.length > 1 && !args.slice(1).every(({ value }) => ENDING.test(value))) this.anythingAnywhere(name.pos);
    } else if (name.value === 'printf') {
      const at = args.findIndex(({ value }) => value.startsWith('-v'));
      const target = args[at]?.value === '-v' ? args[at + 1] : args[at];
      if (target) this.named(target.value.replace(/^-v/, ''), target);
    } else if (DECLARING.has(name.value)) this.declared(name.value, args);
    else if (name.value === 'set' ? setsArguments(args) : name.value === 'shift') {
      this.name(ARGUMENTS, name.pos);
      if (name.value === 'set') this.name(ALL_ARGUMENTS, name.pos);
    } else if (Object.hasOwn(NAMING, name.value)) {
      for (const own of NAMING[name.value] ?? []) this.name(own, name.pos);
      for (const word of args) if (!word.value.startsWith('-')) this.named(word.value, word);
    }
  }

  private attributes(suffix: Command['suffix']): void {
    if (!suffix.some((node) => node.type === 'Word' && ATTRIBUTE.test(node.value))) return;
    for (const node of suffix) {
      if (node.type === 'Assignment') this.attributed.add(node.name);
      else if (node.type === 'Word') this.attributed.add(node.value);
    }
  }

  /** `declare -n A=B`, `local A`, `export $(cat .env)`. */
  private declared(program: string, args: readonly Word[]): void {
    for (const word of args) {
      const text = textOf(word);
      if (/^-\w*n/.test(text ?? '') && program !== 'export') this.anythingAnywhere(word.pos);
      else if (text === null) this.named(/^\w+(?==)/.exec(word.value)?.[0] ?? '', word);
      else if (text.includes('=') || !/^[-+]/.test(text)) {
        if (text.includes('=') || !/^(?:export|readonly)$/.test(program))
          this.everyName(text.split('=')[0] ?? '', word.pos);
      }
    }
  }

  private target(node: ArithmeticExpression): void {
    const [name] = node.type === 'ArithmeticWord' ? (/^[A-Za-z_]\w*/.exec(node.value) ?? []) : [];
    if (name === undefined) this.anything(node.pos);
    else this.name(name, node.pos);
  }

  /** A word that names variables: `NAME`, `NAME[0]`, `"A = B * 2"`. */
  private named(text: string, word: Word): void {
    if (textOf(word) === null && !WHOLE_NAME.test(text)) this.anything(word.pos);
    else this.everyName(text, word.pos);
  }

  private everyName(text: string, at: number): void {
    for (const [name] of text.matchAll(IDENTIFIERS)) this.name(name, at);
  }

  private name(name: string, offset: number): void {
    this.found.push({ name, offset: this.at(offset) });
  }

  private anything(offset: number): void {
    this.found.push({ name: null, offset: this.at(offset) });
    if (this.functions > 0) this.changesAnywhere = true;
  }

  private anythingAnywhere(at: number): void {
    this.changesAnywhere = true;
    this.anything(at);
  }
}

/** `set -- a b`; `set -euo pipefail` sets options alone. */
function setsArguments(args: readonly Word[]): boolean {
  return args.some(({ value }, i) => !/^[-+]\w/.test(value) && !/^[-+]\w*o$/.test(args[i - 1]?.value ?? ''));
}

/** The text of a word without expansions; null if the word has any. */
function textOf({ value, parts }: Word): string | null {
  const isPlain = (part: { type: string; parts?: readonly { type: string }[] | undefined }): boolean =>
    /^(?:Literal|SingleQuoted|AnsiCQuoted|Glob)$/.test(part.type) ||
    (part.type === 'DoubleQuoted' && (part.parts ?? []).every(isPlain));
  return (parts ?? []).every(isPlain) ? value : null;
}

function isWord(node: { type: string }): node is Word {
  return node.type === 'Word';
}
