/** Names that a pattern is taken apart into at the most; of more, the first stand for all. */
const MOST_NAMES = 512;

/** Groups within groups; nobody writes more. */
const DEEPEST = 100;

/** Stands for whatever a pattern leaves open. */
export const ANY = '*';

/** Whether a text is a regular expression, and not the name of a module. */
export function isPattern(text: string): boolean {
  return /[\\^$*+?()[\]{}|]/.test(text);
}

/**
 * The names a regular expression for modules is made of: `.*\.(self_attn|mlp)\.(q|v)_proj` gives
 * `*.self_attn.q_proj` and three more, with {@link ANY} for what it leaves open. Alternatives are written out; what is
 * repeated, optional or a class of characters counts as open. The expression itself is never run: it is somebody's
 * file, and some expressions never end.
 */
export function namesOfPattern(pattern: string): string[] {
  const reader = new PatternReader(pattern);
  return [...new Set(reader.alternatives().map((name) => name.replace(/\*{2,}/g, ANY)))];
}

class PatternReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly pattern: string) {}

  /** Everything up to the end, or to the parenthesis that closes this group. */
  alternatives(): string[] {
    const all: string[] = [];
    let names = [''];
    while (this.at < this.pattern.length && this.pattern[this.at] !== ')') {
      if (this.pattern[this.at] === '|') {
        this.at++;
        all.push(...names);
        names = [''];
        continue;
      }
      const piece = this.piece();
      const pieces = this.isRepeated() ? [ANY] : piece;
      const kept = names.slice(0, Math.ceil(MOST_NAMES / pieces.length));
      names = kept.flatMap((name) => pieces.map((next) => name + next)).slice(0, MOST_NAMES);
    }
    return [...all, ...names].slice(0, MOST_NAMES);
  }

  /** One character, class or group, as the texts it can be. */
  private piece(): string[] {
    const [char = '', next = ''] = [this.pattern[this.at], this.pattern[this.at + 1]];
    this.at++;
    switch (char) {
      case '(':
        return this.group();
      case '[':
        while (this.at < this.pattern.length && this.pattern[this.at] !== ']') this.at++;
        this.at++;
        return [ANY];
      case '\\':
        this.at++;
        return [/[A-Za-z0-9]/.test(next) ? (/[bBAZz]/.test(next) ? '' : ANY) : next];
      case '.':
        return [ANY];
      case '^':
      case '$':
        return [''];
      default:
        return [char];
    }
  }

  /** A group behind its parenthesis. What only looks ahead or behind has no text of its own. */
  private group(): string[] {
    const sort = /^\?(?:P?<\w+>|[:=!]|<[=!])/.exec(this.pattern.slice(this.at))?.[0] ?? '';
    this.at += sort.length;
    if (this.depth >= DEEPEST) return [ANY];
    this.depth++;
    const inside = this.alternatives();
    this.depth--;
    this.at++;
    return /[=!]$/.test(sort) ? [''] : inside;
  }

  private isRepeated(): boolean {
    const repeats = /^(?:[*+?]|\{[\d,]*\})[?+]?/.exec(this.pattern.slice(this.at))?.[0];
    this.at += repeats?.length ?? 0;
    return repeats !== undefined;
  }
}
