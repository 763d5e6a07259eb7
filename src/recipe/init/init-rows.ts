import * as l10n from '@vscode/l10n';
import type { InitRow, InitScale } from './init-row';

const ZERO: InitScale = { factor: 0 };
const OF_LAYER: InitScale = { factor: 'layer' };
const SPLIT_SINGULAR_VALUES: InitScale = { factor: 'layer', scaling: -1 / 2 };

const PEFT_LAYER = 'https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py';

/** THE table of inits: one row an init. */
export const INITS: readonly InitRow[] = [
  {
    id: 'kaiming-uniform',
    title: 'Kaiming uniform',
    offeredBy:
      'loralib, PEFT (init_lora_weights: true), torchtune, kohya sd-scripts, LyCORIS, ai-toolkit, OneTrainer, musubi-tuner',
    A: OF_LAYER,
    B: ZERO,
    frozenWeights: 'untouched',
    says: l10n.t('A is uniform within ±1/√in_features (Kaiming with a = √5), B is zero.'),
    source: 'https://github.com/microsoft/LoRA/blob/main/loralib/layers.py',
  },
  {
    id: 'uniform',
    title: 'Uniform',
    offeredBy: 'mlx-lm',
    A: OF_LAYER,
    B: ZERO,
    sameAs: 'kaiming-uniform',
    frozenWeights: 'untouched',
    says: l10n.t('A is uniform within ±1/√in_features, which is what others call Kaiming uniform; B is zero.'),
    source: 'https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/tuner/lora.py',
  },
  {
    id: 'gaussian',
    title: 'Gaussian',
    offeredBy: 'PEFT (init_lora_weights: gaussian), diffusers',
    A: { factor: 1, rank: -1 },
    B: ZERO,
    frozenWeights: 'untouched',
    says: l10n.t('A is normal with a standard deviation of 1/rank, whatever the width; B is zero.'),
    source: PEFT_LAYER,
  },
  {
    id: 'xavier-normal',
    title: 'Xavier normal',
    offeredBy: 'NeMo (column_init_method: xavier), NeMo Automodel (lora_A_init: xavier), Megatron-Bridge',
    A: OF_LAYER,
    B: ZERO,
    frozenWeights: 'untouched',
    says: l10n.t(
      'A is normal with a standard deviation of √(2/(in_features + rank)), which is close to √(2/in_features); B is zero.',
    ),
    source: 'https://github.com/NVIDIA-NeMo/Automodel/blob/main/nemo_automodel/components/_peft/lora.py',
  },
  {
    id: 'normal',
    title: 'Normal',
    offeredBy: 'NeMo (column_init_method: normal)',
    A: { factor: 0.2 },
    B: ZERO,
    frozenWeights: 'untouched',
    says: l10n.t('A is normal with a standard deviation of 0.2, whatever the layer; B is zero.'),
    source:
      'https://github.com/NVIDIA/NeMo/blob/main/nemo/collections/nlp/modules/common/megatron/adapters/parallel_adapters.py',
  },
  {
    id: 'random-b',
    title: 'Random B',
    offeredBy: 'PEFT (init_lora_weights: false)',
    A: OF_LAYER,
    B: { factor: 1 / Math.sqrt(3), rank: -1 / 2 },
    frozenWeights: 'untouched',
    says: l10n.t(
      'A is uniform within ±1/√in_features and B within ±1/√rank, so the adapter does something from the first step.',
    ),
    source: PEFT_LAYER,
  },
  {
    id: 'pissa',
    title: 'PiSSA',
    offeredBy: 'PEFT (init_lora_weights: pissa, pissa_niter_N), LLaMA-Factory (pissa_init)',
    A: SPLIT_SINGULAR_VALUES,
    B: SPLIT_SINGULAR_VALUES,
    frozenWeights: 'minus-product',
    says: l10n.t('A and B share the largest singular values of the weights, divided by the scaling.'),
    source: 'https://arxiv.org/abs/2404.02948',
  },
  {
    id: 'corda',
    title: 'CorDA',
    offeredBy: 'PEFT (init_lora_weights: corda)',
    A: SPLIT_SINGULAR_VALUES,
    B: SPLIT_SINGULAR_VALUES,
    frozenWeights: 'minus-product',
    says: l10n.t('A and B share singular values that are oriented by data, divided by the scaling.'),
    source: 'https://arxiv.org/abs/2406.05223',
  },
  {
    id: 'olora',
    title: 'OLoRA',
    offeredBy: 'PEFT (init_lora_weights: olora)',
    A: OF_LAYER,
    B: OF_LAYER,
    frozenWeights: 'minus-product',
    says: l10n.t(
      'B and A are Q and R of the weights, whatever the scaling; s·B·A is taken away from the frozen weights.',
    ),
    source: 'https://arxiv.org/abs/2406.01775',
  },
  {
    id: 'loftq',
    title: 'LoftQ',
    offeredBy: 'PEFT (init_lora_weights: loftq), Axolotl (peft.loftq_config)',
    A: OF_LAYER,
    B: OF_LAYER,
    frozenWeights: 'quantised',
    says: l10n.t('A and B share the singular values of what quantisation lost, as if the scaling were 1.'),
    source: 'https://arxiv.org/abs/2310.08659',
  },
  {
    id: 'eva',
    title: 'EVA',
    offeredBy: 'PEFT (init_lora_weights: eva)',
    A: OF_LAYER,
    B: ZERO,
    frozenWeights: 'untouched',
    says: l10n.t("A's rows are principal directions of the layer's inputs, each of length 1; B is zero."),
    source: 'https://arxiv.org/abs/2410.07170',
  },
  {
    id: 'orthogonal',
    title: 'Orthogonal',
    offeredBy: 'PEFT (init_lora_weights: orthogonal)',
    A: { factor: Math.sqrt(1 / 200) },
    B: { factor: Math.sqrt(1 / 200) },
    frozenWeights: 'untouched',
    says: l10n.t(
      'A and B are random within two halves of the rank space that are orthogonal to each other, so that B·A is zero; a tenth of a normal number each.',
    ),
    source: PEFT_LAYER,
  },
  {
    id: 'lora-ga',
    title: 'LoRA-GA',
    offeredBy: 'PEFT (init_lora_weights: lora_ga, scale: stable)',
    A: OF_LAYER,
    B: OF_LAYER,
    frozenWeights: 'minus-product',
    says: l10n.t(
      "A's rows are singular directions of a gradient, each of length 1; B is sized by the gradient, whatever the scaling; s·B·A is taken away from the frozen weights.",
    ),
    source: 'https://arxiv.org/abs/2407.05000',
  },
  {
    id: 'mica',
    title: 'MiCA',
    offeredBy: 'PEFT (init_lora_weights: mica)',
    A: ZERO,
    B: OF_LAYER,
    frozen: 'B',
    frozenWeights: 'untouched',
    says: l10n.t(
      'B holds the singular directions of the weights that matter least, and stays so; A is zero and trains.',
    ),
    source: 'https://arxiv.org/abs/2604.01694',
  },
  {
    id: 'embedding',
    title: 'Embedding layers',
    offeredBy: 'loralib and PEFT, in embedding layers whatever the init of the others (true, gaussian)',
    A: ZERO,
    B: { factor: 1 },
    frozenWeights: 'untouched',
    says: l10n.t('A is zero, B is normal with a standard deviation of 1: an init factor belongs on B here.'),
    source: 'https://github.com/microsoft/LoRA/blob/main/loralib/layers.py',
  },
];
