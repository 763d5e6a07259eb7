import * as l10n from '@vscode/l10n';
import { CONSTANT_IDS, CONSTANTS, type ConstantId } from './optimizers/constants';

/** What people call a number or a setting of a recipe. */
interface FieldName {
  /** In a table, a list or a legend. */
  label: string;
  /** In a sentence, with its article if it needs one. */
  noun: string;
}

const OF_CONSTANTS = Object.fromEntries(
  CONSTANT_IDS.map((id) => [id, { label: id, noun: CONSTANTS[id].noun }]),
) as Record<ConstantId, FieldName>;

/** One record per field; every list and sentence takes its words from here. */
const NAMES = {
  rank: { label: l10n.t('rank'), noun: l10n.t('the rank') },
  alpha: { label: 'alpha', noun: l10n.t('alpha') },
  scaling: { label: l10n.t('scaling'), noun: l10n.t('the scaling') },
  multiplier: { label: 'scale', noun: l10n.t('the scale') },
  useRslora: { label: 'rsLoRA', noun: l10n.t('rank stabilisation') },
  useDora: { label: 'DoRA', noun: 'DoRA' },
  learningRate: { label: l10n.t('learning rate'), noun: l10n.t('the learning rate') },
  lrA: { label: l10n.t('learning rate of A'), noun: l10n.t('the learning rate of A') },
  lrB: { label: l10n.t('learning rate of B'), noun: l10n.t('the learning rate of B') },
  loraplusLrRatio: { label: l10n.t('LoRA+ ratio'), noun: l10n.t('the LoRA+ ratio') },
  optimizer: { label: l10n.t('optimizer'), noun: l10n.t('the optimizer') },
  betas: { label: 'betas', noun: l10n.t('the betas') },
  momentum: { label: 'momentum', noun: l10n.t('the momentum') },
  nesterov: { label: 'nesterov', noun: 'nesterov' },
  weightDecay: { label: l10n.t('weight decay'), noun: l10n.t('weight decay') },
  maxGradNorm: { label: l10n.t('max grad norm'), noun: l10n.t('max grad norm') },
  maxGradValue: { label: l10n.t('max grad value'), noun: l10n.t('max grad value') },
  scheduler: { label: l10n.t('schedule'), noun: l10n.t('the schedule') },
  warmup: { label: l10n.t('warm-up'), noun: l10n.t('the warm-up') },
  dropout: { label: 'dropout', noun: l10n.t('the LoRA dropout') },
  targetModules: { label: l10n.t('target modules'), noun: l10n.t('the target modules') },
  init: { label: l10n.t('init'), noun: l10n.t('the init') },
  ...OF_CONSTANTS,
} satisfies Record<string, FieldName>;

/** A field with a name. */
export type NamedField = keyof typeof NAMES;

/** Whether a field has a name here. */
export const hasName = (field: string): field is NamedField => Object.hasOwn(NAMES, field);

/** `weight decay`: the field's name in a table, a list or a legend. */
export const fieldLabel = (field: NamedField): string => NAMES[field].label;

/** `the rank`, `weight decay`: the field in a sentence. */
export const fieldNoun = (field: NamedField): string => NAMES[field].noun;
