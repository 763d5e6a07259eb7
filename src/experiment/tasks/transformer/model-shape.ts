import { PROJECTIONS, type BlockSpec, type ExperimentSpec, type Projection } from '../../spec';

/** The sizes of a decoder. */
export interface ModelShape extends Pick<BlockSpec, 'norm' | 'gated'> {
  /** Places in a text. */
  sequence: number;
  width: number;
  /** Attention heads, which share the width. */
  heads: number;
  /** Width inside the MLP. */
  hidden: number;
  vocabulary: number;
  /** Blocks. */
  layers: number;
}

/** Default sizes: a check of about fourteen variants takes a fraction of a second. */
export const TRANSFORMER_SIZES = { hidden: 32, layers: 1, sequence: 8, heads: 2, vocabulary: 16 } as const;

/** Default block: Llama's, with LoRA on the paper's targets and a short pretraining. */
export const BLOCK: BlockSpec = { norm: 'rms', gated: true, targets: ['q', 'v'], pretrainSteps: 60 };

/** Texts in a pretraining step. */
export const PRETRAINING_TEXTS = 16;

/**
 * The shape of the model that a spec asks for.
 * @throws Error for sizes that do not go together, or for a target that such a block does not have
 */
export function modelShapeOf({
  width,
  sizes,
  block = BLOCK,
}: Pick<ExperimentSpec, 'width' | 'sizes' | 'block'>): ModelShape {
  const { norm, gated, targets } = block;
  const shape = { ...TRANSFORMER_SIZES, ...sizes, width, norm, gated };
  if (width % shape.heads !== 0) throw new Error(`a width of ${width} cannot be shared by ${shape.heads} heads`);
  if (shape.vocabulary < 2) throw new Error(`a vocabulary of ${shape.vocabulary} has nothing to choose from`);
  const there = projectionsOf(shape);
  const missing = targets.find((target) => !there.includes(target));
  if (missing !== undefined)
    throw new Error(`a block without a gate has no ${missing}: its layers are ${there.join(', ')}`);
  if (targets.length === 0) throw new Error(`LoRA needs a target: one or more of ${there.join(', ')}`);
  return shape;
}

/** Outputs and inputs of each linear layer. */
const SHAPES: Readonly<Record<Projection, readonly ['width' | 'hidden', 'width' | 'hidden']>> = {
  q: ['width', 'width'],
  k: ['width', 'width'],
  v: ['width', 'width'],
  o: ['width', 'width'],
  gate: ['hidden', 'width'],
  up: ['hidden', 'width'],
  down: ['width', 'hidden'],
};

/** The linear layers of a block. */
export function projectionsOf({ gated }: Pick<ModelShape, 'gated'>): readonly Projection[] {
  return PROJECTIONS.filter((projection) => gated || projection !== 'gate');
}

/** Outputs and inputs of a linear layer. */
export function layerShape(
  projection: Projection,
  sizes: Pick<ModelShape, 'width' | 'hidden'>,
): { outputs: number; inputs: number } {
  const [outputs, inputs] = SHAPES[projection];
  return { outputs: sizes[outputs], inputs: sizes[inputs] };
}
