import * as l10n from '@vscode/l10n';
import { callIn, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { HF_TRAINER } from '../hugging-face/fields';
import { FROM_MODEL } from '../hugging-face/optimizers';
import { initOf, loraFields, PEFT_INIT, PEFT_TRAPS, unreadLora } from '../peft/lora-config';
import { scriptLayouts, TRAINER_FIELDS } from '../python/layouts';
import { scriptRuns } from '../python/runs';
import { calleeIs } from '../python/tree';
import { field, isFilled, key, keys, valueAt } from '../shared/fields';
import type { Default, DefaultOf, Fields, Key, Source } from '../shared/fields';
import { isAmong } from '../shared/known';
import { fieldsUnder, keyUnder, mapAt, trapUnder } from '../shared/prefixed';
import { float16, on, unclear, unscaled, type Trap } from '../shared/trap';
import type { Run, Trainer } from '../trainer';

/** `FastLanguageModel`, `FastModel`, `FastVisionModel` and their like. */
const MAKES_LORA = /(?:^|\.)Fast\w*\.get_peft_model$/;

/** @see https://github.com/unslothai/unsloth (unsloth/models/llama.py and vision.py: get_peft_model, 2026.10.9) */
const LORA: Fields = {
  // It passes more arguments to PEFT's LoraConfig.
  ...loraFields('r', [16, 16, 0]),
  rank: { ...field(['r', { path: ['1'], label: 'r' }], 16), write: key('r') },
  init: field(key('init_lora_weights', initOf), PEFT_INIT),
  targetModules: field('target_modules', 'all-linear'),
};

const TARGETS = keyUnder('lora', key('target_modules'));
const SAVED = keyUnder('lora', key('modules_to_save'));

/** Only its own training arguments have a learning rate for whole modules (unsloth/trainer.py). */
const hasOwnRate = (root: MapNode): boolean =>
  calleeIs(root, /UnslothTrainingArguments$/) && isFilled(root, 'embedding_learning_rate');

/** Targets that become modules_to_save (unsloth/models/_utils.py: _redirect_embedding_targets). */
function targetsEmbeddings(root: MapNode): boolean {
  const node = nodeAt(root, TARGETS.path);
  const items = node?.kind === 'list' ? node.items : [];
  return items.some((item) => item.kind === 'scalar' && /(?:^|\.)(?:embed_tokens|lm_head)$/.test(String(item.value)));
}

const MODELS: readonly Key[] = ['model_name', '0'].map((name) => keyUnder('base', key(name)));

const OWN_RATE = l10n.t`Modules that are trained whole use embedding_learning_rate, which stays. Weight decay, eps and clipping are shared, so changing them for LoRA slightly changes how these modules learn.`;
const WHOLE = l10n.t`With full_finetuning, Unsloth adds no LoRA and trains the whole model, so alpha changes nothing.`;

const TRAPS: readonly Trap[] = [
  // unsloth/models/llama.py and vision.py: get_peft_model, UNSLOTH_ENABLE_FULL_FINETUNING
  unclear('base.full_finetuning', WHOLE, { when: 'on', limits: 'approximate', blocksEdits: true }),
  ...PEFT_TRAPS.map((trap) => {
    const ofLora = trapUnder('lora', trap);
    const isOfSaved = trap.unscaled === SAVED.label;
    return isOfSaved ? { ...ofLora, applies: (root: MapNode) => ofLora.applies(root) && !hasOwnRate(root) } : ofLora;
  }),
  unscaled('target_modules', l10n.t('embed_tokens or lm_head'), {
    when: (root) => targetsEmbeddings(root) && !hasOwnRate(root),
    at: TARGETS,
  }),
  on('embedding_learning_rate', 'unscaled-parameters', OWN_RATE, {
    when: (root) => hasOwnRate(root) && (targetsEmbeddings(root) || isFilled(root, SAVED)),
    limits: 'approximate',
    plans: ['symmetric', 'keep-b'],
    unscaled: l10n.t('what is trained whole'),
  }),
];

/** The default: Unsloth's in the configs of TRL, which Unsloth replaces, else Hugging Face's (unsloth/models/rl.py). */
const patched =
  (value: Default['value'], usual: Source['default'] = { value, who: HF_TRAINER }): DefaultOf =>
  (known) => {
    if (calleeIs(known.root, /Config$/)) return { value, who: l10n.t("Unsloth's patch of TRL") };
    return typeof usual === 'function' ? usual(known) : usual;
  };
const { weightDecay, optimizer, warmup } = TRAINER_FIELDS;

/** Arguments of get_peft_model that are not fields of LoraConfig; not qat_scheme, which quantises the factors. */
const OWN = 'model use_gradient_checkpointing random_state max_seq_length temporary_location';
const OWN_TARGETS = `finetune_vision_layers finetune_language_layers finetune_attention_modules finetune_mlp_modules
  finetune_audio_layers finetune_last_n_layers`;

const layouts = scriptLayouts({
  id: 'unsloth',
  recognise: (root) => calleeIs(mapAt(root, 'lora'), MAKES_LORA),
  lora: fieldsUnder('lora', LORA),
  rate: patched(5e-5),
  training: {
    weightDecay: { ...weightDecay, default: patched(1e-3, weightDecay.default) },
    optimizer: { ...optimizer, default: patched('adamw_8bit', optimizer.default) },
    warmup: { ...warmup, default: patched(0.1, warmup.default) },
    loraplusLrRatio: field('loraplus_lr_ratio'),
  },
  // unsloth/trainer.py: B has its own groups with the common weight decay, if Unsloth's training arguments set a ratio.
  loraplus: {
    dropsDecay: false,
    vectorsWithB: false,
    ignoredBy: new Set(FROM_MODEL),
    isRuledOut: (root) => !calleeIs(root, /UnslothTrainingArguments$/),
  },
  traps: TRAPS,
  unread: (lora) => {
    const entries = lora.entries.filter(
      ({ key: name }) => !isAmong(`${OWN} ${OWN_TARGETS}`, name) && !/^\d+$/.test(name),
    );
    return unreadLora({ ...lora, entries });
  },
  peft: {
    models: MODELS,
    // Experts get factors too (unsloth/models/_utils.py: get_moe_target_parameters).
    hasOtherTargets: (root) =>
      targetsEmbeddings(root) ||
      MODELS.some(({ path }) => /moe|mixtral|gpt-oss|-a\d+b/i.test(String(scalarAt(root, path)))),
    ignored: new Set([...OWN.split(' '), '0', '1']),
    others: [key('embedding_learning_rate'), ...keys(OWN_TARGETS).map((own) => keyUnder('lora', own))],
  },
  made: { where: ['# After model = FastLanguageModel.get_peft_model(...), and before the optimizer is made:'] },
  // Without bf16 its patch of TRL turns fp16 on where the GPU has no bfloat16 (unsloth/models/rl.py).
  float16: float16('fp16', (root) => callIn(root) !== null && valueAt(root, 'bf16') !== true),
});

/** After `add_new_tokens(model, …)` embed_tokens and lm_head train whole (models/llama.py: _need_to_train_embeddings). */
function runsOf(root: MapNode): readonly Run[] {
  const why = l10n.t('If tokens are added, Unsloth trains embed_tokens and lm_head whole.');
  const tokens = root.entries.flatMap(({ value }) =>
    value.kind === 'map' && calleeIs(value, /(?:^|\.)add_new_tokens$/) ? [{ range: value.range, why }] : [],
  );
  const runs = scriptRuns(root, (call) => calleeIs(call, MAKES_LORA));
  return tokens.length === 0 ? runs : runs.map((run) => ({ ...run, unread: [...(run.unread ?? []), ...tokens] }));
}

export const unsloth: Trainer = {
  id: 'unsloth',
  specificity: 3,
  name: 'Unsloth',
  syntaxes: ['python'],
  hint: /\bFast\w*\s*\.\s*get_peft_model\s*\(/,
  source: { repository: 'unslothai/unsloth', commit: '2026.10.9', date: '2026-10-26' },
  runs: runsOf,
  layouts,
};
