import type { Scope } from '../variables';
import { plain, type Token } from './tokens';

/** More jumps than anybody wrote are not followed. */
const MAX_JUMPS = 500;

/** Any label: `goto %CHOICE%`. */
const ANY = '*';

/** Where a script of `goto` and `call :label` goes on, and what its variables may hold there. */
export class Jumps {
  /** Where each label stands. */
  private readonly labels = new Map<string, number>();
  /** Every place that sets a variable, and its name. */
  private readonly sets: { at: number; name: string }[] = [];
  /** The last `goto` that leads back to a label above it. */
  private readonly returns = new Map<string, number>();
  private readonly called = new Set<string>();
  /** The last `goto` that leads nobody knows where. */
  private lastAny = -1;
  /** Where subroutines end, come what may. */
  private readonly exits: number[] = [];
  private readonly arrivals = new Map<string, Scope[]>();
  private readonly left = new WeakSet<Scope>();
  private count = 0;

  /** Whether the script calls one of its labels, which then has its own arguments (`%1`). */
  get callsLabels(): boolean {
    return this.called.size > 0;
  }

  constructor(tokens: readonly Token[]) {
    let depth = 0;
    for (const [at, token] of tokens.entries()) {
      if (token.kind === 'mark' && /[()]/.test(token.text)) depth += token.text === '(' ? 1 : -1;
      if (token.kind === 'label' && !this.labels.has(token.text)) this.labels.set(token.text, at);
      if (token.kind !== 'word') continue;
      const words = tokens.slice(at, at + 3).flatMap((own) => (own.kind === 'word' ? [plain(own)] : []));
      const { kind, label } = jumpOf(words);
      if (kind === 'call') this.called.add(label);
      if (kind === 'goto' && label === ANY) this.lastAny = at;
      else if (kind === 'goto' && this.labels.has(label)) this.returns.set(label, at);
      const before = tokens[at - 1];
      const isLine = before?.kind === 'label' || (before?.kind === 'mark' && before.text === '\n');
      if (kind === 'exit' && isLine && depth <= 0) this.exits.push(at);
      const name = setName(words);
      if (name !== null) this.sets.push({ at, name });
    }
  }

  /** Whether what ran there went elsewhere, so that nothing behind it runs. */
  hasLeft(scope: Scope): boolean {
    return this.left.has(scope);
  }

  leave(scope: Scope): void {
    this.left.add(scope);
  }

  /** @param isReached whether what runs there may run, as far as its own condition tells */
  fork(scope: Scope, isReached = true): Scope {
    const fork = scope.fork();
    if (!isReached || this.hasLeft(scope)) this.leave(fork);
    return fork;
  }

  /**
   * `goto`, `exit` and `call :label`.
   * @param at the place of the command
   * @returns whether it is one of these
   */
  follow(words: readonly string[], at: number, scope: Scope): boolean {
    const { kind, label } = jumpOf(words);
    if (kind === null) return false;
    this.count += 1;
    if (this.count > MAX_JUMPS || this.hasLeft(scope)) return true;
    if (kind === 'call') {
      // A subroutine may call any other.
      for (const own of this.called) {
        const start = this.labels.get(own) ?? Infinity;
        scope.forget(this.setBetween(start, this.exits.find((exit) => exit > start) ?? Infinity));
      }
      return true;
    }
    if (kind === 'goto' && (label === ANY || (this.labels.get(label) ?? -1) > at)) {
      this.arrivals.set(label, [...(this.arrivals.get(label) ?? []), scope.fork()]);
    }
    this.leave(scope);
    return true;
  }

  /** At a label: what all ways to it have in common, and what no way back to it may have changed. */
  arrive(label: string, at: number, scope: Scope): void {
    if (this.labels.get(label) !== at) return;
    this.count += 1;
    if (this.count > MAX_JUMPS) return;
    const ways = [...(this.arrivals.get(label) ?? []), ...(this.arrivals.get(ANY) ?? [])];
    if (!this.hasLeft(scope)) ways.push(scope.fork());
    const back = Math.max(this.returns.get(label) ?? -1, this.lastAny);
    const isCalled = this.called.has(label);
    // No way leads here.
    if (ways.length === 0 && !isCalled && back < at) return;
    if (ways.length > 0) scope.merge(ways);
    if (ways.length === 0 || isCalled) scope.merge([scope.insideFunction()]);
    scope.forget(this.setBetween(at, back));
    this.left.delete(scope);
  }

  /** What is set between two places of the script, in whichever order they run. */
  setBetween(start: number, end: number): Set<string> {
    return new Set(this.sets.filter(({ at }) => at > start && at < end).map(({ name }) => name));
  }
}

interface Jump {
  kind: 'goto' | 'call' | 'exit' | null;
  label: string;
}

/** What a command's words make of it: `goto :eof` ends a script or a subroutine, as `exit /b` does. */
function jumpOf([first = '', second = '']: readonly string[]): Jump {
  const name = first.replace(/^@/, '').toLowerCase();
  const joined = /^goto:?$|^goto:(.+)$/.exec(name);
  if (name === 'exit') return { kind: 'exit', label: '' };
  if (joined) {
    const label = (joined[1] ?? second).toLowerCase();
    const own = label.replace(/^:/, '');
    if (own === 'eof') return { kind: 'exit', label: '' };
    return { kind: 'goto', label: /[%!]/.test(own) ? ANY : own };
  }
  if (name === 'call' && second.startsWith(':')) return { kind: 'call', label: second.slice(1).toLowerCase() };
  return { kind: null, label: '' };
}

/** The name that `set` gives a value. */
function setName([first = '', second = '', third = '']: readonly string[]): string | null {
  if (first.replace(/^@/, '').toLowerCase() !== 'set') return null;
  const text = /^\/[ap]$/i.test(second) ? third : second;
  return /^([^=\s]+?)[-+*/%]?(?:=|$)/.exec(text)?.[1]?.toUpperCase() ?? null;
}
