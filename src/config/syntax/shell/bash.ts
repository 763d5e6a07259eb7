import * as l10n from '@vscode/l10n';
import {
  forEachChild,
  parse,
  type Command,
  type For,
  type Pipeline,
  type Redirection,
  type Select,
  type SyntaxNode,
  type Word,
} from 'unbash';
import { countWhile } from '../search';
import type { ParseFailure, Root } from '../tree';
import { assignersIn } from './assigners';
import { Expander } from './expand';
import { Scope, type Naming } from './scope';
import { Script, type Heredoc } from './script';
import type { VariableValue } from './variables';
import { textOf } from './words';

/** `$ALPHA` and `export ALPHA`; a bare name in arithmetic, indices, slices and numeric tests. */
const NAMING: Naming = {
  sign: /\$\{?[#!]?$|\b(?:export|declare|typeset|local|readonly)\s[^\n;]{0,200}$/,
  bare: /\(\(|\$\[|\blet\b|\s-(?:eq|ne|lt|le|gt|ge|v)\s|\w\[[A-Za-z_(]|\$\{\w+:[^-=+?]/,
  unnamed: /\$\{!|\bset\s[^\n;]{0,100}(?:(?<=\s)-\w{0,20}a|allexport)/,
  isFirstOfList: true,
};
/** Builtins that run no program, so their words are not flags. */
const SILENT = new Set('[ test : eval unset read mapfile readarray getopts printf let trap set'.split(' '));

interface ParsedScript {
  ok: true;
  roots: readonly Root[];
  heredocs: readonly Heredoc[];
}

/**
 * Parse a shell script: one root for each command with flags, in the order of the text, and a last one for
 * the script's assignments. Never throws, and never runs anything.
 */
export function parseShell(source: string, programs?: ReadonlySet<string>): ParsedScript | ParseFailure {
  const { text, at: placeOf } = withoutReturns(source);
  // After a final backslash, the parser's range is one character too long.
  const at = (offset: number): number => placeOf(Math.min(offset, text.length));
  const parsed = parse(text);
  const [error] = parsed.errors ?? [];
  if (error) {
    return { ok: false, offset: at(error.pos), message: l10n.t`This is not a valid shell script: ${error.message}.` };
  }
  const script = new Script(source, programs);
  const scope = new Scope(script, assignersIn(parsed, at), NAMING);
  new ShellReader(script, scope, new Expander(scope, at)).read(parsed);
  return { ok: true, roots: script.roots(), heredocs: script.heredocs };
}

/** The script with Unix line ends and without its byte order mark, and the offsets of the file. */
function withoutReturns(source: string): { text: string; at: (offset: number) => number } {
  const lead = source.startsWith('\uFEFF') ? 1 : 0;
  // Offsets in the new text of line feeds whose carriage return was removed.
  const feeds: number[] = [];
  const text = source.slice(lead).replace(/\r\n/g, (_, index: number) => {
    feeds.push(index - feeds.length);
    return '\n';
  });
  return { text, at: (offset) => offset + lead + countWhile(feeds, (feed) => feed < offset) };
}

/** Code that may not run, may run again, or has its own variables. */
const BLOCKS = new Set(['Elif', 'While', 'CaseItem', 'Function', 'Subshell', 'ArithmeticFor', 'Coproc']);
const LISTS = new Set([
  'Script',
  'CompoundList',
  'Statement',
  'AndOr',
  'Pipeline',
  'Redirected',
  'If',
  'BraceGroup',
  'Case',
]);

/** Collects the commands, variables and heredocs of a script, from its first line to its last. */
class ShellReader {
  constructor(
    private readonly script: Script,
    private readonly scope: Scope,
    private readonly expander: Expander,
  ) {}

  read(node: SyntaxNode): void {
    if (node.type === 'Command') this.command(node);
    else if (node.type === 'For' || node.type === 'Select') this.loop(node);
    else if (BLOCKS.has(node.type)) this.scope.block(() => this.children(node), node.type === 'Function');
    else if (LISTS.has(node.type)) this.children(node);
    if (node.type === 'Redirected') this.heredocs('', node.redirects, []);
    if (node.type === 'Pipeline') this.piped(node);
  }

  private children(node: SyntaxNode): void {
    // What follows the first command of a list runs only if the commands before it succeed, or fail.
    const isConditional = node.type === 'AndOr' || node.type === 'If';
    const isOwnShell =
      (node.type === 'Pipeline' && node.commands.length > 1) || (node.type === 'Statement' && node.background);
    let isFirst = true;
    forEachChild(node, (child) => {
      if (isOwnShell || (isConditional && !isFirst)) this.scope.block(() => this.read(child));
      else this.read(child);
      isFirst = false;
    });
  }

  private loop({ name, wordlist = [], body }: For | Select): void {
    const words = this.expander.words(wordlist);
    this.scope.block(() => {
      this.scope.loop(name.value, this.expander.rangeOf(name), words);
      this.read(body);
    });
  }

  private command({ name, prefix, suffix, redirects, end }: Command): void {
    if (!name || /^(?:export|readonly|declare|typeset|local)$/.test(name.value)) {
      for (const node of [...prefix, ...suffix]) {
        if (node.type !== 'Assignment') continue;
        const { value, pos } = node;
        const range = this.expander.rangeOf({ pos, end: pos + node.name.length });
        const read = (): VariableValue =>
          value.type === 'ArrayValue'
            ? { kind: 'list', words: this.expander.words(value.elements) }
            : { kind: 'text', pieces: this.expander.value(value) };
        this.scope.assign(node.name, range, read, !name);
      }
      return;
    }
    const given = suffix.filter((node) => node.type === 'Word');
    if (name.value === 'read') this.fill(given, redirects);
    if (SILENT.has(name.value)) return;
    const words = this.expander.words([name, ...given]);
    this.script.run(words, this.expander.rangeOf({ pos: name.pos, end }));
    this.heredocs(name.value, redirects, words.slice(1).map(textOf));
  }

  /** `read -r -d '' FLAGS <<EOF`: the variable holds the heredoc. */
  private fill(words: readonly Word[], redirects: readonly Redirection[]): void {
    const [heredoc, more] = redirects.filter((node) => node.type === 'HereDoc');
    const name = words.at(-1);
    const isWhole = /^(?:-r -d|-rd) (?:''|"") [A-Za-z_]\w*$/.test(words.map(({ text }) => text).join(' '));
    if (!name || !heredoc || more || !isWhole) return;
    this.scope.assign(name.value, this.expander.rangeOf(name), () => {
      return { kind: 'text', pieces: this.expander.body(heredoc) };
    });
  }

  /** `cat > config.yaml <<EOF`, `tee config.yaml <<EOF`, `python - <<EOF`. */
  private heredocs(program: string, redirects: readonly Redirection[], args: readonly (string | null)[]): void {
    const output = redirects.find((node) => node.type === 'Redirect' && /^(?:>|>>|>\|)$/.test(node.operator));
    // Only the end of the name matters, which is rarely a variable.
    const target = output?.type === 'Redirect' ? output.target?.value : undefined;
    const file = target ?? (program === 'tee' ? (args.find((arg) => arg?.startsWith('-') === false) ?? null) : null);
    for (const node of redirects) {
      if (node.type === 'HereDoc') this.script.heredocs.push({ pieces: this.expander.body(node), file, program });
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
