/** Limit on the names of one pattern; further names are dropped. */
const MOST_NAMES = 512;

/** Limit on nested groups. */
const DEEPEST = 100;

/** Stands for a part of a name that the pattern leaves open. */
export const ANY = '*';

/** Whether a text is a regular expression, and not the name of a module. */
export function isPattern(text: string): boolean {
  return /[\\^$*+?()[\]{}|]/.test(text);
}

/**
 * Expands a regular expression for modules into names: `.*\.(self_attn|mlp)\.(q|v)_proj` gives `*.self_attn.q_proj` and
 * three more, with {@link ANY} for open parts. Alternatives are written out; repetitions, optional parts and character
 * classes are open. The expression is never run, because expressions from a file may not end.
 */
export function namesOfPattern(pattern: string): string[] {
  const reader = new PatternReader(pattern);
  return [...new Set(reader.alternatives().map((name) => name.replace(/\*{2,}/g, ANY)))];
}

class PatternReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly pattern: string) {}

  /** Reads up to the end, or to the parenthesis that closes this group. */
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

  /** Reads one character, class or group, and returns the texts it can match. */
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

  /** Reads a group after its opening parenthesis. Lookaheads and lookbehinds match no text. */
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
