import * as l10n from '@vscode/l10n';
import { isEmbedding } from '../../../recipe/init/facts';
import type { Unread } from '../../reading';
import { under } from '../../syntax/table';
import { nodeAt, type MapNode, type Scalar } from '../../syntax/tree';
import { field, isFilled, key, namesIn } from '../shared/fields';
import type { AdapterSources, Default, DefaultOf, Fields, Key, Source } from '../shared/fields';
import { isAmong } from '../shared/known';
import { BIASES, DIVIDES, on, unclear, unscaled, type Trap } from '../shared/trap';
import type { Layout, Loraplus } from '../trainer';

// ms-swift's lora-ga is that of another package, which was not measured.
const INITS = { true: 'kaiming-uniform', false: 'random-b', lora_ga: 'lora-ga', 'lora-ga': 'lxline/LoRA-GA' } as const;

/** Our name of an `init_lora_weights` value (PEFT, tuners/lora/config.py); other words stay as they are. */
export function initOf(value: Exclude<Scalar, null>): string {
  const word = String(value).toLowerCase();
  return /^pissa_niter_\d+$/.test(word) ? 'pissa' : (under(INITS, word) ?? word);
}

/** PEFT's own default: A Kaiming-uniform, B zero. */
export const PEFT_INIT: Default = { value: 'kaiming-uniform', who: 'PEFT' };

/**
 * Rank, alpha, switches and dropout by PEFT's names, but for the rank's.
 * @param defaults of rank, alpha and dropout
 * @param at the path of their map, with a dot behind it
 */
export const loraFields = (
  name: string,
  [rank, alpha, dropout]: readonly [rank: number, alpha: number | DefaultOf, dropout: number],
  at = '',
  who?: string,
): Fields => ({
  rank: field(`${at}${name}`, rank, who),
  alpha: field(`${at}lora_alpha`, alpha, who),
  useRslora: field(`${at}use_rslora`),
  useDora: field(`${at}use_dora`),
  dropout: field(`${at}lora_dropout`, dropout, who),
});

/** PEFT's LoraConfig. @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, 5d602fdb) */
export const PEFT_FIELDS: Fields = {
  ...loraFields('r', [8, 8, 0], '', 'PEFT'),
  init: field(key('init_lora_weights', initOf), PEFT_INIT),
  targetModules: field('target_modules'),
};

/** What is set in the script that trains, and what Hugging Face's Trainer calls it there. */
export const PEFT_IN_SCRIPT: NonNullable<Layout['inScript']> = {
  learningRate: 'learning_rate',
  weightDecay: 'weight_decay',
  maxGradNorm: 'max_grad_norm',
  eps: 'adam_epsilon',
};

/**
 * PEFT's LoRA+: no weight decay by default, and every vector in the group of B (optimizers/loraplus.py).
 * Trainers that call it pass no weight decay or eps of B.
 */
export const PEFT_LORAPLUS: Loraplus = { dropsDecay: true, vectorsWithB: true };

/** Parameters that PEFT's LoRA+ excludes from weight decay (optimizers/loraplus.py). */
export const PEFT_LORAPLUS_NO_DECAY = /bias/;

/**
 * LoRA on embeddings under LoRA+, which gives them one absolute rate instead of the learning rate: it moves where it is
 * written, and stays where it is a default.
 * @param rate the key of that rate; null where the trainer has none
 * @see https://github.com/huggingface/peft (src/peft/optimizers/loraplus.py: loraplus_lr_embedding)
 */
export function embeddingRate(targets: string, ratio: string, rate: string | null): Trap {
  const advice =
    rate === null
      ? l10n.t('This trainer has no key for that learning rate, so it stays.')
      : l10n.t`Set ${rate}, so that a plan can change it.`;
  const why = l10n.t`${targets} includes embeddings. With ${ratio}, embeddings train at a learning rate of 1e-6. ${advice}`;
  return unclear(targets, why, {
    when: (root) =>
      isFilled(root, ratio) && (rate === null || !isFilled(root, rate)) && namesIn(root, targets).some(isEmbedding),
  });
}

/**
 * The adapters that `rank_pattern` and `alpha_pattern` set apart: one per module name or regex.
 * What a pattern leaves open is inherited (PEFT, tuners/lora/model.py).
 */
export function patternNetworks(root: MapNode, at: '' | 'lora.', fields: Fields): readonly AdapterSources[] {
  const [ranks, alphas] = [`${at}rank_pattern`, `${at}alpha_pattern`];
  const maps = [ranks, alphas].map((label) => nodeAt(root, label.split('.')));
  const modules = new Set(maps.flatMap((map) => (map?.kind === 'map' ? map.entries.map(({ key: name }) => name) : [])));
  return [...modules].map((module) => ({
    name: module,
    rank: override(ranks, module, fields.rank),
    alpha: override(alphas, module, fields.alpha),
  }));
}

function override(pattern: string, module: string, base: Source = { keys: [] }): Source {
  // Not split at its dots: a module's name is one key.
  const own: Key = { path: [...pattern.split('.'), module], label: `${pattern}.${module}` };
  const write = base.write ?? base.keys.at(-1);
  return { ...base, keys: [own, ...base.keys], ...(write ? { write } : {}) };
}

/**
 * The head that PEFT trains whole for some task types, even without `modules_to_save`.
 * @see https://github.com/huggingface/peft (src/peft/peft_model.py: classifier and score, or qa_outputs; v0.21.2)
 */
export const trainedHead = (label: string): Trap =>
  unscaled(label, l10n.t('the head of task_type'), {
    when: (root) => {
      const node = nodeAt(root, [label]);
      // Text, or an enum that is not resolved: `TaskType.SEQ_CLS`.
      const word = node?.kind === 'scalar' ? String(node.value ?? node.unresolved) : '';
      return /(?:^|\.)(?:SEQ_CLS|TOKEN_CLS|QUESTION_ANS)$/.test(word);
    },
  });

/** A method that does not follow the algebra of A and B. An unresolved value may switch it on. */
const other = (label: string, what: string, rest: Partial<Trap> = {}): Trap =>
  on(label, 'peft-variant', `${label}: ${what}`, {
    when: (root) => {
      const node = nodeAt(root, [label]);
      return isFilled(root, label) || (node?.kind === 'scalar' && node.unresolved !== undefined);
    },
    limits: 'approximate',
    ...rest,
  });

/**
 * What a LoraConfig can train or change besides A and B.
 * @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, v0.21.2)
 */
export const PEFT_TRAPS: readonly Trap[] = [
  unscaled('modules_to_save'),
  trainedHead('task_type'),
  unscaled('trainable_token_indices'),
  unscaled('kasa_config', l10n.t('a diagonal between B and A')),
  unscaled('monteclora_config', l10n.t('the spread of its noise')),
  other('monteclora_config', l10n.t('this method adds noise of a fixed size to A, so the size of A must not change.'), {
    plans: DIVIDES,
  }),
  other(
    'ensure_weight_tying',
    l10n.t('tied layers share one storage for A and B, crosswise, and two optimizer states update it.'),
  ),
  other('arrow_config', l10n.t('other adapters take part in every step, and it is unknown how they are mixed.')),
  other('megatron_config', l10n.t('Megatron trains its own layers, which LoRA Alpha does not know.')),
  unscaled('bias', l10n.t('the biases'), BIASES),
];

/** Fields of a LoraConfig that decide what trains besides A and B. An unresolved value may be anything. */
const DECIDING = `modules_to_save trainable_token_indices task_type bias lora_bias alora_invocation_tokens velora_config
  use_bdlora runtime_config`;

/**
 * The fields of a LoraConfig that hold a number that moves, or are read elsewhere; those without any unit, and those of
 * older versions that train the same parameters.
 */
const KNOWN = `${DECIDING} r lora_alpha use_rslora use_dora lora_dropout init_lora_weights rank_pattern alpha_pattern
  target_modules target_parameters exclude_modules layers_to_transform layers_pattern layer_replication fan_in_fan_out
  use_qalora qalora_group_size megatron_core loftq_config eva_config corda_config lora_ga_config kasa_config
  monteclora_config arrow_config megatron_config ensure_weight_tying peft_type auto_mapping peft_version
  base_model_name_or_path revision inference_mode enable_lora merge_weights qalora_config type`;

/** Task types, and words that mean that a field is not set. */
const PLAIN_WORD = /(?:^|\.)(?:CAUSAL_LM|SEQ_2_SEQ_LM|FEATURE_EXTRACTION|SEQ_CLS|TOKEN_CLS|QUESTION_ANS)$|\w\($/;

/** What of a LoraConfig is not understood: fields that PEFT 0.21 does not have, and values that may train anything. */
export function unreadLora({ entries }: MapNode): Unread[] {
  return entries.flatMap(({ key: name, keyRange, value, isSpread }): Unread[] => {
    const range = { start: Math.min(keyRange.start, value.range.start), end: value.range.end };
    const may = (why: string): Unread[] => [{ range, why, mayMove: true }];
    const away = value.kind === 'scalar' ? value.unresolved : undefined;
    if (isSpread) return may(l10n.t('These arguments are not in this call and may be any argument of LoraConfig.'));
    if (/^\d+$/.test(name)) {
      const why = l10n.t('The first argument of LoraConfig is the task type, which may train a whole head.');
      return [{ range, why }];
    }
    if (!isAmong(KNOWN, name)) return may(l10n.t`LoraConfig of PEFT 0.21 has no ${name}, so what it does is unknown.`);
    if (away === undefined) return [];
    if (name === 'alpha_pattern' || name === 'rank_pattern') {
      return may(l10n.t`${name} is computed, so which layers have another scaling is unknown.`);
    }
    if (!isAmong(DECIDING, name) || PLAIN_WORD.test(away)) return [];
    const why = l10n.t`${name} is known only when the script runs, and may train more than A and B.`;
    return [{ range, why, shown: `${name}=${away}` }];
  });
}
