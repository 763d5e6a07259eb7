import { PYTHON, type Constructs, type Repetition } from './constructs';

/** Pieces of Python: a notebook's program is read as that of a file is, so only what a notebook adds is measured there. */
const OF_FILES: ReadonlySet<string> = new Set(PYTHON.pieces);
const isNew = ({ file }: Constructs, piece: string): boolean => file !== 'cell.ipynb' || !OF_FILES.has(piece);

/** Each piece alone, and what once was slow. */
export function singlesOf(constructs: Constructs): Repetition[] {
  const singles = constructs.pieces.filter((piece) => isNew(constructs, piece)).map((piece) => ({ pieces: [piece] }));
  return [...singles, ...(constructs.known ?? [])];
}

/** All pairs of pieces, in turn and one behind another that is there once, and of the items of each place. */
export function pairsOf(constructs: Constructs): Repetition[] {
  const { pieces, places, items, syntax } = constructs;
  const pairs = pieces
    .flatMap((one) => pieces.map((other) => [one, other] as const))
    .filter((two) => two.some((piece) => isNew(constructs, piece)))
    .flatMap(([one, other]): Repetition[] => [{ pieces: [one, other] }, { once: one, pieces: [other] }]);
  if (syntax === 'notebook') return pairs;
  const ofItems = items.flatMap((one, i) => items.slice(i + 1).map((other) => [one, other] as const));
  return [...pairs, ...places.flatMap((once) => ofItems.map((two) => ({ once, pieces: two })))];
}

/** The places with one of their items, repeated. */
export function repetitionsIn({ places, items }: Constructs): Repetition[] {
  return places.flatMap((once) => items.map((item) => ({ once, pieces: [item] })));
}

/** The config with pieces `count` times behind it. */
export function repeated(
  { config, file, wrap = (text) => text }: Constructs,
  { once, pieces }: Repetition,
  count: number,
): string {
  const apart = file === 'cells.ipynb' ? '\u0000' : '';
  const one = pieces.join(apart);
  // Numbers make each repetition another text, and the text slow to make.
  const all = one.includes('#')
    ? Array.from({ length: count }, (_, i) => one.replaceAll('#', String(i)))
    : new Array<string>(count).fill(one);
  return wrap([config, ...(once === undefined ? [] : [once]), ...all].join(apart));
}
