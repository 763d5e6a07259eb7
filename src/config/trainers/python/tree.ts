import * as l10n from '@vscode/l10n';
import { wordAt } from '../shared/fields';
import { any, words } from './harmless';
import { bareScalar, callIn, entryAt, type Entry, type MapNode, type ScalarNode } from '../../syntax/tree';

/** What gives a model the adapter of a config, and may name it. */
export const TAKES_CONFIG = /(?:^|\.)(?:get_peft_model|add_adapter|inject_adapter_in_model)$/;

/** What TRL's trainers are called: `SFTTrainer` has `SFTConfig`. */
const OF_TRL = `(?:${[
  ...words(`SFT DPO ORPO CPO KTO BCO GRPO RLOO PPO GKD GOLD XPO TPO NashMD OnlineDPO Reward PRM Distillation SDFT SDPO
    GMPO A2PO IterativeSFT AsyncGRPO IWOPD`),
].join('|')})(?:v2)?`;
const TRL_TRAINER = any(`*${OF_TRL}Trainer`);

/** Training arguments of transformers and TRL. */
export const TRAINING = any(`*TrainingArguments *${OF_TRL}Config`);

export const LORA_CONFIG = /(?:^|\.)LoraConfig$/;

/** A LoraConfig that is PEFT's for certain, or whose origin nobody says. */
const OF_PEFT = /^LoraConfig$|(?:^|\.)peft\./;

/**
 * Whether a call makes PEFT's config of a LoRA. Other libraries and programs have a class of this name too, with their
 * own keys and defaults. Their class counts only if the call sets `r` and `lora_alpha`, so that neither needs a default.
 */
export function makesPeftLora(call: MapNode): boolean {
  if (!calleeIs(call, LORA_CONFIG)) return false;
  if (!callIn(call)?.isOwn && OF_PEFT.test(callIn(call)?.callee ?? '')) return true;
  return ['r', 'lora_alpha'].every((name) => entryAt(call, [name]) !== null);
}

/** Whether one of TRL's trainers trains, whatever its arguments are called, or its arguments are used. */
export const isTrl = (root: MapNode): boolean => calleeIs(root, /Config$/) || TRL_TRAINER.test(wordAt(root, 'trainer'));

export const isModule = (root: MapNode): boolean => root.tag?.kind === 'module';

/** Whether a map is the arguments of a call of one of these. */
export function calleeIs(map: MapNode, pattern: RegExp): boolean {
  const call = callIn(map);
  return call !== null && pattern.test(call.callee);
}

/** A word that the code says in its own way, such as the class that is called. */
export function bareNode(value: string, range: { start: number; end: number }): ScalarNode {
  const lock = { code: 'expression', message: l10n.t('This is a class, not a value.') };
  return { ...bareScalar('', range, value, lock), raw: value };
}

/** An entry that is not in the text. */
export function part(key: string, value: MapNode | ReturnType<typeof bareNode>): Entry {
  return { key, keyRange: { start: value.range.start, end: value.range.start }, value };
}
