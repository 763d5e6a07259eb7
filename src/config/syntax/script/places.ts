import type { Range } from '../../reading';
import { countWhile } from '../search';

/** A place of a script that may assign a variable. */
export interface Assigner {
  offset: number;
  /** Null if it may assign any variable: `source settings.sh`. */
  name: string | null;
}

/** The largest number of lines that a message names. */
const MAX_LINES = 8;

/** All places of a script that may assign a variable, in the order of the text. */
export class Places {
  private readonly byName = new Map<string | null, Assigner[]>();

  constructor(
    all: readonly Assigner[],
    private readonly lineAt: (offset: number) => number,
    /** Variables whose value is not what is assigned to them: `declare -i A=010`; `all` if that may be any. */
    private readonly opaque: ReadonlySet<string> | 'all' = new Set(),
  ) {
    const sorted = all.toSorted((a, b) => a.offset - b.offset);
    for (const place of sorted) {
      const known = this.byName.get(place.name);
      if (known) known.push(place);
      else this.byName.set(place.name, [place]);
    }
  }

  of(name: string | null): readonly Assigner[] {
    return this.byName.get(name) ?? [];
  }

  /** Whether one place assigns the variable, and decides what it holds. */
  isSingle(name: string): boolean {
    return this.of(name).length === 1 && this.opaque !== 'all' && !this.opaque.has(name);
  }

  /** Whether a place may assign any variable. */
  get areOpen(): boolean {
    return this.of(null).length > 0;
  }

  /** The lines of the first places that may assign the variable. */
  lines(name: string | null, range: Range = { start: 0, end: Infinity }): number[] {
    const places = this.of(name);
    const first = countWhile(places, ({ offset }) => offset < range.start);
    const within = places.slice(first, first + MAX_LINES).filter(({ offset }) => offset < range.end);
    return [...new Set(within.map(({ offset }) => this.lineAt(offset)))];
  }
}
