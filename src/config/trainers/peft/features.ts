import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { unscaled } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import type { Trap } from '../shared/trap';
import { key, type Key } from '../shared/fields';

/**
 * Task types whose models get a trained head from PEFT, even without `modules_to_save`.
 * @see https://github.com/huggingface/peft (src/peft/peft_model.py: classifier and score, or qa_outputs; v0.21.2)
 */
const WITH_HEAD = /(?:^|\.)(?:SEQ_CLS|TOKEN_CLS|QUESTION_ANS)$/;

/** The head that PEFT trains whole for some task types. */
export function trainedHead(label: string): Trap {
  const where: Key = key(label);
  return {
    ...unscaled(l10n.t('the head of task_type')),
    message: l10n.t`${label}: PEFT trains the model's head whole (classifier, score or qa_outputs), with the same learning rate. It has no scaling, so another learning rate changes how it learns: put it into a parameter group with the old learning rate.`,
    applies: (root) => WITH_HEAD.test(wordAt(root, where)),
    at: where,
  };
}

/** A word as text, or as an enum that is not resolved: `TaskType.SEQ_CLS`. */
function wordAt(root: MapNode, { path }: Key): string {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' ? String(node.value ?? node.unresolved ?? '') : '';
}

/** A switch of a LoraConfig whose method does not follow the algebra of A and B. */
function other(label: string, what: string): Trap {
  const where: Key = key(label);
  return {
    code: 'peft-variant',
    severity: 'info',
    message: `${label}: ${what}`,
    applies: (root) => isFilled(root, where) || isUnknown(root, where),
    at: where,
    limits: 'approximate',
  };
}

/** Whether the value is not in this text, so that it may be anything. */
function isUnknown(root: MapNode, { path }: Key): boolean {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && node.unresolved !== undefined;
}

/**
 * What a LoraConfig can train or change besides A and B.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, v0.21.2)
 */
export const PEFT_TRAPS: readonly Trap[] = [
  unscaled('modules_to_save'),
  trainedHead('task_type'),
  unscaled('trainable_token_indices'),
  {
    ...unscaled('kasa_config'),
    message: l10n.t(
      'kasa_config trains a diagonal between B and A, with the same learning rate. It has no scaling, so another learning rate changes how it learns: put it into a parameter group with the old learning rate.',
    ),
  },
  {
    ...unscaled('monteclora_config'),
    message: l10n.t(
      'monteclora_config trains the spread of its noise, with the same learning rate. It has no scaling, so another learning rate changes how it learns: put it into a parameter group with the old learning rate.',
    ),
  },
  {
    ...other(
      'monteclora_config',
      l10n.t('this method adds noise of a fixed size to A, so the size of A must not change.'),
    ),
    plans: ['symmetric', 'keep-b', 'lr-only'],
  },
  other(
    'ensure_weight_tying',
    l10n.t('tied layers share one storage for A and B, crosswise, and two optimizer states update it.'),
  ),
  other('arrow_config', l10n.t('other adapters take part in every step, and it is unknown how they are mixed.')),
  other('megatron_config', l10n.t('Megatron trains its own layers, which LoRA Alpha does not know.')),
  {
    code: 'trained-biases',
    severity: 'info',
    message: l10n.t(
      "bias trains the model's own biases with the same learning rate. They have no scaling, so another learning rate changes how they learn.",
    ),
    applies: (root) => ['all', 'lora_only'].includes(String(scalarAt(root, ['bias']))),
    at: key('bias'),
    limits: 'approximate',
    // LoRA+ trains vectors in the group of B, whose rate stays in the plan that keeps B.
    plans: ['symmetric', 'keep-init', 'lr-only'],
    unscaled: l10n.t('the biases'),
  },
];

/** Fields of a LoraConfig that decide what trains besides A and B. An unresolved value may be anything. */
const DECIDING = new Set([
  ...['modules_to_save', 'trainable_token_indices', 'task_type', 'bias', 'lora_bias'],
  ...['alora_invocation_tokens', 'velora_config', 'use_bdlora', 'runtime_config'],
]);

/** The fields of a LoraConfig that hold a number that moves, or are read elsewhere; and those without any unit. */
const KNOWN = new Set([
  ...DECIDING,
  ...[
    'r',
    'lora_alpha',
    'use_rslora',
    'use_dora',
    'lora_dropout',
    'init_lora_weights',
    'rank_pattern',
    'alpha_pattern',
  ],
  ...['target_modules', 'target_parameters', 'exclude_modules', 'layers_to_transform', 'layers_pattern'],
  ...['layer_replication', 'fan_in_fan_out', 'use_qalora', 'qalora_group_size', 'megatron_core'],
  ...['loftq_config', 'eva_config', 'corda_config', 'lora_ga_config'],
  ...['kasa_config', 'monteclora_config', 'arrow_config', 'megatron_config', 'ensure_weight_tying'],
  ...['peft_type', 'auto_mapping', 'peft_version', 'base_model_name_or_path', 'revision', 'inference_mode'],
  // Fields of older versions, which train the same parameters.
  ...['enable_lora', 'merge_weights', 'qalora_config'],
]);

/** Task types, and words that mean that a field is not set. */
const PLAIN_WORD = /(?:^|\.)(?:CAUSAL_LM|SEQ_2_SEQ_LM|FEATURE_EXTRACTION|SEQ_CLS|TOKEN_CLS|QUESTION_ANS)$|\w\($/;

/** What of a LoraConfig is not understood: fields that PEFT 0.21 does not have, and values that may train anything. */
export function unreadLora({ entries }: MapNode): Unread[] {
  return entries.flatMap(({ key: name, keyRange, value, isSpread }): Unread[] => {
    const range = { start: Math.min(keyRange.start, value.range.start), end: value.range.end };
    if (isSpread) {
      return [
        {
          range,
          why: l10n.t('These arguments are not in this call and may be any argument of LoraConfig.'),
          mayMove: true,
        },
      ];
    }
    if (/^\d+$/.test(name)) {
      return [
        { range, why: l10n.t('The first argument of LoraConfig is the task type, which may train a whole head.') },
      ];
    }
    if (!KNOWN.has(name)) {
      return [
        { range, why: l10n.t`LoraConfig of PEFT 0.21 has no ${name}, so what it does is unknown.`, mayMove: true },
      ];
    }
    if (
      (name === 'alpha_pattern' || name === 'rank_pattern') &&
      value.kind === 'scalar' &&
      value.unresolved !== undefined
    ) {
      return [
        { range, why: l10n.t`${name} is computed, so which layers have another scaling is unknown.`, mayMove: true },
      ];
    }
    const away = DECIDING.has(name) && value.kind === 'scalar' ? value.unresolved : undefined;
    if (away === undefined || PLAIN_WORD.test(away)) return [];
    const why = l10n.t`${name} is set outside this file, and may train more than A and B.`;
    return [{ range, why, shown: `${name}=${away}` }];
  });
}
