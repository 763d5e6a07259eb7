export type Exactness = 'exact' | 'nearly' | 'approximate';

/** Something a plan cannot do, or a user must know, with a stable code. */
export interface Caveat {
  code: string;
  message: string;
  /** The exactness that the plan is limited to; absent if the caveat is only worth knowing. */
  limits?: Exactness;
}

/** From the most to the least. */
export const EXACTNESS: readonly Exactness[] = ['exact', 'nearly', 'approximate'];

const weightOf = ({ limits }: Caveat): number => EXACTNESS.indexOf(limits ?? 'exact');

/** Sorts caveats by how much they limit, most first; equal caveats keep their order. */
export const byWeight = (caveats: readonly Caveat[]): Caveat[] =>
  caveats.toSorted((one, other) => weightOf(other) - weightOf(one));

/** The exactness that remains after all caveats. */
export const worstOf = (start: Exactness, caveats: readonly Caveat[]): Exactness =>
  EXACTNESS[Math.max(EXACTNESS.indexOf(start), ...caveats.map(weightOf))] ?? 'approximate';
