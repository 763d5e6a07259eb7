import type { Range } from '../reading';
import type { Mentions } from './mentions';
import type { Places } from './places';
import type { Script } from './script';
import { appended, changing, loopLock, type Held, type Scope, type Variable } from './variables';
import { textOf, type Word } from './words';

interface Manner {
  /** `ARGS+=(…)`. */
  append: boolean;
  /** Whether the assignment does nothing else, such as handing the variable on to every program. */
  isPlain: boolean;
}

/** Notes what a script assigns to its variables. */
export class Assignments {
  constructor(
    private readonly script: Script,
    private readonly places: Places,
    private readonly mentions: Mentions,
    private readonly scope: Scope,
  ) {}

  assign(name: string, nameRange: Range, held: Held, { append, isPlain }: Manner): void {
    const own = append ? appended(this.scope.get(name)?.held, held) : held;
    const isLiteral = isPlain && !append && this.places.isSingle(name);
    const literal = isLiteral ? this.mentions.literal(name, nameRange.start, own) : undefined;
    const variable: Variable = {
      name,
      held: own,
      line: this.lineAt(nameRange),
      nameRange,
      ...(literal && { literal }),
    };
    this.scope.set(variable);
    if (!append) this.script.assigned(this.places.isSingle(name) ? variable : this.scope.whole(variable));
  }

  /** A value that is not followed: `A[2]=8`. */
  change(name: string, nameRange: Range): void {
    this.fill(name, nameRange, changing(name));
  }

  /** A value that is set in another way than by `NAME=value`. */
  fill(name: string, nameRange: Range, held: Held): void {
    this.scope.set({ name, held, line: this.lineAt(nameRange), nameRange });
  }

  /** The variable of a loop over `words`; if there is only one, its value is known. */
  loop(name: string, nameRange: Range, words: readonly Word[], shown = name): void {
    const texts = words.map(textOf);
    const known = texts.every((text) => text !== null) ? texts : [];
    const [only] = words;
    const isOne = only !== undefined && words.length === 1 && known.length === 1;
    const lock = loopLock(shown, known, this.lineAt(nameRange));
    this.fill(name, nameRange, isOne ? { kind: 'text', pieces: only.pieces } : { kind: 'unknown', lock });
  }

  private lineAt({ start }: Range): number {
    return this.script.lineAt(start);
  }
}
