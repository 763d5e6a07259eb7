import * as l10n from '@vscode/l10n';

/** Standard deviation σ of a fresh factor: `factor · rank^rank · s^scaling`. Powers that are left out are 0. */
export interface InitScale {
  /** 0: the factor starts at zero. `layer`: the size comes from the layer's widths, its weights or data. */
  factor: number | 'layer';
  rank?: number;
  /** Power of the scaling s in σ. */
  scaling?: number;
}

/** How a LoRA layer starts. */
interface InitStart {
  title: string;
  A: InitScale;
  B: InitScale;
  /** Another init that draws the same values, under a different name. */
  sameAs?: string;
  /** B is not trained. */
  frozen?: 'B';
  /**
   * s·B·A is subtracted from the frozen weights, so they depend on the scaling of the init. If σ of A and B compensates
   * for s, the product is the same at every scaling.
   */
  subtracts?: true;
  /** One sentence for the user: how A and B start. */
  says: string;
  source: string;
}

const ZERO: InitScale = { factor: 0 };
const OF_LAYER: InitScale = { factor: 'layer' };
const SPLIT: InitScale = { factor: 'layer', scaling: -1 / 2 };
const SPLIT_SINGULAR_VALUES = { A: SPLIT, B: SPLIT, subtracts: true } as const;

const PEFT_LAYER = 'https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py';

/** THE table of inits: one row an init. A has the size of the layer and B is zero unless a row says otherwise. */
const ROWS = {
  'kaiming-uniform': {
    title: 'Kaiming uniform',
    says: l10n.t('A is uniform within ±1/√in_features (Kaiming with a = √5), B is zero.'),
    source: 'https://github.com/microsoft/LoRA/blob/main/loralib/layers.py',
  },
  uniform: {
    title: 'Uniform',
    sameAs: 'kaiming-uniform',
    says: l10n.t('A is uniform within ±1/√in_features, which is what others call Kaiming uniform; B is zero.'),
    source: 'https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/tuner/lora.py',
  },
  gaussian: {
    title: 'Gaussian',
    A: { factor: 1, rank: -1 },
    says: l10n.t('A is normal with a standard deviation of 1/rank, whatever the width; B is zero.'),
    source: PEFT_LAYER,
  },
  'xavier-normal': {
    title: 'Xavier normal',
    says: l10n.t(
      'A is normal with a standard deviation of √(2/(in_features + rank)), which is close to √(2/in_features); B is zero.',
    ),
    source: 'https://github.com/NVIDIA-NeMo/Automodel/blob/main/nemo_automodel/components/_peft/lora.py',
  },
  normal: {
    title: 'Normal',
    A: { factor: 0.2 },
    says: l10n.t('A is normal with a standard deviation of 0.2, whatever the layer; B is zero.'),
    source:
      'https://github.com/NVIDIA/NeMo/blob/main/nemo/collections/nlp/modules/common/megatron/adapters/parallel_adapters.py',
  },
  'random-b': {
    title: 'Random B',
    B: { factor: 1 / Math.sqrt(3), rank: -1 / 2 },
    says: l10n.t(
      'A is uniform within ±1/√in_features and B within ±1/√rank, so the adapter does something from the first step.',
    ),
    source: PEFT_LAYER,
  },
  pissa: {
    title: 'PiSSA',
    ...SPLIT_SINGULAR_VALUES,
    says: l10n.t('A and B share the largest singular values of the weights, divided by the scaling.'),
    source: 'https://arxiv.org/abs/2404.02948',
  },
  corda: {
    title: 'CorDA',
    ...SPLIT_SINGULAR_VALUES,
    says: l10n.t('A and B share singular values that are oriented by data, divided by the scaling.'),
    source: 'https://arxiv.org/abs/2406.05223',
  },
  olora: {
    title: 'OLoRA',
    B: OF_LAYER,
    subtracts: true,
    says: l10n.t(
      'B and A are Q and R of the weights, whatever the scaling; s·B·A is taken away from the frozen weights.',
    ),
    source: 'https://arxiv.org/abs/2406.01775',
  },
  loftq: {
    title: 'LoftQ',
    B: OF_LAYER,
    says: l10n.t('A and B share the singular values of what quantisation lost, as if the scaling were 1.'),
    source: 'https://arxiv.org/abs/2310.08659',
  },
  eva: {
    title: 'EVA',
    says: l10n.t("A's rows are principal directions of the layer's inputs, each of length 1; B is zero."),
    source: 'https://arxiv.org/abs/2410.07170',
  },
  orthogonal: {
    title: 'Orthogonal',
    A: { factor: Math.sqrt(1 / 200) },
    B: { factor: Math.sqrt(1 / 200) },
    says: l10n.t(
      'A and B are random within two halves of the rank space that are orthogonal to each other, so that B·A is zero; a tenth of a normal number each.',
    ),
    source: PEFT_LAYER,
  },
  'lora-ga': {
    title: 'LoRA-GA',
    B: OF_LAYER,
    subtracts: true,
    says: l10n.t(
      "A's rows are singular directions of a gradient, each of length 1; B is sized by the gradient, whatever the scaling; s·B·A is taken away from the frozen weights.",
    ),
    source: 'https://arxiv.org/abs/2407.05000',
  },
  mica: {
    title: 'MiCA',
    A: ZERO,
    B: OF_LAYER,
    frozen: 'B',
    says: l10n.t(
      'B holds the singular directions of the weights that matter least, and stays so; A is zero and trains.',
    ),
    source: 'https://arxiv.org/abs/2604.01694',
  },
} as const satisfies Readonly<Record<string, Partial<InitStart> & Omit<InitStart, 'A' | 'B'>>>;

/** The init of A (and of B, if it is not zero) that a recipe can have. */
export type InitMethod = keyof typeof ROWS;

export type InitRow = InitStart & { id: InitMethod };

/** All inits, in the order of the table. */
export const INITS: readonly InitRow[] = (Object.keys(ROWS) as InitMethod[]).map((id) => {
  return { id, A: OF_LAYER, B: ZERO, ...ROWS[id] };
});

/** The init of that name, or undefined. */
export const initRow = (id: string | null): InitRow | undefined => INITS.find((row) => row.id === id);

/**
 * Whether the init compensates for the scaling by itself: σ of both factors is proportional to 1/√s, so the symmetric
 * gauge needs no code.
 */
export const isAutomatic = ({ A, B }: Pick<InitRow, 'A' | 'B'>): boolean =>
  A.scaling === -1 / 2 && B.scaling === -1 / 2;
