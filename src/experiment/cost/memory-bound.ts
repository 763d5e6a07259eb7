import * as l10n from '@vscode/l10n';
import { bytesOf } from './memory-need';
import type { ExperimentSpec } from '../spec';

/**
 * The memory limit for the tensors of a worker. WebAssembly could use 4 GB; a quarter of it does not slow down a small
 * laptop, and is far more than any config needs.
 */
const MOST_BYTES = 2 ** 30;

/**
 * The largest number of losses. The worker holds them as JavaScript numbers (half a gigabyte), and `--json` puts all of
 * them into one string, which V8 limits to 2^29 characters.
 */
const MOST_LOSSES = 8_000_000;

/** Why a spec is too large to train and what would fit, in one sentence; null if it is not too large. */
export function tooLarge(spec: ExperimentSpec): string | null {
  const { variants, steps } = spec;
  const count = variants.length;
  if (count * steps > MOST_LOSSES) {
    const fitting = Math.floor(MOST_LOSSES / count);
    return l10n.t`${whole(count)} variants × ${whole(steps)} steps are ${whole(count * steps)} losses; the limit is ${whole(MOST_LOSSES)}. Up to ${whole(fitting)} steps would fit.`;
  }
  const bytes = bytesOf(spec);
  if (bytes <= MOST_BYTES) return null;
  return l10n.t`${whole(count)} variants of this problem need about ${gigabytes(bytes)} GB at once; the limit is ${gigabytes(MOST_BYTES)} GB. This would fit: ${whatFits(spec)}.`;
}

/** The largest spec below the limit that differs in one number. */
function whatFits(spec: ExperimentSpec): string {
  const fits = (changed: Partial<ExperimentSpec>): boolean => bytesOf({ ...spec, ...changed }) <= MOST_BYTES;
  const variants = largest(spec.variants.length, (count) => fits({ variants: spec.variants.slice(0, count) }));
  if (variants >= 2) return l10n.t`up to ${whole(variants)} variants`;
  const batches = largest(spec.batches, (count) => fits({ batches: count }));
  if (batches >= 1) return l10n.t`up to ${whole(batches)} mini-batches`;
  const batch = largest(spec.batch, (count) => fits({ batch: count }));
  if (batch >= 1) return l10n.t`mini-batches of up to ${whole(batch)} rows`;
  const rank = largest(spec.rank, (count) => fits({ rank: count }));
  return rank >= 1 ? l10n.t`a rank of up to ${whole(rank)}` : l10n.t('a smaller width');
}

/** Binary search: the largest whole number from 0 to `most` for which `holds` is true; 0 if there is none. */
function largest(most: number, holds: (count: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function gigabytes(bytes: number): string {
  return String(Number((bytes / 2 ** 30).toPrecision(2)));
}
