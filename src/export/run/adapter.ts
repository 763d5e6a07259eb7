import * as l10n from '@vscode/l10n';
import type { ReadRecipe } from '../../config/reading';
import { entryAt, nodeAt, scalarAt, type MapNode, type SyntaxNode } from '../../config/syntax/tree';
import { isOnOrFilled } from '../../config/trainers/shared/fields';
import type { PeftKeys } from '../../config/trainers/trainer';
import type { PythonValue } from '../python/literal';
import { refuse } from '../refusal';

/** Fields of LoraConfig that the exported file passes on as the config has them (PEFT, tuners/lora/config.py, 0.21). */
const PASSED: ReadonlySet<string> = new Set([
  ...['exclude_modules', 'fan_in_fan_out', 'bias', 'modules_to_save', 'init_lora_weights', 'layers_to_transform'],
  ...['layers_pattern', 'rank_pattern', 'alpha_pattern', 'lora_bias', 'trainable_token_indices', 'target_parameters'],
]);

/** Fields that the recipe has, and fields that change nothing of a training. */
const READ: ReadonlySet<string> = new Set([
  ...['r', 'lora_alpha', 'use_rslora', 'use_dora', 'lora_dropout', 'target_modules', 'task_type', 'peft_type'],
  ...['inference_mode', 'auto_mapping', 'peft_version', 'base_model_name_or_path', 'revision', 'megatron_core'],
]);

/** Inits that need data, gradients or quantised weights, which a file for any model cannot have. */
const NEEDS_MORE: ReadonlySet<string> = new Set(['eva', 'corda', 'lora-ga', 'loftq']);

/** Task types with a trained head, which need another class of model. */
const WITH_HEAD = /(?:SEQ_CLS|TOKEN_CLS|QUESTION_ANS|FEATURE_EXTRACTION)$/;

/** The arguments of LoraConfig. `alpha_pattern` changes with alpha, so it is apart. */
export interface PeftAdapter {
  fields: Readonly<Record<string, PythonValue>>;
  alphaPattern: Readonly<Record<string, number>>;
}

/** How PEFT builds the adapter of a run. @throws Refusal if the exported file cannot build the same */
export function adapterOf(recipe: ReadRecipe, root: MapNode, peft: PeftKeys): PeftAdapter {
  const refused: (what: string) => never = (what) =>
    refuse(l10n.t`${what} builds an adapter, a model or an optimizer that the exported file cannot build.`);
  const other = peft.others.find((one) => isOnOrFilled(root, one) || isMap(nodeAt(root, one.path)));
  if (other) refused(other.label);
  if (recipe.init !== null && NEEDS_MORE.has(recipe.init)) refused(`init ${recipe.init}`);
  const targets = targetsOf(recipe, peft);
  if (targets === undefined || peft.hasOtherTargets?.(root)) refused('target_modules');
  const fields: Record<string, PythonValue> = {
    r: recipe.rank,
    ...(targets !== null && { target_modules: targets }),
    ...(recipe.dropout && { lora_dropout: recipe.dropout }),
    ...(recipe.useDora && { use_dora: true }),
  };
  for (const [name, node] of givenFields(root, peft)) {
    const task = node.kind === 'scalar' && name === 'task_type' ? String(node.value ?? node.unresolved) : '';
    if (WITH_HEAD.test(task)) refused(`task_type ${task}`);
    if (READ.has(name) || peft.ignored?.has(name) || isEmpty(node)) continue;
    const value = PASSED.has(name) ? valueOf(node) : undefined;
    if (value === undefined) refused(name);
    const isNames = name === 'modules_to_save' && typeof value === 'string';
    fields[name] = isNames ? (peft.names?.(value) ?? value) : value;
  }
  const { alpha_pattern: pattern, ...others } = fields;
  const isDict = typeof pattern === 'object' && pattern !== null && 'dict' in pattern;
  if (pattern !== undefined && !isDict) refused('alpha_pattern');
  return { fields: others, alphaPattern: (isDict ? pattern.dict : {}) as Readonly<Record<string, number>> };
}

/** The fields of LoraConfig that a file gives: arguments of its call, and keys. */
function givenFields(root: MapNode, peft: PeftKeys): ReadonlyMap<string, SyntaxNode> {
  const call = peft.call === undefined ? null : nodeAt(root, [peft.call]);
  const given = new Map(call?.kind === 'map' ? call.entries.map(({ key, value }) => [key, value]) : []);
  for (const [name, { path, read }] of Object.entries(peft.fields)) {
    const node = nodeAt(root, path);
    const value = scalarAt(root, path);
    const meant = read && value !== undefined ? read(value) : undefined;
    if (!node || (read && meant === undefined)) continue;
    given.set(name, node.kind === 'scalar' && meant !== undefined ? { ...node, value: meant } : node);
  }
  return given;
}

/** The targets as PEFT gets them: null leaves them to PEFT, undefined is unknown. */
function targetsOf({ targetModules, unresolved }: ReadRecipe, peft: PeftKeys): PythonValue | undefined {
  if (unresolved?.targetModules !== undefined) return undefined;
  if (targetModules === null) return null;
  if (typeof targetModules === 'string') return peft.names?.(targetModules) ?? targetModules;
  if (!targetModules.includes('all-linear')) return targetModules;
  // PEFT takes the word alone, and it covers every projection.
  return targetModules.every((name) => name === 'all-linear' || name.endsWith('_proj')) ? 'all-linear' : undefined;
}

const isMap = (node: SyntaxNode | null): boolean => node?.kind === 'map' && node.tag !== undefined;

function isEmpty(node: SyntaxNode): boolean {
  if (node.kind !== 'scalar') return (node.kind === 'map' ? node.entries : node.items).length === 0 && !isMap(node);
  return node.unresolved === undefined && (node.value === null || node.value === '');
}

/** A literal of the config as a value of Python; undefined if it is none. */
function valueOf(node: SyntaxNode): PythonValue | undefined {
  if (node.kind === 'scalar') return node.unresolved === undefined ? node.value : undefined;
  if (isMap(node) || (node.kind === 'map' && node.entries.some(({ isSpread }) => isSpread))) return undefined;
  const items = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  const values = items.map(valueOf).filter((value) => value !== undefined);
  if (values.length < items.length) return undefined;
  if (node.kind === 'list') return values;
  return { dict: Object.fromEntries(node.entries.map(({ key }, i) => [key, values[i] as PythonValue])) };
}

/** A number of the run at a key of the config, or its default where there is none of `least` or more. */
export function wholeNumberAt(root: MapNode, path: readonly string[], usual: number, least = 1): number {
  const value = Number(entryAt(root, path) ? scalarAt(root, path) : usual);
  return Number.isInteger(value) && value >= least ? value : usual;
}
