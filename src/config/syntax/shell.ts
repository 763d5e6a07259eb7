import {
  parse,
  type AndOr,
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundList,
  type Pipeline,
  type Redirected,
  type Redirection,
  type Script as ShellScript,
  type Word as ShellWord,
} from 'unbash';
import type { Range } from '../reading';
import { Assignments } from './assignments';
import { Mentions, type Naming } from './mentions';
import type { Places } from './places';
import { Script, type Heredoc } from './script';
import { DECLARING, placesIn } from './shell/assigners';
import { filledFrom, styleOf } from './shell/heredocs';
import { withoutReturns } from './shell/returns';
import { shownIn } from './shell/shown';
import { expandBody, expandWords, valueOf } from './shell/words';
import type { Parsed } from './tree';
import { changing, EXPRESSION, Scope, textOfVariable, type BlockKind, type Held } from './variables';
import { textOf, type Word } from './words';

type AnyNode = CommandNode | Pipeline | AndOr | Redirected | CompoundList;

/** Builtins that only ask; what looks like their flags are operators. */
const ASKING = new Set(['[', 'test']);
/** `$ALPHA` and `export ALPHA`; a bare name in arithmetic, indices, slices and numeric tests. */
const NAMING: Naming = {
  sign: /\$\{?[#!]?$|\b(?:export|declare|typeset|local|readonly)\s[^\n;]{0,200}$/,
  bare: /\(\(|\$\[|\blet\b|\s-(?:eq|ne|lt|le|gt|ge|v)\s|\w\[[A-Za-z_(]|\$\{\w+:[^-=+?]/,
  unnamed: /\$\{!|\bset\s[^\n;]{0,100}(?:(?<=\s)-\w{0,20}a|allexport)/,
  comment: /(?:^|\s)#[^$]{0,300}$/,
};
/** Builtins that train nothing, whatever their options look like. */
const ASSIGNING = new Set(['unset', 'read', 'mapfile', 'readarray', 'getopts', 'printf', 'let', 'trap', 'set']);
/**
 * Parse a shell script: every command with flags is a root of its own, in the order of the text, and a last one holds
 * the script's assignments. Never throws, and never runs anything.
 */
export function parseShell(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = readShell(source, programs);
  return script instanceof Script ? { ok: true, roots: script.roots() } : script;
}

/** The texts that a script holds for programs and files; none where the script is broken. */
export function heredocsOf(source: string): readonly Heredoc[] {
  const script = readShell(source);
  return script instanceof Script ? script.heredocs : [];
}

function readShell(source: string, programs?: ReadonlySet<string>): Script | (Parsed & { ok: false }) {
  const { text, at: placeOf } = withoutReturns(source);
  // Of a backslash at the very end the parser takes a letter more than there is.
  const at = (offset: number): number => placeOf(Math.min(offset, text.length));
  const parsed = parse(text);
  const [error] = parsed.errors ?? [];
  if (error) {
    return { ok: false, offset: at(error.pos), message: `This is not a valid shell script: ${error.message}.` };
  }
  const script = new Script(source, programs);
  const places = placesIn(parsed, at, (offset) => script.lineAt(offset));
  const shown = shownIn(parsed, text).map(({ pos, end }) => ({ start: at(pos), end: at(end) }));
  const reader = new Reader(script, at, places, new Mentions(script, NAMING, shown));
  reader.read(parsed);
  return script;
}

/** Collects the commands, variables and heredocs of a script, from its first line to its last. */
class Reader {
  private readonly scope: Scope;
  private readonly assignments: Assignments;

  constructor(
    private readonly script: Script,
    private readonly at: (offset: number) => number,
    places: Places,
    mentions: Mentions,
  ) {
    this.scope = new Scope(places);
    this.assignments = new Assignments(script, places, mentions, this.scope);
  }

  read({ commands }: ShellScript | CompoundList): void {
    for (const statement of commands) {
      if (statement.background) this.block('apart', statement.command);
      else this.node(statement.command);
    }
  }

  private block(kind: BlockKind, ...nodes: readonly AnyNode[]): void {
    const [first, last] = [nodes[0], nodes.at(-1)];
    if (!first || !last) return;
    this.inBlock(kind, this.rangeOf({ pos: first.pos, end: last.end }), () => {
      for (const node of nodes) this.node(node);
    });
  }

  private inBlock(kind: BlockKind, range: Range, read: () => void): void {
    this.scope.enter(kind, range);
    read();
    this.scope.leave();
  }

  private node(node: AnyNode): void {
    switch (node.type) {
      case 'Command':
        this.command(node);
        return;
      case 'AndOr': {
        // What follows the first command runs only if the commands before it succeed, or fail.
        const [first, ...rest] = node.commands;
        if (first) this.node(first);
        this.block('branch', ...rest);
        return;
      }
      case 'Pipeline':
        // One command is no pipeline, but a negated or timed command; several run beside each other.
        for (const own of node.commands) {
          if (node.commands.length > 1) this.block('apart', own);
          else this.node(own);
        }
        this.piped(node);
        return;
      case 'Redirected':
        for (const redirect of node.redirects) this.scope.forgetIn(this.rangeOf(redirect));
        this.node(node.command);
        this.heredocs('', node.redirects, []);
        return;
      case 'CompoundList':
        this.read(node);
        return;
      case 'BraceGroup':
        this.read(node.body);
        return;
      case 'Subshell':
        this.block('apart', node.body);
        return;
      case 'If':
        this.node(node.clause);
        this.block('branch', node.then);
        for (const { clause, then } of node.elif) this.block('branch', clause, then);
        if (node.else) this.block('branch', node.else);
        return;
      case 'Case':
        this.scope.forgetIn(this.rangeOf(node.word));
        // One branch may fall through to the next.
        this.inBlock('loop', this.rangeOf(node), () => {
          for (const { body } of node.items) this.block('branch', body);
        });
        return;
      case 'For':
      case 'Select': {
        const words = this.expand(node.wordlist ?? []);
        this.inBlock('loop', this.rangeOf(node), () => {
          this.scope.forgetIn(this.rangeOf(node));
          this.assignments.loop(node.name.value, this.rangeOf(node.name), words);
          this.read(node.body);
        });
        return;
      }
      case 'While':
        this.block('loop', node.clause, node.body);
        return;
      case 'ArithmeticFor':
        this.inBlock('loop', this.rangeOf(node), () => {
          this.scope.forgetIn(this.rangeOf(node));
          this.read(node.body);
        });
        return;
      case 'Function':
        this.block('function', node.body);
        return;
      case 'Coproc':
        this.scope.forgetIn(this.rangeOf(node));
        this.block('apart', node.body);
        return;
      case 'TestCommand':
      case 'ArithmeticCommand':
        this.scope.forgetIn(this.rangeOf(node));
        return;
    }
  }

  private command(command: Command): void {
    const { name, prefix, suffix, redirects } = command;
    const words = suffix.filter((node): node is ShellWord => node.type === 'Word');
    const range = this.rangeOf(command);
    if (name?.value === ':' && words.every((word) => this.setsDefault(word))) return;
    if (!name || DECLARING.has(name.value)) {
      for (const node of [...prefix, ...suffix]) if (node.type === 'Assignment') this.assign(node, !name);
      this.scope.forgetIn(range);
      return;
    }
    this.scope.forgetIn(range);
    if (ASKING.has(name.value)) return;
    const filled = name.value === 'read' ? filledFrom(words, redirects) : null;
    if (filled) {
      const pieces = expandBody(filled.heredoc.body, styleOf(filled.heredoc), { scope: this.scope, at: this.at });
      this.assignments.fill(filled.name.value, this.rangeOf(filled.name), { kind: 'text', pieces });
    }
    if (ASSIGNING.has(name.value)) return;
    const handedOn = this.expand([name, ...words]);
    const expanded = name.value === 'eval' ? handedOn.map(readAgain) : handedOn;
    this.script.run(expanded, { start: this.at(name.pos), end: this.at(command.end) });
    this.heredocs(name.value, redirects, expanded.slice(1).map(textOf));
  }

  private assign({ name, append, index, pos, value }: Assignment, isPlain: boolean): void {
    const range = { start: this.at(pos), end: this.at(pos + name.length) };
    if (index) this.assignments.change(name, range);
    else this.assignments.assign(name, range, this.held(name, value), { append: append === true, isPlain });
  }

  private held(name: string, value: Assignment['value']): Held {
    if (value.type !== 'ArrayValue') {
      return { kind: 'text', pieces: valueOf(value, { scope: this.scope, at: this.at }) };
    }
    // `([2]=a)` says where in the array its words are.
    if (value.elements.some(({ text }) => /^\[[^\]]*\]\+?=/.test(text))) return changing(name);
    return { kind: 'list', words: this.expand(value.elements) };
  }

  /** `: "${LR:=1e-4}"` sets what is not set yet. */
  private setsDefault(word: ShellWord): boolean {
    const outer = word.parts?.length === 1 ? word.parts[0] : undefined;
    const part = outer?.type === 'DoubleQuoted' && outer.parts.length === 1 ? outer.parts[0] : outer;
    const isDefault = part?.type === 'ParameterExpansion' && part.operation?.type === 'Default';
    if (!isDefault || !part.operation?.operator.endsWith('=')) return false;
    const held: Held = { kind: 'text', pieces: valueOf(word, { scope: this.scope, at: this.at }) };
    const before = this.scope.get(part.parameter);
    if (before && textOfVariable(before) !== '') return true;
    this.assignments.fill(part.parameter, this.rangeOf({ pos: part.parameterPos, end: part.parameterEnd }), held);
    return true;
  }

  private expand(words: readonly ShellWord[]): Word[] {
    return expandWords(words, { scope: this.scope, at: this.at });
  }

  private rangeOf({ pos, end }: { pos: number; end: number }): Range {
    return { start: this.at(pos), end: this.at(end) };
  }

  /** `cat > config.yaml <<EOF`, `tee config.yaml <<EOF`, `python - <<EOF`. */
  private heredocs(program: string, redirects: readonly Redirection[], args: readonly (string | null)[]): void {
    const output = redirects.find((node) => node.type === 'Redirect' && /^(?:>|>>|>\|)$/.test(node.operator));
    // Of the name only its end counts, which is hardly ever a variable.
    const target = output?.type === 'Redirect' ? output.target?.value : undefined;
    const file = target ?? (program === 'tee' ? (args.find((arg) => arg?.startsWith('-') === false) ?? null) : null);
    for (const node of redirects) {
      if (node.type !== 'HereDoc') continue;
      const pieces = expandBody(node.body, styleOf(node), { scope: this.scope, at: this.at });
      this.script.heredocs.push({ pieces, file, program });
    }
  }

  /** `cat <<EOF | tee config.yaml`: the text goes where the last of the pipe writes it. */
  private piped({ commands }: Pipeline): void {
    const last = commands.at(-1);
    const heredoc = this.script.heredocs.at(-1);
    if (!heredoc || heredoc.file !== null || last?.type !== 'Command' || last.name?.value !== 'tee') return;
    const file = last.suffix.find((node) => node.type === 'Word' && !node.value.startsWith('-'));
    if (file?.type === 'Word') this.script.heredocs.splice(-1, 1, { ...heredoc, file: file.value });
  }
}

/** A word of `eval`, which the shell reads a second time: what it makes of marks in it is not known. */
function readAgain(word: Word): Word {
  if (!/[$`"'\\*?[{~]/.test(textOf(word) ?? '')) return word;
  return { ...word, pieces: word.pieces.map((piece) => ({ ...piece, text: null, lock: EXPRESSION })) };
}
