import { add, div, eye, greater, maximum, mul, norm, reshape, sub, tensor, tile, where } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { eigenOf, orthonormalColumns } from './math/eigen';
import { drawn, lengthAlong, mapMatrices, matricesOf, sizesOf, unwide, wide, zeroMatrices } from './math/matrices';
import { blockwise, constant, option, rateOf, zeros } from './optimizer';
import type { ByRow, Start, Step } from './optimizer';
import { averaged, averages, averagedSquare, lerp, moved, rootPlusEps, shrunkAndMoved } from './terms';
import { withCoupledDecay, withDecoupledDecay } from './terms';

/** Coefficients of the Newton-Schulz iteration, steepest at zero. */
const [LINEAR, CUBIC, QUINTIC] = [3.4445, -4.775, 2.0315];

/** Approximates U·Vᵀ of every matrix U·S·Vᵀ. It multiplies along the longer side, so that Gram matrices are small. */
function orthogonal(direction: Tensor, step: Step): Tensor {
  const matrices = wide(direction);
  const eps = matricesOf(constant(step, 'eps'));
  const size = norm(matrices, 'euclidean', [1, 2], true);
  let x = div(matrices, option(step, 'clampNorm', 0) ? maximum(size, eps) : add(size, eps)) as Tensor3D;
  for (let i = 0; i < option(step, 'nsSteps', 5); i++) {
    const gram = product(x, x, false, true);
    const curve = add(mul(gram, CUBIC), mul(product(gram, gram), QUINTIC)) as Tensor3D;
    x = add(mul(x, LINEAR), product(curve, x));
  }
  return unwide(x, direction);
}

/** The learning rate times a factor of each matrix's rows and columns in the trainer's layout. */
function rateBySize({ block, each }: Step, factorOf: (rows: number, columns: number) => number): Tensor {
  return each(({ lr }, { parameter }) => {
    const { rows, columns } = sizesOf(block, parameter);
    return lr * factorOf(rows, columns);
  });
}

/** A matrix for the rows and one for the columns of every parameter: [parameters · variants, size, size] each. */
type Sides = Record<'left' | 'right', Tensor3D>;

/** G·Gᵀ of the rows and Gᵀ·G of the columns of every gradient. */
function gramsOf(gradient: Tensor): Sides {
  const matrices = matricesOf(gradient);
  return { left: product(matrices, matrices, false, true), right: product(matrices, matrices, true) };
}

/** The eigenvectors L and R of both sides of every matrix, as columns. */
interface Bases {
  /** The matrices in these bases: Lᵀ·X·R, in the shape they had. */
  into(all: Tensor): Tensor;
  /** The inverse: L·X·Rᵀ. */
  outOf(all: Tensor): Tensor;
  /** Eigenvalues of each matrix, in ascending order. */
  values: Record<'left' | 'right', Float64Array[]>;
}

function basesOf(sides: Sides): Bases {
  const values: Bases['values'] = { left: [], right: [] };
  const decomposed = (side: 'left' | 'right'): Tensor3D => {
    const [, size] = sides[side].shape;
    return mapMatrices(sides[side], size, (numbers) => {
      const eigen = eigenOf(numbers, size);
      values[side].push(eigen.values);
      return eigen.vectors;
    });
  };
  const [left, right] = [decomposed('left'), decomposed('right')];
  return {
    into: (all) => reshape(product(product(left, matricesOf(all), true), right), all.shape),
    outOf: (all) => reshape(product(product(left, matricesOf(all)), right, false, true), all.shape),
    values,
  };
}

function epsTimesUnit(start: Start, size: number): Tensor3D {
  const eps = matricesOf(constant(start, 'eps'));
  return mul(tile(reshape(eye(size), [1, size, size]), [eps.size, 1, 1]), eps);
}

/** (λᵢ·ρⱼ)^(−1/4) of every matrix. Eigenvalues are below eps only by rounding. */
function powersOf({ left, right }: Bases['values'], least: ArrayLike<number>): Tensor {
  const powers = left.flatMap((ofRows, matrix) => {
    const floor = least[matrix] ?? 0;
    return [...ofRows].flatMap((row) =>
      Array.from(right[matrix] ?? [], (column) => {
        const both = Math.max(row, floor) * Math.max(column, floor);
        return both > 0 ? 1 / Math.sqrt(Math.sqrt(both)) : 0;
      }),
    );
  });
  return tensor(powers, undefined, 'float32');
}

export const MATRIX = {
  /**
   * Muon: momentum, made orthogonal. The published versions differ in three places, which are options (0 or 1):
   *
   * - `lerp`: the momentum is a moving average (torch.optim.Muon), not a sum (Keller Jordan);
   * - `clampNorm`: the norm is at least eps (torch.optim.Muon), not norm + eps;
   * - `matchRms`: the step is 0.2·√(longer side) (Moonlight, Axolotl, LLaMA-Factory), not √max(1, rows/columns).
   *
   * `nsSteps` counts the iterations. They run in float32 here, where the trainers use bfloat16.
   * @see https://github.com/KellerJordan/Muon/blob/master/muon.py
   * @see https://github.com/pytorch/pytorch/blob/main/torch/optim/_muon.py
   */
  muon: blockwise(zeros('buffer'), (step) => {
    const { momentum, nesterov } = step.settings;
    const along = (from: Tensor, to: Tensor): Tensor =>
      option(step, 'lerp', 0) ? lerp(to, from, momentum) : add(mul(from, momentum), to);
    const buffer = along(step.buffer, step.gradient);
    const update = orthogonal(nesterov ? along(buffer, step.gradient) : buffer, step);
    const rate = rateBySize(step, (rows, columns) =>
      option(step, 'matchRms', 0) ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, rows / columns)),
    );
    return { weights: shrunkAndMoved(step, update, rate), buffer };
  }),

  /**
   * Dion: Muon's idea with a few directions only, found by one power iteration a step from those of the step before.
   *
   *     P = orthonormal(M·Q)    R = Mᵀ·P    M −= (1 − μ)·P·Rᵀ    Q = R with columns of length 1    w −= lr·√(out/in)·P·Qᵀ
   *
   * M has its longer side in the rows. Q starts random. The published code makes P orthonormal through a random sketch,
   * which on paper gives what Gram-Schmidt gives; `rankFraction` says how many directions.
   * @see https://github.com/microsoft/dion/blob/main/dion/dion.py
   */
  dion: blockwise(
    (start) => {
      const [, variants = 1, rows = 1, columns = 1] = start.weights.shape;
      const short = Math.min(rows, columns);
      const directions = Math.min(short, Math.ceil(option(start, 'rankFraction', 1) * short));
      return { ...zeros('buffer')(start), directions: drawn(start.block, variants, short, directions, 0) };
    },
    (step) => {
      const { gradient, settings } = step;
      const momentum = add(step.buffer, gradient);
      const m = wide(momentum);
      const found = product(m, step.directions, true);
      const [, rows, columns] = found.shape;
      const p = mapMatrices(found, columns, (numbers) => orthonormalColumns(numbers, rows, columns));
      const r = product(m, p);
      const feedback = mul(product(r, p, false, true), 1 - settings.momentum) as Tensor3D;
      const eps = matricesOf(constant(step, 'eps'));
      const size = lengthAlong(m, [1, 2]);
      // Without a gradient, P is zero and the random start stays. The length of its columns has no effect.
      const directions = where(greater(size, 0), div(r, add(lengthAlong(r, 1), eps)), step.directions) as Tensor3D;
      const update = unwide(product(directions, p, false, true), gradient);
      const rate = rateBySize(step, (rows, columns) => Math.sqrt(rows / columns));
      const weights = shrunkAndMoved(step, update, rate);
      return { weights, buffer: sub(momentum, unwide(feedback, gradient)), directions };
    },
  ),

  /**
   * Shampoo: L^(−1/4)·G·R^(−1/4) with L = eps·I + ΣG·Gᵀ and R = eps·I + ΣGᵀ·G.
   *
   * Both powers are taken at once, in the eigenvectors of L and R, as (λ·ρ)^(−1/4): then a factor of two on the
   * gradient is a factor of 1/2 on that, without a rounding, where the single powers would be multiplied by 2^(−1/2).
   * @see https://arxiv.org/abs/1802.09568, algorithm 1
   */
  shampoo: blockwise(
    (start): Sides => ({
      left: epsTimesUnit(start, start.block.rows),
      right: epsTimesUnit(start, start.block.columns),
    }),
    (step) => {
      const gradient = withCoupledDecay(step);
      const grams = gramsOf(gradient);
      const sides: Sides = { left: add(grams.left, step.left), right: add(grams.right, step.right) };
      const bases = basesOf(sides);
      const powers = powersOf(bases.values, constant(step, 'eps').dataSync());
      const update = bases.outOf(mul(bases.into(gradient), reshape(powers, gradient.shape)));
      return { weights: moved(step.weights, update, rateOf(step)), ...sides };
    },
  ),

  /**
   * Adam in the eigenbases of the Gram matrices of past gradients. The first step only starts the averages.
   * Eigenvectors are computed at every step, while the published implementation refines old ones every ten steps.
   * @see https://arxiv.org/abs/2409.11321
   * @see https://github.com/nikhilvyas/SOAP/blob/main/soap.py
   */
  soap: blockwise(
    (start) => {
      const [parameters = 1, variants = 1, rows = 1, columns = 1] = start.weights.shape;
      const square = (size: number): Tensor3D => zeroMatrices(parameters * variants, size, size);
      return { ...averages(start), left: square(rows), right: square(columns) };
    },
    (step) => {
      const { gradient, number, beta1, beta2 } = step;
      const grams = gramsOf(gradient);
      const left = lerp(step.left, grams.left, 1 - beta2) as Tensor3D;
      const right = lerp(step.right, grams.right, 1 - beta2) as Tensor3D;
      if (number === 1) return { weights: step.weights, mean: step.mean, spread: step.spread, left, right };
      const { into, outOf } = basesOf({ left, right });
      const mean = averaged(step.mean, gradient, beta1);
      const spread = averagedSquare(step.spread, into(gradient), beta2);
      const update = outOf(div(into(mean), rootPlusEps(step, spread)));
      const steps = number - 1;
      const correction = Math.sqrt(1 - beta2 ** steps) / (1 - beta1 ** steps);
      const stepped = moved(step.weights, update, rateOf(step, correction));
      return { weights: withDecoupledDecay(step, stepped), mean, spread, left, right };
    },
  ),
} satisfies ByRow;
