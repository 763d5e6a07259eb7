import type { ExperimentSpec } from '../../../src/experiment/spec';
import { deviationsOf } from '../../../src/experiment/verdict/deviations';

/** Two float32 runs of one recipe differ by rounding, by a few 1e-7; controls show by how much it is amplified. */
const CLOSE = 1e-6;
const AMPLIFIED = 8;

export interface Compared {
  /** Largest relative deviation of a loss from PyTorch's. */
  deviation: number;
  /** How far rounding alone drifts. */
  drift: number;
  /** How far the base's loss comes: what moves nothing shows nothing. */
  moved: number;
  ok: boolean;
}

/** Holds our losses, [variants][steps], against PyTorch's. */
export function compared(
  { variants }: ExperimentSpec,
  ours: readonly number[][],
  torch: readonly (readonly number[])[],
): Compared {
  const [base = []] = ours;
  const drift = Math.max(
    ...variants.flatMap(({ role }, i) => (role === 'control' ? deviationsOf(ours[i] ?? [], base) : [])),
  );
  const deviation = Math.max(...ours.flatMap((losses, i) => deviationsOf(losses, torch[i] ?? [])));
  const moved = Math.abs((base.at(-1) ?? Number.NaN) / (base[0] ?? Number.NaN) - 1);
  const ok = deviation <= Math.max(CLOSE, AMPLIFIED * drift) && moved > 0.01 && ours.length === torch.length;
  return { deviation, drift, moved, ok };
}
