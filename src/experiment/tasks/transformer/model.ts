import { PROJECTIONS, type BlockSpec, type ExperimentSpec, type Projection } from '../../spec';

/** The sizes of a decoder. */
export interface ModelShape extends Pick<BlockSpec, 'norm' | 'gated'>, Required<NonNullable<ExperimentSpec['sizes']>> {
  width: number;
}

/** Default sizes: a check of about fourteen variants takes a fraction of a second. */
export const TRANSFORMER_SIZES = { hidden: 32, layers: 1, sequence: 8, heads: 2, vocabulary: 16 } as const;

/** Default block: Llama's, with LoRA on the paper's targets and a short pretraining. */
export const BLOCK: BlockSpec = { norm: 'rms', gated: true, targets: ['q', 'v'], pretrainSteps: 60 };

export const PRETRAINING_TEXTS = 16;

/**
 * The shape of the model that a spec asks for.
 * @throws Error for sizes that do not go together, or for a target that such a block does not have
 */
export function modelShapeOf(spec: Pick<ExperimentSpec, 'width' | 'sizes' | 'block'>): ModelShape {
  const { width, sizes, block = BLOCK } = spec;
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

export function projectionsOf({ gated }: Pick<ModelShape, 'gated'>): readonly Projection[] {
  return PROJECTIONS.filter((projection) => gated || projection !== 'gate');
}

/** Gate and up lead from the width to the hidden one, down leads back. */
export function layerShape(
  projection: Projection,
  { width, hidden }: Pick<ModelShape, 'width' | 'hidden'>,
): { outputs: number; inputs: number } {
  const isWider = projection === 'gate' || projection === 'up';
  return { outputs: isWider ? hidden : width, inputs: projection === 'down' ? hidden : width };
}

/** A decoder: its matrices by name, row-major float32. A block's are `q0`, `k0` …, [outputs, inputs]. */
export interface LanguageModel {
  shape: ModelShape;
  matrices: Readonly<Record<string, Float32Array>>;
}

/** Every matrix of a model, in the order in which they are drawn and stored. */
export function matricesOfShape(shape: ModelShape): { name: string; rows: number; columns: number }[] {
  const { vocabulary, width, sequence, layers } = shape;
  const blocks = Array.from({ length: layers }, (_, block) =>
    projectionsOf(shape).map((projection) => {
      const { outputs, inputs } = layerShape(projection, shape);
      return { name: `${projection}${block}`, rows: outputs, columns: inputs };
    }),
  );
  return [
    { name: 'embedding', rows: vocabulary, columns: width },
    { name: 'positions', rows: sequence, columns: width },
    ...blocks.flat(),
    { name: 'head', rows: vocabulary, columns: width },
  ];
}

export function modelWith(
  shape: ModelShape,
  make: (name: string, rows: number, columns: number) => Float32Array,
): LanguageModel {
  const made = matricesOfShape(shape).map(({ name, rows, columns }) => [name, make(name, rows, columns)] as const);
  return { shape, matrices: Object.fromEntries(made) };
}

export function matrixOf({ matrices }: LanguageModel, name: string): Float32Array {
  const matrix = matrices[name];
  if (!matrix) throw new Error(`a model has no matrix ${name}`);
  return matrix;
}
