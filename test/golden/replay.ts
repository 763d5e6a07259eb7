import type { Backend } from '../../src/experiment/backends/backend';
import { chooseBackend } from '../../src/experiment/backends/choose';
import { weightDeviations } from '../../src/experiment/run';
import { linearTask } from '../../src/experiment/tasks/linear';
import { regressionLoss } from '../../src/experiment/tasks/loss';
import { train } from '../../src/experiment/train';
import { deviationsOf } from '../../src/experiment/verdict';
import type { BackendId } from '../../src/experiment/spec';
import type { GoldenCase, GoldenFile, GoldenTwin } from './schema';
import { translate } from './translate';

export interface ReplayedTwin {
  k: number;
  gauge: string;
  variant: string;
  dev32: number;
  bit: boolean;
}

/** One case, trained by the product's own code and held against PyTorch. */
export interface Replayed {
  id: string;
  backend: BackendId;
  /** Largest relative deviation of the loss from PyTorch's float32 run. */
  dev32: number;
  /** The same for the factors after the last step. */
  final32: number;
  twins: ReplayedTwin[];
  ok: boolean;
  /** What is wrong, where `ok` is false. */
  why?: string[];
}

/**
 * Two float32 runs of one recipe differ by rounding: on well-behaved cases by a few 1e-7. Where rounding is amplified,
 * as L1 with its kinks can do, the controls (the base with A one unit in the last place off) show by how much.
 */
const CLOSE = 1e-6;
const AMPLIFIED = 4;

/** A twin that is wrong on purpose must be as wrong as PyTorch's, up to this factor; below `CLOSE` nothing is said. */
const AS_WRONG = 1.25;

/** Trains a case and its twins on the backend; a string says why the case is left out. */
export async function replay(
  file: GoldenFile,
  golden: GoldenCase,
  backend: Backend,
  assets: string,
): Promise<Replayed | string> {
  const translated = translate(file, golden);
  if (typeof translated === 'string') return translated;
  const { spec, problem, twins } = translated;
  const chosen = await chooseBackend(backend.id, [backend], assets);
  const task = linearTask(problem, spec.variants, regressionLoss(spec));
  const { losses, weights } = await train(spec, task, {
    isStopped: () => false,
    pause: () => Promise.resolve(),
    onPoints: () => undefined,
  });
  task.dispose();

  const [base = [], ...others] = losses;
  const distances = weightDeviations(spec.variants, task.blocks, weights);
  const replayed = twins.map((twin, i): ReplayedTwin => {
    const dev32 = largest(deviationsOf(others[i] ?? [], base));
    return { k: twin.k, gauge: twin.gauge, variant: twin.variant, dev32, bit: dev32 === 0 && distances[i + 1] === 0 };
  });
  const dev32 = largest(deviationsOf(base, golden.loss32));
  const final32 = finalDeviation(golden, weights[0] ?? new Float32Array(), problem, spec.variants.length);
  const drift = largest(others.slice(twins.length).map((control) => largest(deviationsOf(control, base))));
  const why = [
    ...(dev32 <= Math.max(CLOSE, AMPLIFIED * drift)
      ? []
      : [`the loss is ${dev32} away from PyTorch, where rounding does ${drift}`]),
    ...replayed.flatMap((twin, i) => faultOf(twin, twins[i], drift)),
  ];
  const line = { id: golden.id, backend: chosen.backend.id, dev32, final32, twins: replayed };
  return why.length === 0 ? { ...line, ok: true } : { ...line, ok: false, why };
}

function faultOf(mine: ReplayedTwin, theirs: GoldenTwin | undefined, drift: number): string[] {
  if (!theirs) return [];
  const name = `twin ${mine.gauge} k=${mine.k} ${mine.variant}`;
  if (theirs.bit && !mine.bit) return [`${name} should have the base's bits, but is ${mine.dev32} away`];
  const expected = Math.max(theirs.dev32 ?? 0, theirs.dev64 ?? 0);
  const rounding = AMPLIFIED * Math.max(CLOSE, drift);
  if (mine.dev32 <= rounding && expected <= rounding) return [];
  const wrong = mine.dev32 / (theirs.dev64 ?? theirs.dev32 ?? 0);
  return wrong <= AS_WRONG && wrong >= 1 / AS_WRONG
    ? []
    : [`${name} is ${mine.dev32} away from the base, in PyTorch ${theirs.dev64}`];
}

/** Largest deviation of an element of A or B after the last step, relative to the largest element of that factor. */
function finalDeviation(
  { final }: GoldenCase,
  weights: Float32Array,
  { rank, width }: { rank: number; width: number },
  variants: number,
): number {
  const size = rank * width;
  const [a, b] = [final.A0 ?? [], final.B0 ?? []];
  const mine = (start: number) => (i: number) => weights[start + i] ?? Number.NaN;
  const ofA = mine(0);
  const ofB = mine(variants * size);
  return Math.max(
    deviation(a, (i) => ofA(i)),
    // B is kept transposed.
    deviation(b, (i) => ofB((i % rank) * width + Math.floor(i / rank))),
  );
}

function deviation(reference: readonly number[], mine: (index: number) => number): number {
  const size = largest(reference.map(Math.abs));
  return largest(reference.map((value, i) => Math.abs(mine(i) - value))) / size;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most || Number.isNaN(value) ? value : most), 0);
}
