import type { RunView } from '../../src/messages/run';

/**
 * Curves that look like a training: for looking at the page, where what counts is the shape.
 * The real ones come from src/experiment; nothing here says anything about alpha.
 */
export type Curves = RunView['curves'];

export const STEPS = 200;

export function unknownState(name: string): never {
  throw new Error(`there is no state "${name}"`);
}

/** How a curve learns: its speed, its end, and how far rounding carries it from the base. */
interface Shape {
  speed: number;
  rounding?: { amount: number; from: number; seed: number };
}

export function shaped({ speed, rounding }: Shape): number[] {
  const random = generator(rounding?.seed ?? 1);
  return Array.from({ length: STEPS }, (_, step) => {
    const exact = 0.26 + 1.07 / (1 + (step * speed) ** 2.4);
    const noise = rounding && step >= rounding.from ? (random() - 0.5) * 2 * rounding.amount : 0;
    const ulp = rounding && random() > 0.7 ? (random() - 0.5) * 2e-7 : 0;
    return Math.fround(exact * (1 + noise + ulp));
  });
}

const BASE = { speed: 1 / 55 };

export const CURVES: Curves = [
  { name: 'base', label: 'baseline', role: 'base' },
  { name: 'rescaled', label: 'rescaled', role: 'rescaled' },
  { name: 'as-written', label: 'as written', role: 'as-written' },
  { name: 'alpha-only', label: 'alpha alone', role: 'alpha-only' },
  { name: 'blog-rule', label: 'lr / k', role: 'blog-rule' },
  { name: 'keep-init', label: 'LoRA+ ratio', role: 'plan' },
  { name: 'keep-b', label: 'A rescaled', role: 'plan' },
  { name: 'lr-only', label: 'learning rate only', role: 'plan' },
  { name: 'proof', label: 'rescaled, k = 4', role: 'proof' },
  ...[1, 2, 3, 4].map((n) => ({ name: `control-${n}`, label: `control ${n}`, role: 'control' as const })),
];

const control = (seed: number): number[] => shaped({ ...BASE, rounding: { amount: 3e-5, from: 90 + 15 * seed, seed } });
const CONTROLS = [1, 2, 3, 4].map(control);

/** Base and twins, alpha alone, lr / k, the other plans, the proof, and controls. */
const run = (twins: number[][], alone: number[], blog: number): number[][] => [
  ...[shaped(BASE), ...twins, alone],
  ...[blog, 68, 57, 59].map((steps) => shaped({ speed: 1 / steps })),
  ...[shaped(BASE), ...CONTROLS],
];

/** The twin drifts as the controls do. */
export const EQUIVALENT = run(
  [
    shaped({ ...BASE, rounding: { amount: 2e-5, from: 105, seed: 9 } }),
    shaped({ ...BASE, rounding: { amount: 6e-5, from: 20, seed: 12 } }),
  ],
  shaped({ speed: 1 / 32 }),
  92,
);

export const IDENTICAL = run([shaped(BASE), shaped(BASE)], shaped({ speed: 1 / 28 }), 110);

/** The same on four mini-batches in turn, each with a level of its own. */
export const SAWED = EQUIVALENT.map((curve) =>
  curve.map((loss, step) => Math.fround(loss * ([1.06, 0.97, 1.03, 0.94][step % 4] ?? 1))),
);

/** The twin leaves the band, alpha alone explodes. */
const DIFFERENT = run(
  [shaped({ speed: 1 / 51 }), shaped({ speed: 1 / 51 })],
  shaped(BASE).map((loss, step) => (step < 120 ? loss * 1.06 ** step : NaN)),
  92,
);

/** With the learning rate alone: the closest single rate, found after the others. */
export const WITH_FIT: { curves: Curves; losses: number[][] } = {
  curves: [...CURVES, { name: 'best-rate', label: 'best lr alone', role: 'fit' }],
  losses: [...DIFFERENT, shaped({ speed: 1 / 53.5 })],
};

/** Three draws: what decides a verdict, again on two more. */
export const DRAWS: { curves: Curves; losses: number[][] } = {
  curves: [
    ...CURVES,
    ...[1, 2].flatMap((draw) =>
      CURVES.filter(({ role }) => ['base', 'rescaled', 'as-written', 'alpha-only'].includes(role)).map((curve) => ({
        ...curve,
        name: `${curve.name}@${draw + 1}`,
        label: `${curve.label} (seed ${draw + 1})`,
        draw,
      })),
    ),
  ],
  losses: [
    ...EQUIVALENT,
    ...[0.9, 1.08].flatMap((size, draw) =>
      EQUIVALENT.slice(0, 4).map((curve, i) =>
        curve.map((loss, step) => Math.fround(loss * size * (i === 0 || i === 3 ? 1 : 1 + 1e-6 * (step % (3 + draw))))),
      ),
    ),
  ],
};

/** Multiplicative congruential numbers in 0…1, the same every time. */
function generator(seed: number): () => number {
  let state = (seed * 2654435761) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
