import * as l10n from '@vscode/l10n';
import { worstOf, type Caveat, type Exactness } from '../../recipe/caveats/caveat';
import { notUnderstoodHeadline } from '../understand/not-understood';
import type { NotUnderstood } from '../reading';

/** The claim of a plan about the user's run. A check proves the numbers that were read, not that all were read. */
export interface Claim {
  /** How exact the plan is for what was read, whatever was not understood. */
  asRead: Exactness;
  /** Why it is not exact: the worst limit, one sentence; null if it is exact. */
  limit: string | null;
  notUnderstood: readonly NotUnderstood[];
  /** The badge, where the claim rests on more than the file: on a recording of its run. */
  badge?: string;
}

/**
 * @param start the exactness before the caveats of the file
 * @param caveats of the plan and of the file, the worst first
 */
export function claimOf(start: Exactness, caveats: readonly Caveat[], notUnderstood: readonly NotUnderstood[]): Claim {
  const asRead = worstOf(start, caveats);
  const limit = asRead === 'exact' ? null : (caveats.find(({ limits }) => limits === asRead)?.message ?? null);
  return { asRead, limit, notUnderstood };
}

const WORDS: Readonly<Record<Exactness, readonly [whole: string, inPart: string]>> = {
  exact: [l10n.t('exact'), l10n.t('exact for what was read')],
  nearly: [l10n.t('nearly exact'), l10n.t('nearly exact for what was read')],
  approximate: [l10n.t('approximate'), l10n.t('approximate')],
};

/** `exact`, `nearly exact for what was read`, `approximate`: the badge of a plan. */
export const claimWords = ({ asRead, notUnderstood, badge }: Claim): string =>
  badge ?? WORDS[asRead][notUnderstood.length > 0 ? 1 : 0];

/** The headline if something was not understood: `Exact for what was read. Not understood: line 31, …` */
export function claimHeadline(claim: Claim): string | null {
  if (claim.notUnderstood.length === 0) return null;
  const words = claimWords(claim);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}. ${notUnderstoodHeadline(claim.notUnderstood)}`;
}
