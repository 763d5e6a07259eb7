export type Exactness = 'exact' | 'nearly' | 'approximate';

/** Something a plan cannot do, or a user must know, with a stable code. */
export interface Caveat {
  code: string;
  message: string;
  /** What it makes of the plan's exactness; absent where it is only worth knowing. */
  limits?: Exactness;
}

const ORDER: readonly Exactness[] = ['exact', 'nearly', 'approximate'];

function weightOf({ limits }: Caveat): number {
  return ORDER.indexOf(limits ?? 'exact');
}

/** What limits most first; where two limit alike they keep their order. */
export function byWeight(caveats: readonly Caveat[]): Caveat[] {
  return caveats.toSorted((one, other) => weightOf(other) - weightOf(one));
}

/** The exactness that is left when every caveat has had its say. */
export function worstOf(start: Exactness, caveats: readonly Caveat[]): Exactness {
  return ORDER[Math.max(ORDER.indexOf(start), ...caveats.map(weightOf))] ?? 'approximate';
}
