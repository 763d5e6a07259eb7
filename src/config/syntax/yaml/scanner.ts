import { Characters, SPACES, shown } from './characters';
import { scanAnchor, scanDirective, scanTag } from './scan-marks';
import { scanBlock, scanPlain, scanQuoted, type ScannedScalar } from './scan-scalar';
import type { MarkId, YamlToken, TokenId } from './tokens';

/** A place where a key may begin. The `:` that would confirm the key is not read yet. */
interface SimpleKey {
  /** The number of its token. */
  token: number;
  /** Nothing but a key may stand there. */
  required: boolean;
  at: number;
  line: number;
  column: number;
}

/** A key is at most this long. */
const MAX_KEY = 1024;

/**
 * The tokens of a YAML text as PyYAML sees them, which is YAML 1.1 with its own leniencies: text in quotes and lists in
 * brackets may go on at any indentation, tabs separate nothing.
 * @see https://github.com/yaml/pyyaml/blob/6.0.3/lib/yaml/scanner.py (MIT licence: scripts/notices.mjs)
 */
export class YamlScanner {
  private readonly source: Characters;
  private tokens: YamlToken[] = [];
  /** Tokens that were taken. */
  private taken = 0;
  private isDone = false;
  /** Brackets that are open. */
  private flow = 0;
  /** The column of the block around; -1 outside of all. */
  private indent = -1;
  private readonly indents: number[] = [];
  /** Whether a key, or a block, may begin here. */
  private mayBeKey = true;
  /** Possible keys, by the number of open brackets around them; deeper ones come later. */
  private readonly keys = new Map<number, SimpleKey>();

  constructor(text: string) {
    this.source = new Characters(text);
  }

  /** The next token, which stays. */
  peek(): YamlToken {
    while (this.needsMore()) this.fetch();
    const [token] = this.tokens;
    return token ?? { id: '<stream end>', start: this.source.at, end: this.source.at };
  }

  /** Whether the next token is one of these. */
  isNext(...ids: readonly TokenId[]): boolean {
    return ids.includes(this.peek().id);
  }

  take(): YamlToken {
    const token = this.peek();
    this.tokens.shift();
    this.taken += 1;
    return token;
  }

  private needsMore(): boolean {
    if (this.isDone) return false;
    if (this.tokens.length === 0) return true;
    // The next token may turn out to be a key.
    this.dropStaleKeys();
    const [first] = this.keys.values();
    return first?.token === this.taken;
  }

  private fetch(): void {
    this.toNextToken();
    this.dropStaleKeys();
    this.unwind(this.source.column);
    const { source } = this;
    const next = source.peek();
    if (next === '\0') this.streamEnd();
    else if (next === '%' && source.column === 0) this.directive();
    else if (source.column === 0 && source.isDocumentMark()) this.documentMark();
    else if (next === '[' || next === '{') this.flowStart(next);
    else if (next === ']' || next === '}') this.flowEnd(next);
    else if (next === ',') {
      this.mayBeKey = true;
      this.dropKey();
      this.mark(next);
    } else if (next === '-' && SPACES.includes(source.peek(1))) this.blockEntry();
    else if (next === '?' && (this.flow > 0 || SPACES.includes(source.peek(1)))) this.key();
    else if (next === ':' && (this.flow > 0 || SPACES.includes(source.peek(1)))) this.value();
    else this.content(next);
  }

  private content(next: string): void {
    const { source } = this;
    const start = source.at;
    if (next === '*' || next === '&') {
      this.saveKey();
      this.mayBeKey = false;
      const name = scanAnchor(source);
      this.tokens.push({ id: next === '*' ? '<alias>' : '<anchor>', name, start, end: source.at });
    } else if (next === '!') {
      this.saveKey();
      this.mayBeKey = false;
      this.tokens.push({ id: '<tag>', tag: scanTag(source), start, end: source.at });
    } else if ((next === '|' || next === '>') && this.flow === 0) {
      this.mayBeKey = true;
      this.dropKey();
      this.scalar(scanBlock(source, this.indent));
    } else if (next === "'" || next === '"') {
      this.saveKey();
      this.mayBeKey = false;
      this.scalar(scanQuoted(source));
    } else if (this.isPlain(next)) {
      this.saveKey();
      const { endsLine, ...plain } = scanPlain(source, this.indent, this.flow > 0);
      this.mayBeKey = endsLine;
      this.scalar(plain);
    } else {
      source.stop(`while scanning for the next token: found character ${shown(next)} that cannot start any token`);
    }
  }

  private scalar(scalar: ScannedScalar): void {
    this.tokens.push({ id: '<scalar>', scalar, start: scalar.start, end: scalar.end });
  }

  private isPlain(next: string): boolean {
    if (!`${SPACES}-?:,[]{}#&*!|>'"%@\``.includes(next)) return true;
    return !SPACES.includes(this.source.peek(1)) && (next === '-' || (this.flow === 0 && '?:'.includes(next)));
  }

  private toNextToken(): void {
    const { source } = this;
    if (source.at === 0 && source.peek() === '\uFEFF') source.forward();
    for (;;) {
      source.skip(' ');
      source.comment();
      if (source.lineBreak() === '') return;
      if (this.flow === 0) this.mayBeKey = true;
    }
  }

  private mark(id: MarkId, length = 1): void {
    const start = this.source.at;
    this.source.forward(length);
    this.tokens.push({ id, start, end: this.source.at });
  }

  /** A token that stands for nothing in the text. */
  private implied(id: MarkId, at = this.source.at): YamlToken {
    return { id, start: at, end: at };
  }

  private streamEnd(): void {
    this.unwind(-1);
    this.dropKey();
    this.mayBeKey = false;
    this.keys.clear();
    this.tokens.push(this.implied('<stream end>'));
    this.isDone = true;
  }

  private directive(): void {
    this.unwind(-1);
    this.dropKey();
    this.mayBeKey = false;
    const start = this.source.at;
    const directive = scanDirective(this.source);
    this.tokens.push({ id: '<directive>', directive, start, end: this.source.at });
  }

  private documentMark(): void {
    this.unwind(-1);
    this.dropKey();
    this.mayBeKey = false;
    this.mark(this.source.peek() === '-' ? '<document start>' : '<document end>', 3);
  }

  private flowStart(id: '[' | '{'): void {
    this.saveKey();
    this.flow += 1;
    this.mayBeKey = true;
    this.mark(id);
  }

  private flowEnd(id: ']' | '}'): void {
    this.dropKey();
    this.flow -= 1;
    this.mayBeKey = false;
    this.mark(id);
  }

  private blockEntry(): void {
    if (this.flow === 0) {
      if (!this.mayBeKey) this.source.stop('sequence entries are not allowed here');
      if (this.indentTo(this.source.column)) this.tokens.push(this.implied('<block sequence start>'));
    }
    this.mayBeKey = true;
    this.dropKey();
    this.mark('-');
  }

  private key(): void {
    if (this.flow === 0) {
      if (!this.mayBeKey) this.source.stop('mapping keys are not allowed here');
      if (this.indentTo(this.source.column)) this.tokens.push(this.implied('<block mapping start>'));
    }
    this.mayBeKey = this.flow === 0;
    this.dropKey();
    this.mark('?');
  }

  private value(): void {
    const key = this.keys.get(this.flow);
    if (key) {
      this.keys.delete(this.flow);
      const before = key.token - this.taken;
      this.tokens.splice(before, 0, this.implied('?', key.at));
      if (this.flow === 0 && this.indentTo(key.column)) {
        this.tokens.splice(before, 0, this.implied('<block mapping start>', key.at));
      }
      this.mayBeKey = false;
    } else {
      if (this.flow === 0) {
        if (!this.mayBeKey) this.source.stop('mapping values are not allowed here');
        if (this.indentTo(this.source.column)) this.tokens.push(this.implied('<block mapping start>'));
      }
      this.mayBeKey = this.flow === 0;
      this.dropKey();
    }
    this.mark(':');
  }

  private saveKey(): void {
    const required = this.flow === 0 && this.indent === this.source.column;
    if (!this.mayBeKey) return;
    this.dropKey();
    const { at, line, column } = this.source;
    this.keys.set(this.flow, { token: this.taken + this.tokens.length, required, at, line, column });
  }

  private dropKey(): void {
    const key = this.keys.get(this.flow);
    if (key?.required) this.missingColon(key);
    this.keys.delete(this.flow);
  }

  /** A key is on one line, and not too long. */
  private dropStaleKeys(): void {
    const { at, line, text } = this.source;
    for (const [level, key] of this.keys) {
      if (key.line === line && !isLong(text, key.at, at)) continue;
      if (key.required) this.missingColon(key);
      this.keys.delete(level);
    }
  }

  private missingColon({ at }: SimpleKey): never {
    return this.source.stop("while scanning a simple key: could not find expected ':'", at);
  }

  /** Ends the blocks that are further in than `column`. */
  private unwind(column: number): void {
    if (this.flow > 0) return;
    while (this.indent > column) {
      this.indent = this.indents.pop() ?? -1;
      this.tokens.push(this.implied('<block end>'));
    }
  }

  private indentTo(column: number): boolean {
    if (this.indent >= column) return false;
    this.indents.push(this.indent);
    this.indent = column;
    return true;
  }
}

/** Whether more characters stand between two offsets than a key may have; a pair of surrogates is one. */
function isLong(text: string, start: number, end: number): boolean {
  if (end - start <= MAX_KEY) return false;
  if (end - start > 2 * MAX_KEY) return true;
  return [...text.slice(start, end)].length > MAX_KEY;
}
