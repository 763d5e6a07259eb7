import * as l10n from '@vscode/l10n';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { halfWeights } from '../shared/common-traps';
import type { Trap } from '../shared/trap';
import { key } from '../shared/fields';

const PARTS = ['unet', 'transformer', 'prior'];
const TEXT_ENCODERS = ['text_encoder', 'text_encoder_2', 'text_encoder_3', 'text_encoder_4'];

/** The learning rate of a part: nested, or in old files at the top level. */
function rateOf(root: MapNode, part: string): number | null {
  const rate = scalarAt(root, [part, 'learning_rate']) ?? scalarAt(root, [`${part}_learning_rate`]);
  return rate === undefined ? null : Number(rate);
}

/** Whether a text encoder trains with the main learning rate. */
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
    message: l10n.t('OneTrainer ignores learning_rate: every part that is trained has its own learning rate.'),
    applies: isOverridden,
    at: key('learning_rate'),
  },
  {
    code: 'rate-scaled',
    severity: 'info',
    message: l10n.t(
      'learning_rate_scaler multiplies the learning rates of the file by the root of batch size, accumulation steps or both. A plan changes the numbers in the file, and the effective learning rates change by the same factor.',
    ),
    applies: (root) => ![undefined, 'NONE'].includes(scalarAt(root, ['learning_rate_scaler']) as string | undefined),
    at: key('learning_rate_scaler'),
  },
  {
    code: 'continues-adapter',
    severity: 'warning',
    message: l10n.t(
      'lora_model_name: this run continues a trained LoRA with the alpha of its file. The trainer ignores the alpha in this config.',
    ),
    applies: (root) => ![undefined, ''].includes(scalarAt(root, ['lora_model_name']) as string | undefined),
    at: key('lora_model_name'),
    goesOnWith: 'adapter',
    // modules/module/LoRAModule.py: _check_rank_matches
    rankOf: 'file',
    blocksEdits: true,
  },
  {
    code: 'continues-adapter',
    severity: 'warning',
    message: l10n.t(
      'continue_last_backup: this run continues the LoRA of the last backup, if there is one, with the alpha of its file. The trainer then ignores the alpha in this config.',
    ),
    applies: (root) => scalarAt(root, ['continue_last_backup']) === true,
    at: key('continue_last_backup'),
    limits: 'approximate',
    blocksEdits: true,
  },
  { ...halfWeights('lora_weight_dtype', ['FLOAT_16', 'BFLOAT_16']), severity: 'info' },
  {
    code: 'unscaled-parameters',
    severity: 'info',
    message: l10n.t(
      'Embeddings are trained with the same optimizer. They have no scaling, so another weight decay or eps changes how they learn. Without an embedding_learning_rate, so does another learning rate.',
    ),
    applies: trainsEmbeddings,
    limits: 'approximate',
    unscaled: l10n.t('the embeddings'),
  },
  {
    code: 'rates-refused',
    severity: 'warning',
    message: l10n.t(
      'Prodigy and D-Adaptation stop at the first step if parts of the model have different learning rates. Set one learning rate for all parts.',
    ),
    applies: (root) => takesOneRate(root) && ratesOf(root).size > 1,
    at: key('optimizer'),
    limits: 'approximate',
  },
];

/** Whether the run trains additional embeddings (TrainConfig.train_any_embedding). */
function trainsEmbeddings(root: MapNode): boolean {
  const list = nodeAt(root, ['additional_embeddings']);
  const items = list?.kind === 'list' ? list.items : [];
  const some = items.some((item) => scalarAt(item, ['train']) !== false);
  return some && textEncoders(root).some((part) => scalarAt(root, [part, 'train_embedding']) !== false);
}

function takesOneRate(root: MapNode): boolean {
  const name = scalarAt(root, ['optimizer', 'optimizer']) ?? scalarAt(root, ['optimizer']);
  return /^(?:PRODIGY|DADAPT)/.test(String(name));
}

/** The rates of all parts that train. */
function ratesOf(root: MapNode): ReadonlySet<number> {
  const whole = Number(scalarAt(root, ['learning_rate']) ?? 3e-6);
  const own = PARTS.filter((part) => nodeAt(root, [part]) !== null);
  const parts = [...(own.length > 0 ? own : ['unet']), ...textEncoders(root)];
  const trains = (part: string): boolean =>
    (scalarAt(root, [part, 'train']) ?? scalarAt(root, [`train_${part}`])) !== false;
  return new Set(parts.filter(trains).map((part) => rateOf(root, part) ?? whole));
}
