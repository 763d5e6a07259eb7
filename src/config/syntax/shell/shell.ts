import * as l10n from '@vscode/l10n';
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
import type { Range } from '../../reading';
import { Mentions, type Naming } from '../script/mentions';
import { ScriptScope } from '../script/scope';
import { Script, type Heredoc } from '../script/script';
import { DECLARING, placesIn } from './assigners';
import { filledFrom, styleOf } from './heredocs';
import { withoutReturns } from './returns';
import { expandBody, expandWords, valueOf } from './words';
import type { Parsed } from '../tree';
import type { VariableValue } from '../script/variables';
import { textOf, type Word } from '../script/words';

type AnyNode = CommandNode | Pipeline | AndOr | Redirected | CompoundList;

/** `$ALPHA` and `export ALPHA`; a bare name in arithmetic, indices, slices and numeric tests. */
const NAMING: Naming = {
  sign: /\$\{?[#!]?$|\b(?:export|declare|typeset|local|readonly)\s[^\n;]{0,200}$/,
  bare: /\(\(|\$\[|\blet\b|\s-(?:eq|ne|lt|le|gt|ge|v)\s|\w\[[A-Za-z_(]|\$\{\w+:[^-=+?]/,
  unnamed: /\$\{!|\bset\s[^\n;]{0,100}(?:(?<=\s)-\w{0,20}a|allexport)/,
  comment: /(?:^|\s)#[^$]{0,300}$/,
};
/** Builtins that run no program, so their words are not flags. */
const SILENT = new Set([
  '[',
  'test',
  ':',
  'eval',
  'unset',
  'read',
  'mapfile',
  'readarray',
  'getopts',
  'printf',
  'let',
  'trap',
  'set',
]);

/**
 * Parse a shell script: one root for each command with flags, in the order of the text, and a last one for
 * the script's assignments. Never throws, and never runs anything.
 */
export function parseShell(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = readShell(source, programs);
  return script instanceof Script ? { ok: true, roots: script.roots() } : script;
}

/** The heredocs of a script; empty if the script does not parse. */
export function heredocsOf(source: string): readonly Heredoc[] {
  const script = readShell(source);
  return script instanceof Script ? script.heredocs : [];
}

function readShell(source: string, programs?: ReadonlySet<string>): Script | (Parsed & { ok: false }) {
  const { text, at: placeOf } = withoutReturns(source);
  // After a final backslash, the parser's range is one character too long.
  const at = (offset: number): number => placeOf(Math.min(offset, text.length));
  const parsed = parse(text);
  const [error] = parsed.errors ?? [];
  if (error) {
    return { ok: false, offset: at(error.pos), message: l10n.t`This is not a valid shell script: ${error.message}.` };
  }
  const script = new Script(source, programs);
  const places = placesIn(parsed, at, (offset) => script.lineAt(offset));
  const scope = new ScriptScope(script, places, new Mentions(script, NAMING));
  new ShellReader(script, at, scope).read(parsed);
  return script;
}

/** Collects the commands, variables and heredocs of a script, from its first line to its last. */
class ShellReader {
  constructor(
    private readonly script: Script,
    private readonly at: (offset: number) => number,
    private readonly scope: ScriptScope,
  ) {}

  read({ commands }: ShellScript | CompoundList): void {
    for (const statement of commands) {
      if (statement.background) this.block(statement.command);
      else this.node(statement.command);
    }
  }

  /** Code that may not run, may run again, or has its own variables. */
  private block(...nodes: readonly AnyNode[]): void {
    const [first, last] = [nodes[0], nodes.at(-1)];
    if (!first || !last) return;
    this.scope.block(this.rangeOf({ pos: first.pos, end: last.end }), () => {
      for (const node of nodes) this.node(node);
    });
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
        this.block(...rest);
        return;
      }
      case 'Pipeline':
        // A single command is a negated or timed command, not a pipeline.
        for (const own of node.commands) {
          if (node.commands.length > 1) this.block(own);
          else this.node(own);
        }
        this.piped(node);
        return;
      case 'Redirected':
        for (const redirect of node.redirects) this.scope.runs(this.rangeOf(redirect));
        this.node(node.command);
        this.heredocs('', node.redirects, []);
        return;
      case 'CompoundList':
        this.read(node);
        return;
      case 'BraceGroup':
        this.read(node.body);
        return;
      case 'If':
        this.node(node.clause);
        this.block(node.then);
        for (const { clause, then } of node.elif) this.block(clause, then);
        if (node.else) this.block(node.else);
        return;
      case 'Case':
        for (const { body } of node.items) this.block(body);
        return;
      case 'For':
      case 'Select': {
        const words = this.expand(node.wordlist ?? []);
        this.scope.block(this.rangeOf(node), () => {
          this.scope.loop(node.name.value, this.rangeOf(node.name), words);
          this.read(node.body);
        });
        return;
      }
      case 'While':
        this.block(node.clause, node.body);
        return;
      case 'Function':
        this.scope.block(this.rangeOf(node), () => this.node(node.body), true);
        return;
      case 'Subshell':
      case 'ArithmeticFor':
      case 'Coproc':
        this.block(node.body);
        return;
      case 'TestCommand':
      case 'ArithmeticCommand':
        this.scope.runs(this.rangeOf(node));
        return;
    }
  }

  private command(command: Command): void {
    const { name, prefix, suffix, redirects } = command;
    this.scope.runs(this.rangeOf(command));
    if (!name || DECLARING.has(name.value)) {
      for (const node of [...prefix, ...suffix]) if (node.type === 'Assignment') this.assign(node, !name);
      return;
    }
    const words = suffix.filter((node): node is ShellWord => node.type === 'Word');
    if (name.value === 'read') this.fill(words, redirects);
    if (SILENT.has(name.value)) return;
    const expanded = this.expand([name, ...words]);
    this.script.run(expanded, { start: this.at(name.pos), end: this.at(command.end) });
    this.heredocs(name.value, redirects, expanded.slice(1).map(textOf));
  }

  private assign({ name, pos, value }: Assignment, isOwn: boolean): void {
    const range = { start: this.at(pos), end: this.at(pos + name.length) };
    this.scope.assign(name, range, () => this.held(value), isOwn);
  }

  /** `read -r -d '' FLAGS <<EOF`: the variable holds the heredoc. */
  private fill(words: readonly ShellWord[], redirects: readonly Redirection[]): void {
    const filled = filledFrom(words, redirects);
    if (!filled) return;
    const { name, heredoc } = filled;
    this.scope.assign(name.value, this.rangeOf(name), () => ({
      kind: 'text',
      pieces: expandBody(heredoc.body, styleOf(heredoc), { scope: this.scope, at: this.at }),
    }));
  }

  private held(value: Assignment['value']): VariableValue {
    if (value.type === 'ArrayValue') return { kind: 'list', words: this.expand(value.elements) };
    return { kind: 'text', pieces: valueOf(value, { scope: this.scope, at: this.at }) };
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
    // Only the end of the name matters, which is rarely a variable.
    const target = output?.type === 'Redirect' ? output.target?.value : undefined;
    const file = target ?? (program === 'tee' ? (args.find((arg) => arg?.startsWith('-') === false) ?? null) : null);
    for (const node of redirects) {
      if (node.type !== 'HereDoc') continue;
      const pieces = expandBody(node.body, styleOf(node), { scope: this.scope, at: this.at });
      this.script.heredocs.push({ pieces, file, program });
    }
  }

  /** `cat <<EOF | tee config.yaml`: the last command of the pipe writes the text. */
  private piped({ commands }: Pipeline): void {
    const last = commands.at(-1);
    const heredoc = this.script.heredocs.at(-1);
    if (!heredoc || heredoc.file !== null || last?.type !== 'Command' || last.name?.value !== 'tee') return;
    const file = last.suffix.find((node) => node.type === 'Word' && !node.value.startsWith('-'));
    if (file?.type === 'Word') this.script.heredocs.splice(-1, 1, { ...heredoc, file: file.value });
  }
}
