import { EXPRESSION, type Held } from '../variables';
import { wordOf, type Piece, type Word } from '../words';

const COMPUTED: Held = { kind: 'unknown', lock: EXPRESSION };

/** The elements of an expression while it is read: commas and line ends part them, pluses join what is in one. */
export class Elements {
  private readonly parts: Held[] = [];
  /** Of the element that is being read, and how many `+` stand in it. */
  private operands: Held[] = [];
  private pluses = 0;
  private isList = false;
  /** Whether nothing stands in it that would have to be computed. */
  private isPlain = true;

  /** Whether a plus stands last, so that the next line belongs to it. */
  get goesOn(): boolean {
    return this.pluses > 0 && this.pluses === this.operands.length;
  }

  /** A value; behind another one, without a plus between them, it begins an element of its own. */
  add(held: Held): void {
    if (this.operands.length > this.pluses) {
      // `16 * 2`, `-not $x`: computed, unless it is one of several anyway.
      this.isPlain &&= this.isList;
      this.close();
    }
    this.operands.push(held);
  }

  /** `@(…)`: an array, however many are in it. */
  addArray(held: Held): void {
    this.add(asList(held));
    this.isList = true;
  }

  /** @returns whether a plus may stand here; another one is a word like any other */
  plus(): boolean {
    if (this.operands.length <= this.pluses) return false;
    this.pluses += 1;
    return true;
  }

  comma(): void {
    // A comma binds tighter than a plus.
    if (this.pluses > 0) this.isPlain = false;
    this.isList = true;
    this.close();
  }

  /** Within brackets every line is an element. */
  lineEnd(): void {
    if (this.goesOn) return;
    this.close();
    this.isList ||= this.parts.length > 0;
  }

  /** Something stands here of which the value is not looked for. */
  compute(): void {
    this.isPlain = false;
  }

  value(): Held {
    this.close();
    const [only] = this.parts;
    if (!this.isPlain && !this.isList) return COMPUTED;
    if (only && !this.isList) return only;
    return { kind: 'list', words: this.parts.flatMap((part) => wordsOf(part)) };
  }

  private close(): void {
    const [only] = this.operands;
    if (only) this.parts.push(this.pluses > 0 ? sumOf(this.operands, this.pluses) : only);
    this.operands = [];
    this.pluses = 0;
  }
}

/** `"--rank=" + $rank`, `$own + $further`: what is on the left decides what a plus does. Numbers are computed. */
function sumOf(operands: readonly Held[], pluses: number): Held {
  const [first, ...rest] = operands;
  if (!first || operands.length !== pluses + 1) return COMPUTED;
  if (first.kind === 'list') return { kind: 'list', words: operands.flatMap((held) => wordsOf(held)) };
  const texts = rest.flatMap((held) => (held.kind === 'list' ? [] : [piecesOf(held)]));
  const isText = first.kind === 'text' && first.pieces[0]?.quoted === true && texts.length === rest.length;
  return isText ? { kind: 'text', pieces: [...first.pieces, ...texts.flat()] } : COMPUTED;
}

/** The words that a value makes on a command line. */
export function wordsOf(held: Held): readonly Word[] {
  return held.kind === 'list' ? held.words : [wordOf(piecesOf(held))];
}

function piecesOf(held: Exclude<Held, { kind: 'list' }>): readonly Piece[] {
  if (held.kind === 'text') return held.pieces;
  return [{ text: null, range: { start: 0, end: 0 }, exact: false, quoted: false, lock: held.lock }];
}

/** The value as an array, of one element where it is none. */
export function asList(held: Held): Held {
  return held.kind === 'unknown' ? held : { kind: 'list', words: wordsOf(held) };
}
