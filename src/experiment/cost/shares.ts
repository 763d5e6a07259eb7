import type { ExperimentSpec, TrainedRun } from '../spec';

/** The part of an experiment that one worker trains; `start`: index of its first variant in the whole. */
export interface Share {
  spec: ExperimentSpec;
  start: number;
}

/**
 * Splits the variants, in order, into shares of about equal size. Variants are independent, so a share gives the bits
 * of the whole run.
 */
export function sharesOf(spec: ExperimentSpec, count: number): Share[] {
  const { variants } = spec;
  const size = Math.ceil(variants.length / Math.max(1, Math.min(count, variants.length)));
  const starts = variants.flatMap((_, i) => (i % size === 0 ? [i] : []));
  return starts.map((start) => ({ spec: { ...spec, variants: variants.slice(start, start + size) }, start }));
}

/** Merges the results of all shares, up to the last step that every share has finished. */
export function together(results: readonly TrainedRun[]): TrainedRun {
  const losses = results.flatMap((result) => result.losses);
  const steps = Math.min(...losses.map((curve) => curve.length));
  // A share that was cut off has no weights; those of the others would stand in its place.
  const isWhole = results.every(({ weights }) => weights.length > 0);
  return {
    backend: results[0]?.backend ?? 'wasm',
    losses: losses.map((curve) => curve.slice(0, steps)),
    weights: isWhole ? results.flatMap(({ weights }) => weights) : [],
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
    const start = shares[share]?.start ?? 0;
    losses.forEach((values, i) => {
      for (const loss of values) waiting[start + i]?.push(loss);
    });
    const ready = Math.min(...waiting.map((curve) => curve.length));
    if (ready === 0) return;
    tell({ from: told, losses: waiting.map((curve) => curve.splice(0, ready)) });
    told += ready;
  };
}
