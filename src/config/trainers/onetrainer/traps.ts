import * as l10n from '@vscode/l10n';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { continues, halfWeights, on, unclear, unscaledInAll, type Trap } from '../shared/trap';
import { has, valueAt } from '../shared/fields';

/** The main parts of a model. */
export const PARTS = ['unet', 'transformer', 'prior'];
export const TEXT_ENCODERS = ['text_encoder', 'text_encoder_2', 'text_encoder_3', 'text_encoder_4'];

/** The learning rate of a part: nested, or in old files at the top level. */
function rateOf(root: MapNode, part: string): number | null {
  const rate = valueAt(root, `${part}.learning_rate`) ?? valueAt(root, `${part}_learning_rate`);
  return rate === undefined ? null : Number(rate);
}

const trains = (root: MapNode, part: string): boolean =>
  (valueAt(root, `${part}.train`) ?? valueAt(root, `train_${part}`)) !== false;

/** Text encoders that the file speaks of; the first is always meant. */
const textEncoders = (root: MapNode): string[] =>
  TEXT_ENCODERS.filter((part, i) => i === 0 || has(root, part) || has(root, `train_${part}`));

/** Whether no part trains with the common rate, which differs from theirs. */
function isOverridden(root: MapNode): boolean {
  const own = PARTS.map((part) => rateOf(root, part)).find((rate) => rate !== null) ?? null;
  const whole = valueAt(root, 'learning_rate');
  const shares = textEncoders(root).some((part) => trains(root, part) && rateOf(root, part) === null);
  return own !== null && whole !== undefined && Number(whole) !== own && !shares;
}

/** Whether the run trains additional embeddings (TrainConfig.train_any_embedding). */
function trainsEmbeddings(root: MapNode): boolean {
  const list = nodeAt(root, ['additional_embeddings']);
  const items = list?.kind === 'list' ? list.items : [];
  const some = items.some((item) => scalarAt(item, ['train']) !== false);
  return some && textEncoders(root).some((part) => valueAt(root, `${part}.train_embedding`) !== false);
}

/** The rates of all parts that train. */
function ratesOf(root: MapNode): ReadonlySet<number> {
  const whole = Number(valueAt(root, 'learning_rate') ?? 3e-6);
  const own = PARTS.filter((part) => has(root, part));
  const parts = [...(own.length > 0 ? own : ['unet']), ...textEncoders(root)];
  return new Set(parts.filter((part) => trains(root, part)).map((part) => rateOf(root, part) ?? whole));
}

/** What a user of OneTrainer should know of a file. */
export const ONETRAINER_TRAPS: readonly Trap[] = [
  on(
    'learning_rate',
    'rate-overridden',
    l10n.t('OneTrainer ignores learning_rate: every part that is trained has its own learning rate.'),
    { when: isOverridden },
  ),
  on(
    'learning_rate_scaler',
    'rate-scaled',
    l10n.t`learning_rate_scaler multiplies the learning rates of the file by the root of batch size, accumulation steps or both. A plan changes the numbers in the file, and the effective learning rates change by the same factor.`,
    { when: /^(?!NONE$)./ },
  ),
  // Another rank than that of the LoRA is an error (modules/module/LoRAModule.py: _check_rank_matches).
  continues('lora_model_name', {
    message: l10n.t`lora_model_name: this run continues a trained LoRA with the alpha of its file. The trainer ignores the alpha in this config.`,
    rankOf: 'file',
  }),
  continues('continue_last_backup', {
    message: l10n.t`continue_last_backup: this run continues the LoRA of the last backup, if there is one, with the alpha of its file. The trainer then ignores the alpha in this config.`,
    when: [true],
  }),
  { ...halfWeights('lora_weight_dtype', ['FLOAT_16', 'BFLOAT_16']), severity: 'info' },
  unscaledInAll('additional_embeddings', l10n.t('the embeddings'), trainsEmbeddings),
  unclear(
    'optimizer',
    l10n.t`Prodigy and D-Adaptation stop at the first step if parts of the model have different learning rates. Set one learning rate for all parts.`,
    {
      when: (root) =>
        /^(?:PRODIGY|DADAPT)/.test(String(valueAt(root, 'optimizer.optimizer') ?? valueAt(root, 'optimizer'))) &&
        ratesOf(root).size > 1,
    },
  ),
];
