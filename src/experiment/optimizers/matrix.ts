import {
  add,
  div,
  eye,
  greater,
  maximum,
  mul,
  norm,
  reshape,
  sqrt,
  sub,
  tensor,
  tile,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../tensors/operations';
import { eigenOf, orthonormalColumns } from './math/eigen';
import { drawn, lengthAlong, matricesOf, sizesOf, unwide, wide, zeroMatrices } from './math/matrices';
import {
  averaged,
  averagedSquare,
  blockwise,
  constant,
  lerp,
  option,
  rateOf,
  withCoupledDecay,
  withDecoupledDecay,
  zeros,
} from './optimizer';
import type { Start, Step } from './optimizer';

/** Coefficients of the Newton-Schulz iteration, steepest at zero. */
const [LINEAR, CUBIC, QUINTIC] = [3.4445, -4.775, 2.0315];

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
export const muon = blockwise(zeros('buffer'), (step) => {
  const { momentum, nesterov } = step.settings;
  const along = (from: Tensor, to: Tensor): Tensor =>
    option(step, 'lerp', 0) ? lerp(to, from, momentum) : add(mul(from, momentum), to);
  const buffer = along(step.buffer, step.gradient);
  const update = orthogonal(nesterov ? along(buffer, step.gradient) : buffer, step);
  const rate = step.each(({ lr }, { parameter }) => {
    const { rows, columns } = sizesOf(step.block, parameter);
    const matched = 0.2 * Math.sqrt(Math.max(rows, columns));
    return lr * (option(step, 'matchRms', 0) ? matched : Math.sqrt(Math.max(1, rows / columns)));
  });
  return { weights: sub(withDecoupledDecay(step), mul(update, rate)), buffer };
});

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

/**
 * Dion: Muon's idea with a few directions only, found by one power iteration a step from those of the step before.
 *
 *     P = orthonormal(M·Q)    R = Mᵀ·P    M −= (1 − μ)·P·Rᵀ    Q = R with columns of length 1    w −= lr·√(out/in)·P·Qᵀ
 *
 * M has its longer side in the rows. Q starts random. The published code makes P orthonormal through a random sketch,
 * which on paper gives what Gram-Schmidt gives; `rankFraction` says how many directions.
 * @see https://github.com/microsoft/dion/blob/main/dion/dion.py
 */
export const dion = blockwise(
  (start) => {
    const [, variants = 1, rows = 1, columns = 1] = start.weights.shape;
    const short = Math.min(rows, columns);
    const directions = Math.min(short, Math.ceil(option(start, 'rankFraction', 1) * short));
    return { ...zeros('buffer')(start), directions: drawn(start.block, variants, short, directions, 0) };
  },
  (step) => {
    const { gradient, settings, block, each } = step;
    const momentum = add(step.buffer, gradient);
    const m = wide(momentum);
    const p = orthonormal(product(m, step.directions, true));
    const r = product(m, p);
    const feedback = mul(product(r, p, false, true), 1 - settings.momentum) as Tensor3D;
    const eps = matricesOf(constant(step, 'eps'));
    const size = lengthAlong(m, [1, 2]);
    // Without a gradient, P is zero and the random start stays. The length of its columns has no effect.
    const directions = where(greater(size, 0), div(r, add(lengthAlong(r, 1), eps)), step.directions) as Tensor3D;
    const rate = each(({ lr }, { parameter }) => {
      const { rows, columns } = sizesOf(block, parameter);
      return lr * Math.sqrt(rows / columns);
    });
    const update = unwide(product(directions, p, false, true), gradient);
    const weights = sub(withDecoupledDecay(step), mul(update, rate));
    return { weights, buffer: sub(momentum, unwide(feedback, gradient)), directions };
  },
);

/** Downloads the numbers (`dataSync`), because tfjs would need several operations for each column. */
function orthonormal(matrices: Tensor3D): Tensor3D {
  const [count, rows, columns] = matrices.shape;
  const numbers = matrices.dataSync();
  const result = new Float32Array(numbers.length);
  for (let at = 0; at < numbers.length; at += rows * columns) {
    result.set(orthonormalColumns(numbers.subarray(at, at + rows * columns), rows, columns), at);
  }
  return tensor(result, [count, rows, columns]);
}

/** The eigenvectors of every matrix of a stack. */
interface Bases {
  /** [matrices, size, size], each matrix with its vectors as columns. */
  vectors: Tensor3D;
  /** Eigenvalues of each matrix, in ascending order. */
  values: Float64Array[];
}

/** A matrix for the rows and one for the columns of every parameter: [parameters · variants, size, size] each. */
type Sides = Record<'left' | 'right', Tensor3D>;

/**
 * Eigenvectors of each matrix. Downloads the numbers (`dataSync`), because tfjs has no eigendecomposition; JavaScript
 * decomposes a few hundred small matrices in the time of a few tensor operations.
 * @param symmetric [matrices, size, size]
 */
function basesOf(symmetric: Tensor3D): Bases {
  const [count, size] = symmetric.shape;
  const numbers = symmetric.dataSync();
  const eigen = Array.from({ length: count }, (_, i) =>
    eigenOf(numbers.subarray(i * size ** 2, (i + 1) * size ** 2), size),
  );
  const vectors = new Float32Array(count * size ** 2);
  eigen.forEach((each, i) => vectors.set(each.vectors, i * size ** 2));
  return { vectors: tensor(vectors, [count, size, size]), values: eigen.map(({ values }) => values) };
}

/** Gram matrices of the gradients, one of each per matrix: G·Gᵀ of the rows and Gᵀ·G of the columns. */
function gramsOf(gradient: Tensor): Sides {
  const matrices = matricesOf(gradient);
  return { left: product(matrices, matrices, false, true), right: product(matrices, matrices, true) };
}

/** Every matrix in the bases of its rows and columns: Lᵀ·X·R, in the shape of the matrices. */
function into(all: Tensor, left: Bases, right: Bases): Tensor {
  return reshape(product(product(left.vectors, matricesOf(all), true), right.vectors), all.shape);
}

/** The inverse of {@link into}: L·X·Rᵀ. */
function outOf(all: Tensor, left: Bases, right: Bases): Tensor {
  return reshape(product(product(left.vectors, matricesOf(all)), right.vectors, false, true), all.shape);
}

/**
 * Shampoo: L^(−1/4)·G·R^(−1/4) with L = eps·I + ΣG·Gᵀ and R = eps·I + ΣGᵀ·G.
 *
 * Both powers are taken at once, in the eigenvectors of L and R, as (λ·ρ)^(−1/4): then a factor of two on the gradient
 * is a factor of 1/2 on that, without a rounding, where the single powers would be multiplied by 2^(−1/2).
 * @see https://arxiv.org/abs/1802.09568, algorithm 1
 */
export const shampoo = blockwise(
  (start): Sides => ({ left: epsTimesUnit(start, start.block.rows), right: epsTimesUnit(start, start.block.columns) }),
  (step) => {
    const gradient = withCoupledDecay(step);
    const grams = gramsOf(gradient);
    const [left, right] = [add<Tensor3D>(grams.left, step.left), add<Tensor3D>(grams.right, step.right)];
    const [leftBases, rightBases] = [basesOf(left), basesOf(right)];
    const powers = powersOf(leftBases, rightBases, constant(step, 'eps').dataSync());
    const turned = mul(into(gradient, leftBases, rightBases), reshape(powers, gradient.shape));
    const update = outOf(turned, leftBases, rightBases);
    return { weights: sub(step.weights, mul(update, rateOf(step))), left, right };
  },
);

/** eps·I for every matrix: [parameters · variants, size, size]. */
function epsTimesUnit(start: Start, size: number): Tensor3D {
  const eps = matricesOf(constant(start, 'eps'));
  return mul(tile(reshape(eye(size), [1, size, size]), [eps.size, 1, 1]), eps);
}

/** (λᵢ·ρⱼ)^(−1/4) of every matrix. Eigenvalues are below eps only by rounding. */
function powersOf(left: Bases, right: Bases, least: ArrayLike<number>): Tensor {
  const powers = left.values.flatMap((ofRows, matrix) => {
    const floor = least[matrix] ?? 0;
    const ofColumns = right.values[matrix] ?? new Float64Array();
    return [...ofRows].flatMap((row) =>
      Array.from(ofColumns, (column) => {
        const both = Math.max(row, floor) * Math.max(column, floor);
        return both > 0 ? 1 / Math.sqrt(Math.sqrt(both)) : 0;
      }),
    );
  });
  return tensor(powers, undefined, 'float32');
}

/**
 * SOAP: Adam in the eigenbases of the Gram matrices of past gradients. The first step only starts the averages. The
 * eigenvectors are computed at every step (`precondition_frequency` 1), while the published implementation refines old
 * ones every ten steps.
 * @see https://arxiv.org/abs/2409.11321
 * @see https://github.com/nikhilvyas/SOAP/blob/main/soap.py
 */
export const soap = blockwise(
  (start) => {
    const [parameters = 1, variants = 1, rows = 1, columns = 1] = start.weights.shape;
    const square = (size: number): Tensor3D => zeroMatrices(parameters * variants, size, size);
    return { ...zeros('mean', 'spread')(start), left: square(rows), right: square(columns) };
  },
  (step) => {
    const { gradient, number, beta1, beta2 } = step;
    const grams = gramsOf(gradient);
    const left = lerp(step.left, grams.left, 1 - beta2) as Tensor3D;
    const right = lerp(step.right, grams.right, 1 - beta2) as Tensor3D;
    if (number === 1) return { weights: step.weights, mean: step.mean, spread: step.spread, left, right };
    const [leftBases, rightBases] = [basesOf(left), basesOf(right)];
    const mean = averaged(step.mean, gradient, beta1);
    const spread = averagedSquare(step.spread, into(gradient, leftBases, rightBases), beta2);
    const direction = div(into(mean, leftBases, rightBases), add(sqrt(spread), constant(step, 'eps')));
    const update = outOf(direction, leftBases, rightBases);
    const steps = number - 1;
    const correction = Math.sqrt(1 - beta2 ** steps) / (1 - beta1 ** steps);
    const moved = sub(step.weights, mul(update, rateOf(step, correction)));
    return { weights: withDecoupledDecay(step, moved), mean, spread, left, right };
  },
);
