import type { ConstantId } from '../recipe/optimizers/row';
import type { Recipe } from '../recipe/recipe';

export type SyntaxId = 'yaml' | 'json' | 'toml';

export type TrainerId = 'peft' | 'axolotl' | 'llamafactory' | 'torchtune' | 'kohya';

/** Fields of a reading that can be stated in a file; the names the terminal's JSON uses too. */
export type ReadField =
  | 'rank'
  | 'alpha'
  | 'scaling'
  | 'useRslora'
  | 'useDora'
  | 'learningRate'
  | 'lrA'
  | 'lrB'
  | 'loraplusLrRatio'
  | 'optimizer'
  | ConstantId
  | 'betas'
  | 'weightDecay'
  | 'momentum'
  | 'nesterov'
  | 'maxGradNorm'
  | 'maxGradValue'
  | 'scheduler'
  | 'warmup'
  | 'dropout'
  | 'init'
  | 'targetModules';

/** Offsets into the text as JavaScript counts them (UTF-16 code units); `end` is exclusive. */
export interface Range {
  start: number;
  end: number;
}

/** Where a value stands in the file. */
export interface Stated {
  /** As a person would write it: `lora_alpha`, `optimizer.lr`, `network_args[0]`. */
  path: string;
  /** One-based. */
  line: number;
  /** One-based. */
  column: number;
  /** Of the value itself. */
  range: Range;
}

export interface ReadRecipe extends Recipe {
  stated: Partial<Record<ReadField, Stated>>;
  /** Values nobody wrote: the field, and why it has the value it has (trainer, version, source). */
  assumed: Partial<Record<ReadField, string>>;
}

export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  /** Says what is wrong and what would be right. */
  message: string;
  /** One-based; null where it is about the whole file. */
  line: number | null;
  range: Range | null;
}

/** What a config file says, as its trainer would understand it. */
export interface Reading {
  isLora: boolean;
  trainer: TrainerId | null;
  /** The trainer's name for people: `LLaMA-Factory`. */
  trainerName: string | null;
  /** Which of the trainer's layouts the file follows, where it has several. */
  layout?: string;
  syntax: SyntaxId | null;
  recipes: readonly ReadRecipe[];
  findings: readonly Finding[];
}

/** Replace `range` by `text`. An insertion has an empty range. */
export interface TextEdit {
  range: Range;
  text: string;
}
