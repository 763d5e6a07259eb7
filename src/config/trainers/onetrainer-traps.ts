import { nodeAt, scalarAt, type MapNode } from '../syntax/tree';
import { key, type Trap } from './trainer';

const PARTS = ['unet', 'transformer', 'prior'];
const TEXT_ENCODERS = ['text_encoder', 'text_encoder_2', 'text_encoder_3', 'text_encoder_4'];

/** The rate that a part has of its own, nested or, in old files, at the top. */
function rateOf(root: MapNode, part: string): number | null {
  const rate = scalarAt(root, [part, 'learning_rate']) ?? scalarAt(root, [`${part}_learning_rate`]);
  return rate === undefined ? null : Number(rate);
}

/** Whether a text encoder trains with the rate of the whole. */
function sharesRate(root: MapNode, part: string): boolean {
  const trains = scalarAt(root, [part, 'train']) ?? scalarAt(root, [`train_${part}`]);
  return trains !== false && rateOf(root, part) === null;
}

/** Text encoders that the file speaks of; the first is always meant. */
function textEncoders(root: MapNode): string[] {
  return TEXT_ENCODERS.filter(
    (part, i) => i === 0 || nodeAt(root, [part]) !== null || nodeAt(root, [`train_${part}`]) !== null,
  );
}

function isOverridden(root: MapNode): boolean {
  const own = PARTS.map((part) => rateOf(root, part)).find((rate) => rate !== null) ?? null;
  const whole = scalarAt(root, ['learning_rate']);
  return (
    own !== null &&
    whole !== undefined &&
    Number(whole) !== own &&
    !textEncoders(root).some((part) => sharesRate(root, part))
  );
}

/** What a user of OneTrainer should know of a file. */
export const ONETRAINER_TRAPS: readonly Trap[] = [
  {
    code: 'rate-overridden',
    severity: 'info',
    message: 'learning_rate has no effect here: every part that is trained has a rate of its own.',
    applies: isOverridden,
    at: key('learning_rate'),
  },
  {
    code: 'rate-scaled',
    severity: 'info',
    message:
      'learning_rate_scaler multiplies the written rates by the root of batch size, accumulation steps or both. A plan moves the written ones, and what trains moves by the same factor.',
    applies: (root) => ![undefined, 'NONE'].includes(scalarAt(root, ['learning_rate_scaler']) as string | undefined),
    at: key('learning_rate_scaler'),
  },
  {
    code: 'continues-adapter',
    severity: 'warning',
    message:
      'lora_model_name: this run goes on from a trained LoRA, whose file brings its own alpha; the alpha in this config has no say.',
    applies: (root) => ![undefined, ''].includes(scalarAt(root, ['lora_model_name']) as string | undefined),
    at: key('lora_model_name'),
    blocksEdits: true,
  },
  {
    code: 'half-precision-weights',
    severity: 'info',
    message:
      "lora_weight_dtype keeps LoRA's own weights in 16 bits, so an init that is divided by anything but a power of two is rounded.",
    applies: (root) => /FLOAT_16$/.test(String(scalarAt(root, ['lora_weight_dtype']) ?? '')),
    at: key('lora_weight_dtype'),
  },
  {
    code: 'unscaled-parameters',
    severity: 'info',
    message:
      'Embeddings are trained with the same learning rate. They have no scaling, so a moved rate changes how they learn: give them an embedding_learning_rate.',
    applies: (root) =>
      scalarAt(root, ['embedding_learning_rate']) === undefined &&
      nodeAt(root, ['additional_embeddings', '0']) !== null &&
      scalarAt(root, ['text_encoder', 'train_embedding']) !== false,
    limits: 'approximate',
    plans: ['symmetric', 'keep-b', 'lr-only'],
    unscaled: 'the embeddings',
  },
];
