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
  type Statement,
  type Word as ShellWord,
} from 'unbash';
import { Assigners } from './shell/assigners';
import { ARGUMENTS, DECLARING, OTHER_ARGUMENTS, type Assigned } from './shell/assignment-visitor';
import { filledFrom, styleOf, type Filled } from './shell/heredocs';
import { withoutReturns } from './shell/returns';
import { shownIn } from './shell/shown';
import { expandBody, expandValue, expandWords, type Expansion } from './shell/words';
import { Mentions, type Naming } from './mentions';
import { Script, type Heredoc } from './script';
import type { Lock, Parsed } from './tree';
import {
  anythingLock,
  appended,
  assignedLock,
  changing,
  unlessTooLong,
  EXPRESSION,
  loopLock,
  Scope,
  textOfVariable,
  type Held,
  type Variable,
} from './variables';
import { textOf, type Word } from './words';

/** Builtins that only ask; what looks like their flags are operators. */
const ASKING = new Set(['[', 'test']);
/** `$ALPHA`, `export ALPHA`; bare in arithmetic, indices, slices and tests of numbers. */
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
export function parseShell(source: string): Parsed {
  const script = readShell(source);
  return script instanceof Script ? { ok: true, roots: script.roots() } : script;
}

/** The texts that a script holds for programs and files; none where the script is broken. */
export function heredocsOf(source: string): readonly Heredoc[] {
  const script = readShell(source);
  return script instanceof Script ? script.heredocs : [];
}

function readShell(source: string): Script | (Parsed & { ok: false }) {
  const { text, at: placeOf } = withoutReturns(source);
  // Of a backslash at the very end the parser takes a letter more than there is.
  const at = (offset: number): number => placeOf(Math.min(offset, text.length));
  const parsed = parse(text);
  const [error] = parsed.errors ?? [];
  if (error) {
    return { ok: false, offset: at(error.pos), message: `This is not a valid shell script: ${error.message}.` };
  }
  const script = new Script(source);
  const shown = shownIn(parsed, text).map(({ pos, end }) => ({ start: at(pos), end: at(end) }));
  const reader = new Reader(script, at, new Assigners(parsed), new Mentions(script, NAMING, shown));
  const scope = new Scope();
  for (const statement of parsed.commands) reader.statement(statement, scope);
  return script;
}

/** Walks through a script in the order in which it would run, and collects its commands. */
class Reader {
  constructor(
    private readonly script: Script,
    private readonly at: (offset: number) => number,
    private readonly assigners: Assigners,
    private readonly mentions: Mentions,
  ) {}

  statement({ command, background }: Statement, scope: Scope): void {
    this.node(command, background ? scope.fork() : scope);
  }

  private list({ commands }: CompoundList, scope: Scope): void {
    for (const statement of commands) this.statement(statement, scope);
  }

  private node(node: CommandNode | Pipeline | AndOr | Redirected | CompoundList, scope: Scope): void {
    switch (node.type) {
      case 'Command':
        this.command(node, scope);
        return;
      case 'AndOr': {
        const [first, ...rest] = node.commands;
        if (first) this.node(first, scope);
        // What runs only if the commands before it succeed, or fail.
        const branch = scope.fork();
        for (const own of rest) this.node(own, branch);
        scope.merge([scope, branch]);
        return;
      }
      case 'Pipeline':
        // One command is no pipeline, but a negated or timed command; several run beside each other.
        for (const own of node.commands) this.node(own, node.commands.length > 1 ? scope.fork() : scope);
        this.piped(node);
        return;
      case 'Redirected':
        for (const redirect of node.redirects) this.forget(this.assigners.in(redirect), scope);
        this.node(node.command, scope);
        this.heredocs('', node.redirects, [], scope);
        return;
      case 'CompoundList':
        this.list(node, scope);
        return;
      case 'BraceGroup':
        this.list(node.body, scope);
        return;
      case 'Subshell':
        this.list(node.body, scope.fork());
        return;
      case 'If': {
        this.list(node.clause, scope);
        const branches = [this.branch(node.then, scope)];
        for (const { clause, then } of node.elif) {
          this.forget(this.assigners.in(clause), scope);
          branches.push(this.branch(then, scope));
        }
        scope.merge([...branches, node.else ? this.branch(node.else, scope) : scope]);
        return;
      }
      case 'Case': {
        const fallsThrough = node.items.some(({ terminator }) => terminator !== undefined && terminator !== ';;');
        this.forget(this.assigners.in(...(fallsThrough ? [node] : [node.word])), scope);
        scope.merge([scope, ...node.items.map(({ body }) => this.branch(body, scope))]);
        return;
      }
      case 'For':
      case 'Select': {
        const branch = scope.fork();
        this.forget(this.assigners.in(node), branch);
        this.loopVariable(node.name, node.wordlist ?? [], scope, branch);
        this.list(node.body, branch);
        scope.merge([scope, branch]);
        return;
      }
      case 'While':
        this.forget(this.assigners.in(node), scope);
        this.list(node.clause, scope);
        scope.merge([scope, this.branch(node.body, scope)]);
        return;
      case 'ArithmeticFor':
        this.forget(this.assigners.in(node), scope);
        scope.merge([scope, this.branch(node.body, scope)]);
        return;
      case 'Function':
        this.node(node.body, this.insideFunction(scope));
        return;
      case 'Coproc':
        this.forget(this.assigners.in(node), scope);
        this.node(node.body, scope.fork());
        return;
      case 'TestCommand':
      case 'ArithmeticCommand':
        this.forget(this.assigners.in(node), scope);
        return;
    }
  }

  /** A function may be called from anywhere: it sees what is assigned once in the whole script, and before it. */
  private insideFunction(scope: Scope): Scope {
    const { names, anything } = this.assigners.whole;
    const lockFor = (name: string): Lock =>
      anything === null
        ? assignedLock(name, this.linesOf(names.get(name) ?? []))
        : anythingLock(this.script.lineAt(this.at(anything)));
    const isSure = (name: string): boolean => anything === null && (names.get(name)?.length ?? 0) < 2;
    const inside = scope.insideFunction(isSure, lockFor);
    inside.forget(
      [...names.keys()].filter((name) => !scope.has(name)),
      lockFor,
    );
    inside.forget([ARGUMENTS, OTHER_ARGUMENTS], lockFor);
    return inside;
  }

  private forget({ names, anything }: Assigned, scope: Scope): void {
    if (anything !== null) scope.forgetAll(anythingLock(this.script.lineAt(this.at(anything))));
    else for (const [name, places] of names) scope.forget([name], () => assignedLock(name, this.linesOf(places)));
  }

  private linesOf(places: readonly number[]): number[] {
    const lines = places.map((place) => this.script.lineAt(this.at(place)));
    return [...new Set(lines)].toSorted((a, b) => a - b);
  }

  private branch(body: CompoundList, scope: Scope): Scope {
    const branch = scope.fork();
    this.list(body, branch);
    return branch;
  }

  private loopVariable(name: ShellWord, wordlist: readonly ShellWord[], before: Scope, scope: Scope): void {
    const words = expandWords(wordlist, this.expansion(before));
    const texts = words.map(textOf);
    const known = texts.every((text) => text !== null) ? texts : [];
    const line = this.script.lineAt(this.at(name.pos));
    const [only] = words;
    const held: Held =
      only && words.length === 1 && known.length === 1
        ? { kind: 'text', pieces: only.pieces }
        : { kind: 'unknown', lock: loopLock(name.value, known, line) };
    this.set({ name: name.value, held, line, nameRange: { start: this.at(name.pos), end: this.at(name.end) } }, scope);
  }

  private expansion(scope: Scope): Expansion {
    return { scope, at: this.at };
  }

  private command(command: Command, scope: Scope): void {
    const { name, prefix, suffix, redirects } = command;
    const words = suffix.filter((node): node is ShellWord => node.type === 'Word');
    if (name?.value === ':') {
      for (const word of words) this.setDefault(word, scope);
      return;
    }
    this.forget(this.assigners.beside(command), scope);
    if (!name || DECLARING.has(name.value)) {
      for (const node of [...prefix, ...suffix]) if (node.type === 'Assignment') this.assign(node, scope, !name);
      return;
    }
    if (ASKING.has(name.value)) return;
    const filled = name.value === 'read' ? filledFrom(words, redirects) : null;
    if (filled) this.fill(filled, scope);
    if (ASSIGNING.has(name.value)) return;
    const handedOn = expandWords([name, ...words], this.expansion(scope));
    const expanded = name.value === 'eval' ? handedOn.map(readAgain) : handedOn;
    this.script.run(expanded, { start: this.at(name.pos), end: this.at(command.end) });
    this.heredocs(name.value, redirects, expanded.slice(1).map(textOf), scope);
  }

  /** `cat > config.yaml <<EOF`, `tee config.yaml <<EOF`, `python - <<EOF`. */
  private heredocs(
    program: string,
    redirects: readonly Redirection[],
    args: readonly (string | null)[],
    scope: Scope,
  ): void {
    const output = redirects.find((node) => node.type === 'Redirect' && /^(?:>|>>|>\|)$/.test(node.operator));
    // Of the name only its end counts, which is hardly ever a variable.
    const target = output?.type === 'Redirect' ? output.target?.value : undefined;
    const file = target ?? (program === 'tee' ? (args.find((arg) => arg?.startsWith('-') === false) ?? null) : null);
    for (const node of redirects) {
      if (node.type !== 'HereDoc') continue;
      const pieces = expandBody(node.body, styleOf(node), this.expansion(scope));
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

  /** @param isPlain whether it does nothing else, such as handing the variable on to every program */
  private assign(assignment: Assignment, scope: Scope, isPlain: boolean): void {
    const { name, append, index, pos } = assignment;
    const nameRange = { start: this.at(pos), end: this.at(pos + name.length) };
    const line = this.script.lineAt(nameRange.start);
    const before = append ? scope.get(name)?.held : undefined;
    const held = index ? changing(name) : appended(before, this.held(assignment, scope));
    const { names, anything } = this.assigners.whole;
    const places = names.get(name) ?? [];
    const isOnly = anything === null && places.length < 2 && !append && !index;
    const literal = isOnly && isPlain ? this.mentions.literal(name, nameRange.start, held) : undefined;
    const variable = this.set({ name, held, line, nameRange, ...(literal && { literal }) }, scope);
    if (append || index) return;
    const lock = assignedLock(name, this.linesOf(places));
    this.script.assigned(isOnly ? variable : { ...variable, held: { kind: 'unknown', lock } });
  }

  private set(variable: Variable, scope: Scope): Variable {
    const isSure = !this.assigners.isHaunted && !this.assigners.attributed.has(variable.name);
    const held = isSure ? unlessTooLong(variable.name, variable.held) : changing(variable.name);
    const kept = { ...variable, held };
    scope.set(kept);
    return kept;
  }

  private held({ name, value }: Assignment, scope: Scope): Held {
    if (value.type === 'ArrayValue') {
      // `([2]=a)` says where in the array its words are.
      if (value.elements.some(({ text }) => /^\[[^\]]*\]\+?=/.test(text))) return changing(name);
      return { kind: 'list', words: expandWords(value.elements, this.expansion(scope)) };
    }
    return { kind: 'text', pieces: expandValue(value, this.expansion(scope)) };
  }

  /** `read -r -d '' FLAGS <<EOF`: the variable holds the heredoc. */
  private fill({ name, heredoc }: Filled, scope: Scope): void {
    const held: Held = { kind: 'text', pieces: expandBody(heredoc.body, styleOf(heredoc), this.expansion(scope)) };
    const nameRange = { start: this.at(name.pos), end: this.at(name.end) };
    this.set({ name: name.value, held, line: this.script.lineAt(nameRange.start), nameRange }, scope);
  }

  /** `: "${LR:=1e-4}"` sets what is not set yet. */
  private setDefault(word: ShellWord, scope: Scope): void {
    const outer = word.parts?.length === 1 ? word.parts[0] : undefined;
    const part = outer?.type === 'DoubleQuoted' && outer.parts.length === 1 ? outer.parts[0] : outer;
    const isDefault = part?.type === 'ParameterExpansion' && part.operation?.type === 'Default';
    if (!isDefault || !part.operation?.operator.endsWith('=')) {
      this.forget(this.assigners.in(word), scope);
      return;
    }
    const nameRange = { start: this.at(part.parameterPos), end: this.at(part.parameterEnd) };
    const held: Held = { kind: 'text', pieces: expandValue(word, this.expansion(scope)) };
    if (scope.get(part.parameter) && textOfVariable(scope.get(part.parameter)) !== '') return;
    this.set({ name: part.parameter, held, line: this.script.lineAt(nameRange.start), nameRange }, scope);
  }
}

/** A word of `eval`, which the shell reads a second time: what it makes of marks in it is not known. */
function readAgain(word: Word): Word {
  if (!/[$`"'\\*?[{~]/.test(textOf(word) ?? '')) return word;
  return { ...word, pieces: word.pieces.map((piece) => ({ ...piece, text: null, lock: EXPRESSION })) };
}
