import type { Scalar } from '../syntax/tree';

/**
 * What a text with `${…}` in it consists of, by OmegaConf's grammar (omegaconf/grammar/*.g4, version 2.3): its letters,
 * references to other keys, and calls of resolvers.
 */
export type Piece = string | Reference | Call;

export interface Reference {
  kind: 'reference';
  /** Dots in front: 1 is the map the value stands in, 2 the one around it; 0 the whole file. */
  dots: number;
  /** A step that is a piece itself, as in `${a.${b}}`, is only known once that is resolved. */
  steps: readonly Step[];
}

export interface Step {
  name: string | Reference | Call;
  /** In brackets: what comes out of a piece is one step, whatever dots it holds. */
  isBracketed: boolean;
}

/** `${oc.env:X,16}` */
export interface Call {
  kind: 'call';
  resolver: string;
  args: readonly Argument[];
}

export interface Argument {
  /** As it is written. */
  source: string;
  /** Null where it is a list or a map. */
  pieces: readonly Piece[] | null;
  isQuoted: boolean;
}

/** Levels of `${` in each other that are followed. */
const MAX_LEVELS = 20;

class Broken extends Error {}

/** The pieces of a text, or null where OmegaConf would stop on it. */
export function piecesOf(text: string): readonly Piece[] | null {
  try {
    return new Reader(text, 0).text();
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

/** A number, a switch, null or a text, as a resolver takes an argument without quotes. */
export function primitiveOf(source: string): Scalar {
  if (/^null$/i.test(source)) return null;
  if (/^(?:true|false)$/i.test(source)) return /^t/i.test(source);
  if (/^[+-]?inf$/i.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(source)) return Number.NaN;
  const isNumber = /^[+-]?(?:(?:0|[1-9][\d_]*)(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?$/.test(source);
  return isNumber ? Number(source.replaceAll('_', '')) : source;
}

class Reader {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly level: number,
  ) {
    if (level > MAX_LEVELS) throw new Broken();
  }

  /** Letters and interpolations up to the end. Backslashes mean something before `${` alone. */
  text(): Piece[] {
    const pieces: Piece[] = [];
    while (this.at < this.source.length) {
      const open = this.source.indexOf('${', this.at);
      const end = open === -1 ? this.source.length : open;
      let slashes = 0;
      while (end - slashes > this.at && open !== -1 && this.source[end - slashes - 1] === '\\') slashes += 1;
      const letters = this.source.slice(this.at, end - slashes) + '\\'.repeat(Math.floor(slashes / 2));
      this.at = end;
      if (open !== -1 && slashes % 2 === 1) {
        pieces.push(`${letters}\${`);
        this.at = end + 2;
        continue;
      }
      if (letters !== '') pieces.push(letters);
      if (open !== -1) pieces.push(this.interpolation());
    }
    return pieces;
  }

  /** From `${` to its `}`. */
  private interpolation(): Reference | Call {
    if (this.level > MAX_LEVELS) throw new Broken();
    this.at += 2;
    this.match(/[ \t]*/y);
    const start = this.at;
    const resolver = this.match(/([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)[ \t]*:[ \t]*/y)?.[1];
    if (resolver !== undefined) return { kind: 'call', resolver, args: this.args() };
    this.at = start;
    return this.reference();
  }

  private reference(): Reference {
    const dots = this.match(/\.*/y)?.[0].length ?? 0;
    const steps: Step[] = [];
    for (;;) {
      const isBracketed = this.match(/\[/y) !== null;
      steps.push({ name: this.step(), isBracketed });
      if (isBracketed && !this.match(/\]/y)) throw new Broken();
      if (this.match(/[ \t]*\}/y)) return { kind: 'reference', dots, steps };
      const goesOn = this.source[this.at] === '[' || this.match(/\./y) !== null;
      if (!goesOn) throw new Broken();
    }
  }

  private step(): Step['name'] {
    if (this.source.startsWith('${', this.at)) return this.nested();
    const name = this.match(/(?:[^\\{}()[\]:. \t'"]|\\[\\.[\]:=])+/y)?.[0];
    if (name === undefined) throw new Broken();
    return name.replace(/\\([\\.[\]:=])/g, '$1');
  }

  /** An interpolation within another. */
  private nested(): Reference | Call {
    const inner = new Reader(this.source, this.level + 1);
    inner.at = this.at;
    const piece = inner.interpolation();
    this.at = inner.at;
    return piece;
  }

  /** The arguments of a resolver, and the `}` behind them. */
  private args(): Argument[] {
    if (this.match(/[ \t]*\}/y)) return [];
    const args: Argument[] = [];
    for (;;) {
      args.push(this.argument());
      if (this.match(/[ \t]*\}/y)) return args;
      if (!this.match(/[ \t]*,[ \t]*/y)) throw new Broken();
    }
  }

  private argument(): Argument {
    const start = this.at;
    const quoted = this.match(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy);
    const sourceFrom = (): string => this.source.slice(start, this.at);
    if (quoted) {
      const inner = (quoted[1] ?? quoted[2] ?? '').replace(/\\(['"])/g, '$1');
      return { source: sourceFrom(), pieces: new Reader(inner, this.level + 1).text(), isQuoted: true };
    }
    if (this.match(/[[{]/y)) {
      this.container();
      return { source: sourceFrom(), pieces: null, isQuoted: false };
    }
    const pieces: Piece[] = [];
    for (;;) {
      const letters = this.match(/(?:\\.|\$(?!\{)|[^'"{[\],}$\n\\])+/y)?.[0];
      if (letters !== undefined) pieces.push(letters.replace(/\\([\\()[\]{}:=, \t])/g, '$1'));
      else if (this.source.startsWith('${', this.at)) pieces.push(this.nested());
      else break;
    }
    const last = pieces.at(-1);
    if (typeof last === 'string') pieces[pieces.length - 1] = last.trimEnd();
    return { source: sourceFrom().trimEnd(), pieces: pieces.filter((piece) => piece !== ''), isQuoted: false };
  }

  /** A list or a map, of which only the end is looked for. */
  private container(): void {
    let open = 1;
    while (open > 0) {
      const mark = this.match(/[^[\]{}]*([[\]{}])/y)?.[1];
      if (mark === undefined) throw new Broken();
      open += mark === '[' || mark === '{' ? 1 : -1;
    }
  }

  private match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.source);
    if (found) this.at = expression.lastIndex;
    return found;
  }
}
