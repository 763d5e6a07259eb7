import {
  parse,
  type AndOr,
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundList,
  type If,
  type Pipeline,
  type Redirected,
  type Redirection,
  type Statement,
  type Word as ShellWord,
} from 'unbash';
import { conditionHolds, holds } from './shell/condition';
import { filledFrom, styleOf, type Filled } from './shell/heredocs';
import { withoutReturns } from './shell/returns';
import { expandBody, expandValue, expandWords, type Expansion } from './shell/words';
import { Script, type Heredoc } from './script';
import type { Parsed } from './tree';
import { appended, changing, loopLock, Scope, textOfVariable, type Held, type Variable } from './variables';
import { textOf } from './words';

/** Builtins that assign. */
const DECLARING = new Set(['export', 'declare', 'local', 'readonly', 'typeset']);
/** Builtins that only ask; what looks like their flags are operators. */
const ASKING = new Set(['[', 'test']);
/** Builtins after which a variable holds what nobody knows. */
const OVERWRITING = new Set(['unset', 'read', 'mapfile', 'readarray', 'getopts', 'printf', 'let']);

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
  const reader = new Reader(script, at);
  const scope = new Scope();
  for (const statement of parsed.commands) reader.statement(statement, scope);
  reader.functions(scope);
  return script;
}

/** Walks through a script in the order in which it would run, and collects its commands. */
class Reader {
  private readonly bodies: CommandNode[] = [];

  constructor(
    private readonly script: Script,
    private readonly at: (offset: number) => number,
  ) {}

  statement({ command }: Statement, scope: Scope): void {
    this.node(command, scope);
  }

  /** The bodies of functions, whose variables are those of the whole script. */
  functions(scope: Scope): void {
    for (let body = this.bodies.shift(); body; body = this.bodies.shift()) this.node(body, scope.insideFunction());
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
        this.afterwards(node, rest, scope);
        return;
      }
      case 'Pipeline':
        // One command is no pipeline, but a negated or timed command; several run beside each other.
        for (const own of node.commands) this.node(own, node.commands.length > 1 ? scope.fork() : scope);
        this.piped(node);
        return;
      case 'Redirected':
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
        this.choice([node, ...node.elif], node.else, scope);
        return;
      }
      case 'Case':
        scope.merge([scope, ...node.items.map(({ body }) => this.branch(body, scope))]);
        return;
      case 'For':
      case 'Select': {
        const branch = scope.fork();
        this.loopVariable(node.name, node.wordlist ?? [], branch);
        this.list(node.body, branch);
        scope.merge([scope, branch]);
        return;
      }
      case 'While':
        this.list(node.clause, scope);
        scope.merge([scope, this.branch(node.body, scope)]);
        return;
      case 'ArithmeticFor':
        scope.merge([scope, this.branch(node.body, scope)]);
        return;
      case 'Function':
      case 'Coproc':
        this.bodies.push(node.body as CommandNode);
        return;
      case 'TestCommand':
      case 'ArithmeticCommand':
        return;
    }
  }

  /** `[ -n "$a" ] && ARGS+=(--b)`: what runs if the commands before it succeed, or fail. */
  private afterwards({ commands: [first], operators }: AndOr, rest: AndOr['commands'], scope: Scope): void {
    const [only, more] = rest;
    const result = first && only && !more ? holds(first, this.expansion(scope)) : null;
    const branch = scope.fork();
    for (const own of rest) this.node(own, branch);
    if (result === null) scope.merge([scope, branch]);
    else if (result === (operators[0] === '&&')) scope.merge([branch]);
  }

  /** The branch that runs, where the text tells which; else what all that may run have in common. */
  private choice(cases: readonly Pick<If, 'clause' | 'then'>[], last: CompoundList | undefined, scope: Scope): void {
    const before = scope.fork();
    const open: Scope[] = [];
    let isSettled = false;
    for (const { clause, then } of cases) {
      const holds = conditionHolds(clause, this.expansion(before));
      const branch = this.branch(then, before);
      if (!isSettled && holds !== false) open.push(branch);
      isSettled ||= holds === true;
    }
    const otherwise = last ? this.branch(last, before) : before;
    scope.merge(isSettled ? open : [...open, otherwise]);
  }

  private branch(body: CompoundList, scope: Scope): Scope {
    const branch = scope.fork();
    this.list(body, branch);
    return branch;
  }

  private loopVariable(name: ShellWord, wordlist: readonly ShellWord[], scope: Scope): void {
    const words = expandWords(wordlist, this.expansion(scope));
    const texts = words.map(textOf);
    const known = texts.every((text) => text !== null) ? texts : [];
    const line = this.script.lineAt(this.at(name.pos));
    const [only] = words;
    const held: Held =
      only && words.length === 1 && known.length === 1
        ? { kind: 'text', pieces: only.pieces }
        : { kind: 'unknown', lock: loopLock(name.value, known, line) };
    scope.set({ name: name.value, held, line, nameRange: { start: this.at(name.pos), end: this.at(name.end) } });
  }

  private expansion(scope: Scope): Expansion {
    return { scope, at: this.at };
  }

  private command(command: Command, scope: Scope): void {
    const { name, prefix, suffix, redirects } = command;
    const assignments = [...prefix, ...suffix].filter((node): node is Assignment => node.type === 'Assignment');
    if (!name) {
      for (const assignment of assignments) this.assign(assignment, scope);
      return;
    }
    if (DECLARING.has(name.value)) {
      for (const assignment of assignments) this.assign(assignment, scope);
      return;
    }
    if (ASKING.has(name.value)) return;
    const words = suffix.filter((node): node is ShellWord => node.type === 'Word');
    const filled = name.value === 'read' ? filledFrom(words, redirects) : null;
    if (filled) {
      this.fill(filled, scope);
      return;
    }
    if (OVERWRITING.has(name.value)) for (const { value } of words) this.forget(value, scope);
    if (name.value === ':') for (const word of words) this.setDefault(word, scope);
    const expanded = expandWords([name, ...words], this.expansion(scope));
    const range = { start: this.at(name.pos), end: this.at(command.end) };
    // These builtins train nothing, whatever their options look like.
    if (!OVERWRITING.has(name.value)) this.script.run(expanded, range);
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

  private assign({ name, value, append, index, pos }: Assignment, scope: Scope): void {
    const nameRange = { start: this.at(pos), end: this.at(pos + name.length) };
    const line = this.script.lineAt(nameRange.start);
    const before = append ? scope.get(name)?.held : undefined;
    const held = index ? changing(name) : appended(before, this.held(value, scope));
    const variable: Variable = { name, held, line, nameRange };
    scope.set(variable);
    if (!append && !index) this.script.assigned(variable);
  }

  private held(value: Assignment['value'], scope: Scope): Held {
    if (value.type === 'ArrayValue') return { kind: 'list', words: expandWords(value.elements, this.expansion(scope)) };
    return { kind: 'text', pieces: expandValue(value, this.expansion(scope)) };
  }

  private forget(name: string, scope: Scope): void {
    const variable = scope.get(name);
    if (variable) scope.set({ ...variable, held: changing(name) });
  }

  /** `read -r -d '' FLAGS <<EOF`: the variable holds the heredoc. */
  private fill({ name, heredoc }: Filled, scope: Scope): void {
    const held: Held = { kind: 'text', pieces: expandBody(heredoc.body, styleOf(heredoc), this.expansion(scope)) };
    const nameRange = { start: this.at(name.pos), end: this.at(name.end) };
    scope.set({ name: name.value, held, line: this.script.lineAt(nameRange.start), nameRange });
  }

  /** `: "${LR:=1e-4}"` sets what is not set yet. */
  private setDefault(word: ShellWord, scope: Scope): void {
    const outer = word.parts?.[0];
    const part = outer?.type === 'DoubleQuoted' ? outer.parts[0] : outer;
    if (part?.type !== 'ParameterExpansion' || part.operation?.type !== 'Default') return;
    if (!part.operation.operator.endsWith('=') || textOfVariable(scope.get(part.parameter))) return;
    const nameRange = { start: this.at(part.parameterPos), end: this.at(part.parameterEnd) };
    const held: Held = { kind: 'text', pieces: expandValue(word, this.expansion(scope)) };
    scope.set({ name: part.parameter, held, line: this.script.lineAt(nameRange.start), nameRange });
  }
}
