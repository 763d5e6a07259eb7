import {
  parse,
  type AndOr,
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
import { DECLARING } from './shell/assignment-visitor';
import { Assignments } from './shell/assignments';
import { filledFrom, styleOf } from './shell/heredocs';
import { withoutReturns } from './shell/returns';
import { shownIn } from './shell/shown';
import { expandBody, expandWords } from './shell/words';
import { Mentions, type Naming } from './mentions';
import { Script, type Heredoc } from './script';
import type { Parsed } from './tree';
import { EXPRESSION, Scope } from './variables';
import { textOf, type Word } from './words';

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
  const assigners = new Assigners(parsed);
  const assignments = new Assignments(script, at, assigners, new Mentions(script, NAMING, shown));
  const reader = new Reader(script, at, assigners, assignments);
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
    private readonly assignments: Assignments,
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
        for (const redirect of node.redirects) this.assignments.forget(this.assigners.in(redirect), scope);
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
          this.assignments.forget(this.assigners.in(clause), scope);
          branches.push(this.branch(then, scope));
        }
        scope.merge([...branches, node.else ? this.branch(node.else, scope) : scope]);
        return;
      }
      case 'Case': {
        const fallsThrough = node.items.some(({ terminator }) => terminator !== undefined && terminator !== ';;');
        this.assignments.forget(this.assigners.in(...(fallsThrough ? [node] : [node.word])), scope);
        scope.merge([scope, ...node.items.map(({ body }) => this.branch(body, scope))]);
        return;
      }
      case 'For':
      case 'Select': {
        const branch = scope.fork();
        this.assignments.forget(this.assigners.in(node), branch);
        this.assignments.loopVariable(node.name, node.wordlist ?? [], scope, branch);
        this.list(node.body, branch);
        scope.merge([scope, branch]);
        return;
      }
      case 'While':
        this.assignments.forget(this.assigners.in(node), scope);
        this.list(node.clause, scope);
        scope.merge([scope, this.branch(node.body, scope)]);
        return;
      case 'ArithmeticFor':
        this.assignments.forget(this.assigners.in(node), scope);
        scope.merge([scope, this.branch(node.body, scope)]);
        return;
      case 'Function':
        this.node(node.body, this.assignments.insideFunction(scope));
        return;
      case 'Coproc':
        this.assignments.forget(this.assigners.in(node), scope);
        this.node(node.body, scope.fork());
        return;
      case 'TestCommand':
      case 'ArithmeticCommand':
        this.assignments.forget(this.assigners.in(node), scope);
        return;
    }
  }

  private branch(body: CompoundList, scope: Scope): Scope {
    const branch = scope.fork();
    this.list(body, branch);
    return branch;
  }

  private command(command: Command, scope: Scope): void {
    const { name, prefix, suffix, redirects } = command;
    const words = suffix.filter((node): node is ShellWord => node.type === 'Word');
    if (name?.value === ':') {
      for (const word of words) this.assignments.setDefault(word, scope);
      return;
    }
    this.assignments.forget(this.assigners.beside(command), scope);
    if (!name || DECLARING.has(name.value)) {
      for (const node of [...prefix, ...suffix])
        if (node.type === 'Assignment') this.assignments.assign(node, scope, !name);
      return;
    }
    if (ASKING.has(name.value)) return;
    const filled = name.value === 'read' ? filledFrom(words, redirects) : null;
    if (filled) this.assignments.fill(filled, scope);
    if (ASSIGNING.has(name.value)) return;
    const handedOn = expandWords([name, ...words], { scope, at: this.at });
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
      const pieces = expandBody(node.body, styleOf(node), { scope, at: this.at });
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
