import type { Backend } from '../../src/experiment/backends/backend';
import { chooseBackend } from '../../src/experiment/backends/choose';
import { inBaseGauge, weightDeviations, deviationsOf } from '../../src/experiment/verdict/deviations';
import { train } from '../../src/experiment/training/train';
import type { BackendId } from '../../src/experiment/spec';
import { quiet } from '../unit/experiment/support/lab';
import type { GoldenCase, GoldenFile, GoldenTwin } from './schema';
import { translate } from './translate';

type ReplayedTwin = Pick<GoldenTwin, 'k' | 'gauge' | 'variant'> & { dev32: number; bit: boolean };

/** One case, trained by the product's own code and held against PyTorch. */
export interface Replayed {
  id: string;
  backend: BackendId;
  /** Largest relative deviation of the loss from PyTorch's float32 run. */
  dev32: number;
  twins: ReplayedTwin[];
  ok: boolean;
  /** What is wrong, where `ok` is false. */
  why?: string[];
  /** Why twins of the file are not among `twins`. */
  leftOut?: string[];
}

/**
 * Two float32 runs of one recipe differ by rounding: on well-behaved cases by a few 1e-7. Where rounding is amplified,
 * as L1 with its kinks can do, the controls (the base with A one unit in the last place off) show by how much.
 */
const CLOSE = 1e-6;

/** Where rounding is amplified a lot, as in SOAP, a run can be so many times further out than the largest control. */
const AMPLIFIED = 8;

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
  const { spec, problem, twins, leftOut } = translated;
  const chosen = await chooseBackend(backend.id, [backend], assets);
  const task = problem.taskFor(spec.variants, spec.loss);
  const { losses, weights } = await train(spec, task, quiet);
  task.dispose();

  const [base = [], ...others] = losses;
  const distances = weightDeviations(spec.variants, inBaseGauge(spec.variants, task.blocks, weights));
  const replayed = twins.map((twin, i): ReplayedTwin => {
    const dev32 = largest(deviationsOf(others[i] ?? [], base));
    return { k: twin.k, gauge: twin.gauge, variant: twin.variant, dev32, bit: dev32 === 0 && distances[i + 1] === 0 };
  });
  const dev32 = largest(deviationsOf(base, golden.loss32));
  const drift = largest(others.slice(twins.length).map((control) => largest(deviationsOf(control, base))));
  const why = [
    ...(dev32 <= Math.max(CLOSE, AMPLIFIED * drift)
      ? []
      : [`the loss is ${dev32} away from PyTorch, where rounding does ${drift}`]),
    ...replayed.flatMap((twin, i) => faultOf(twin, twins[i], drift, luckyTwins(twins))),
  ];
  const left = leftOut.length > 0 ? { leftOut } : {};
  const line = { id: golden.id, backend: chosen.backend.id, dev32, twins: replayed, ...left };
  return why.length === 0 ? { ...line, ok: true } : { ...line, ok: false, why };
}

function faultOf(
  mine: ReplayedTwin,
  theirs: GoldenTwin | undefined,
  drift: number,
  lucky: ReadonlySet<GoldenTwin>,
): string[] {
  if (!theirs) return [];
  const name = `twin ${mine.gauge} k=${mine.k} ${mine.variant}`;
  if (theirs.variant === 'rule' && theirs.bit && !mine.bit && !lucky.has(theirs)) {
    return [`${name} should have the base's bits, but is ${mine.dev32} away`];
  }
  // In float64 there is no rounding to speak of; what PyTorch's float32 run adds to it is its own rounding.
  const expected = theirs.dev64 ?? theirs.dev32;
  // torch's own run broke.
  if (expected === null || expected === undefined) return [];
  const rounding = AMPLIFIED * Math.max(CLOSE, drift);
  if (mine.dev32 <= rounding && expected <= rounding) return [];
  const wrong = mine.dev32 / expected;
  return wrong <= AS_WRONG && wrong >= 1 / AS_WRONG
    ? []
    : [`${name} is ${mine.dev32} away from the base, in PyTorch ${expected}`];
}

/**
 * Twins whose bits torch met by luck: of two powers of four in one gauge, a rule that is exact to the bit meets both, so
 * where torch itself misses one, the other is no more than rounding that fell the same way.
 */
function luckyTwins(twins: readonly GoldenTwin[]): ReadonlySet<GoldenTwin> {
  const powers = twins.filter(
    ({ variant, k, p, q }) => variant === 'rule' && p === q && Number.isInteger(Math.log2(k) / 2),
  );
  return new Set(powers.some(({ bit }) => bit === false) ? powers : []);
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most || Number.isNaN(value) ? value : most), 0);
}
