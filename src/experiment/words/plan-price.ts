import * as l10n from '@vscode/l10n';
import type { Exactness } from '../../recipe/caveats/caveat';
import type { PlanId } from '../../recipe/plans/plan';
import type { ExperimentSpec } from '../spec';
import type { Verdict } from '../verdict';
import { deviationLabel } from './sizes';

/**
 * Plan → how far its run, with the numbers as they will be written, is from the baseline; null if unknown or infinite.
 * @param chosen the plan of the rescaled variant; null where there is none
 */
export function measuredPlans(
  { variants }: ExperimentSpec,
  { deviations }: Pick<Verdict, 'deviations'>,
  chosen: PlanId | null,
): Record<string, number | null> {
  const measured: Record<string, number | null> = {};
  variants.forEach(({ role, name }, index) => {
    const deviation = deviations[index] ?? null;
    const value = deviation !== null && Number.isFinite(deviation) ? deviation : null;
    if (chosen && (role === 'rescaled' || role === 'as-written')) measured[chosen] = value;
    if (role === 'plan') measured[name] = value;
  });
  return measured;
}

/** What a plan costs: what a run measured, or what the algebra says. */
export function priceOf({
  exactness,
  says,
  measured,
}: {
  exactness: Exactness;
  says: string;
  measured: number | null;
}): {
  text: string;
  good: boolean;
} {
  if (exactness === 'exact') return { text: measured === 0 ? l10n.t('exact, same bits') : l10n.t('exact'), good: true };
  const off = measured === null || measured === 0 ? '' : l10n.t`off by ${deviationLabel(measured)}`;
  return { text: off || says, good: exactness === 'nearly' };
}
