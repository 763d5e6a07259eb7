import type { ExperimentSpec, RunResult, VariantSpec } from '../spec';

/** The part of an experiment that one worker trains. */
export interface Share {
  spec: ExperimentSpec;
  /** Index of each variant in the whole experiment; null if the variant is trained only as a reference. */
  places: readonly (number | null)[];
}

/**
 * Splits the variants, in order, into `count` shares of about equal size. Variants are independent, and the method of
 * each product depends only on the shape of one matrix, so a share gives the bits of the whole run.
 */
export function sharesOf(spec: ExperimentSpec, count: number): Share[] {
  const { variants } = spec;
  const size = Math.ceil(variants.length / Math.max(1, Math.min(count, variants.length)));
  const starts = variants.flatMap((_, i) => (i % size === 0 ? [i] : []));
  return starts.map((start) => {
    const own = variants.slice(start, start + size);
    const references = own.map((variant) => referenceOf(variant, variants));
    const missing = [...new Set(references)].filter((reference) => !own.includes(reference));
    return {
      spec: { ...spec, variants: [...missing, ...own] },
      places: [...missing.map(() => null), ...own.map((_, i) => start + i)],
    };
  });
}

/** The variant that another's weights are compared with: the baseline of its draw, or the first variant. */
function referenceOf({ draw }: VariantSpec, variants: readonly VariantSpec[]): VariantSpec {
  const base = variants.find((other) => other.role === 'base' && other.draw === draw) ?? variants[0];
  if (!base) throw new Error('an experiment without variants has no shares');
  return base;
}

/** Merges the results of all shares, up to the last step that every share has finished. */
export function together(spec: ExperimentSpec, shares: readonly Share[], results: readonly RunResult[]): RunResult {
  const losses: number[][] = spec.variants.map(() => []);
  const weightDeviation = spec.variants.map(() => Number.NaN);
  shares.forEach(({ places }, share) => {
    places.forEach((place, i) => {
      if (place === null) return;
      losses[place] = results[share]?.losses[i] ?? [];
      weightDeviation[place] = results[share]?.weightDeviation[i] ?? Number.NaN;
    });
  });
  const steps = Math.min(...losses.map((curve) => curve.length));
  return {
    backend: results[0]?.backend ?? 'wasm',
    losses: losses.map((curve) => curve.slice(0, steps)),
    weightDeviation,
    ...(results.some(({ losesBits }) => losesBits) ? { losesBits: true } : {}),
    stopped: results.some(({ stopped }) => stopped),
    ms: Math.max(0, ...results.map(({ ms }) => ms)),
  };
}

/** Merges the live points of all shares: it reports a step once every share has finished it. */
export function pointsTogether(
  spec: ExperimentSpec,
  shares: readonly Share[],
  tell: (points: { from: number; losses: number[][] }) => void,
): (share: number, losses: readonly (readonly number[])[]) => void {
  const waiting: number[][] = spec.variants.map(() => []);
  let told = 0;
  return (share, losses) => {
    shares[share]?.places.forEach((place, i) => {
      if (place === null) return;
      for (const loss of losses[i] ?? []) waiting[place]?.push(loss);
    });
    const ready = Math.min(...waiting.map((curve) => curve.length));
    if (ready === 0) return;
    tell({ from: told, losses: waiting.map((curve) => curve.splice(0, ready)) });
    told += ready;
  };
}
