import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { ExperimentSpec } from '../spec';
import type { Exactness } from '../../recipe/caveats/caveat';
import type { PlanId } from '../../recipe/plans/plan';
import type { Verdict } from '../verdict/verdict';

/** A relative deviation in a table or on an axis: `0.4 %`, `3.1e-5 %`, `120×`; `0` for the same bits. */
export function deviationLabel(deviation: number): string {
  if (!Number.isFinite(deviation)) return numberLabel(deviation);
  const rounded = Number(deviation.toPrecision(2));
  if (rounded >= 100) return `${numberLabel(rounded, 2)}×`;
  return rounded === 0 ? '0' : `${numberLabel(rounded * 100, 3)} %`;
}

/** The same in a sentence: `0.4 %`, `3.1e-5 %`, `a factor of 120`, `no bit`. */
export function sizeWords(deviation: number): string {
  if (deviation === 0) return l10n.t('no bit');
  if (!Number.isFinite(deviation)) return l10n.t('more than any number');
  return deviation >= 100 ? l10n.t`a factor of ${numberLabel(deviation, 2)}` : deviationLabel(deviation);
}

/** `0.41 s` */
export function secondsLabel(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** `14 variants × 200 steps` */
export function runSize({ variants, steps }: Pick<ExperimentSpec, 'variants' | 'steps'>): string {
  return l10n.t`${variants.length} variants × ${steps} steps`;
}

/** The distance of two curves; `it diverges` if it is not finite. */
export function apart(deviation: number): string {
  return Number.isFinite(deviation) ? l10n.t`${sizeWords(deviation)} apart` : l10n.t('it diverges');
}

export function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `a`, `a and b`, `a, b and c` */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return l10n.t`${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** What a task trains. */
export function taskWords({ task, useDora, sizes }: Pick<ExperimentSpec, 'task' | 'useDora' | 'sizes'>): string {
  const [kind, layers] = [useDora ? 'DoRA' : 'LoRA', sizes?.layers ?? 2];
  if (task === 'transformer') return l10n.t`one transformer block with ${kind}`;
  if (task === 'linear' || layers === 1) return l10n.t`one ${kind} layer`;
  return l10n.t`${layers === 2 ? l10n.t('two') : String(layers)} ${kind} layers`;
}

/**
 * Plan → how far its run, as it will be written, is from the baseline; null if unknown or infinite.
 * @param chosen the plan of the rescaled variant; null where there is none
 */
export function measuredPlans(
  { variants }: ExperimentSpec,
  { deviations }: Pick<Verdict, 'deviations'>,
  chosen: PlanId | null,
): Record<string, number | null> {
  const measured: Record<string, number | null> = {};
  variants.forEach(({ role, name }, index) => {
    const deviation = deviations[index] ?? Number.NaN;
    const value = Number.isFinite(deviation) ? deviation : null;
    if (chosen && (role === 'rescaled' || role === 'as-written')) measured[chosen] = value;
    if (role === 'plan') measured[name] = value;
  });
  return measured;
}

/** What a plan costs: what a run measured, or what the algebra says. */
export function priceOf({ exactness, says, measured }: PlanPrice): { text: string; good: boolean } {
  // A claim that rests on a recording says so, whatever the small model shows.
  const isSame = measured === 0 && says === l10n.t('exact');
  if (exactness === 'exact') return { text: isSame ? l10n.t('exact, same bits') : says, good: true };
  const off = measured === null || measured === 0 ? '' : l10n.t`off by ${deviationLabel(measured)}`;
  return { text: off || says, good: exactness === 'nearly' };
}

interface PlanPrice {
  exactness: Exactness;
  says: string;
  measured: number | null;
}
