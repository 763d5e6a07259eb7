import type { Script } from './script';
import type { VariableValue, Literal } from './variables';
import { scalarOf, wordOf } from './words';

/** How scripts of one shell refer to variables. */
export interface Naming {
  /** Matches text that ends in the sign before a variable: `${` of `${ALPHA}`. */
  sign: RegExp;
  /** Matches a script in which a bare name may be read: `$((ALPHA * 2))`. */
  bare: RegExp;
  /** Matches a script that may read variables, or pass them to programs, without naming them: `${!NAME}`, `set -a`. */
  unnamed: RegExp;
  /** Matches the beginning of a line after which everything is a comment. */
  comment: RegExp;
  /** `ALPHA` and `alpha` are one variable. */
  isCaseless?: true;
}

/** `--lora_` of `--lora_alpha`, `model.` of `model.alpha`: what follows is part of a flag's name. */
const IN_FLAG = /(?:^|[\s"'`(])--[\w.-]*$|\.$/;
const ASSIGNS = /^\s{0,2}(?:[-+*/%&|^]|<<|>>)?=(?!=)/;
/** How many characters before and after a name are looked at. */
const AROUND = 300;

/**
 * Finds mentions of a variable by searching the text, including quotes, heredocs and arithmetic. Code that is not
 * understood therefore counts as a use.
 */
export class Mentions {
  private offsets: Map<string, number[]> | null = null;
  private readonly readsBare: boolean;
  private readonly isOpen: boolean;
  private readonly source: string;

  constructor(
    private readonly script: Script,
    private readonly naming: Naming,
  ) {
    const { source } = script;
    this.source = source;
    this.readsBare = naming.bare.test(source);
    this.isOpen = naming.unnamed.test(source);
  }

  /**
   * The number that a variable is assigned, and the places that may use it. Undefined if the value is no literal
   * number, or if code may read the variable without naming it.
   * Call this only for a variable that is assigned once.
   * @param at offset of the name at the assignment
   */
  literal(name: string, at: number, held: VariableValue): Literal | undefined {
    if (this.isOpen || held.kind !== 'text') return undefined;
    const node = scalarOf(this.source, wordOf(held.pieces));
    if (node.lock !== null || typeof node.value !== 'number') return undefined;
    const uses = this.of(name).filter((offset) => offset !== at && this.takes(offset, name.length));
    const places = uses.map((offset) => ({ offset, line: this.script.lineAt(offset) }));
    const lines = new Map<number, number>();
    for (const { line } of places) lines.set(line, (lines.get(line) ?? 0) + 1);
    return { node, uses: places, lines };
  }

  private takes(offset: number, length: number): boolean {
    const before = this.before(offset);
    if (this.naming.sign.test(before)) return true;
    const line = before.slice(before.lastIndexOf('\n') + 1);
    const isComment = line.length < AROUND && this.naming.comment.test(line);
    return this.readsBare && !isComment && !IN_FLAG.test(before) && !this.gets(offset, length);
  }

  private gets(offset: number, length: number): boolean {
    return ASSIGNS.test(this.source.slice(offset + length, offset + length + 6));
  }

  private before(offset: number): string {
    return this.source.slice(Math.max(0, offset - AROUND), offset);
  }

  private of(name: string): readonly number[] {
    this.offsets ??= this.index();
    return this.offsets.get(this.naming.isCaseless ? name.toLowerCase() : name) ?? [];
  }

  private index(): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (const { 0: word, index } of this.source.matchAll(/[A-Za-z_]\w*/g)) {
      const name = this.naming.isCaseless ? word.toLowerCase() : word;
      const known = found.get(name);
      if (known) known.push(index);
      else found.set(name, [index]);
    }
    return found;
  }
}
