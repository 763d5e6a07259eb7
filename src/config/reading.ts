import type { ConstantId } from '../recipe/optimizers/constants';
import type { Recipe } from '../recipe/recipe';

/** Syntaxes of a text that is read as one tree. A `.env` file is shell. */
export type TreeSyntax = 'yaml' | 'json' | 'toml' | 'python' | 'shell' | 'batch' | 'powershell';

export type SyntaxId = TreeSyntax | 'notebook';

/** Fields of a reading that can be stated in a file; the names the terminal's JSON uses too. */
export type ReadField =
  | 'rank'
  | 'alpha'
  | 'scaling'
  | 'multiplier'
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

/** A place in a notebook as people see it. */
export interface InCell {
  /** One-based, counting cells of every kind, as editors number them. */
  cell: number;
  /** One-based line of that cell. */
  line: number;
}

/** Where a value stands in the file. */
export interface Stated {
  /** As a person would write it: `lora_alpha`, `optimizer.lr`, `network_args[0]`. */
  path: string;
  /** One-based. */
  line: number;
  /** One-based. */
  column: number;
  /** Where it is a cell of a notebook. */
  inCell?: InCell;
  /** Of the value itself. */
  range: Range;
  /** Of its key; absent where it has none of its own. */
  key?: Range;
}

export interface ReadRecipe extends Recipe {
  stated: Partial<Record<ReadField, Stated>>;
  /** Values nobody wrote: the field, and why it has the value it has (trainer, version, source). */
  assumed: Partial<Record<ReadField, string>>;
  /** Values that were not resolved: the field, and the expression that is written there. */
  unresolved?: Partial<Record<ReadField, string>>;
  /** Why alpha has no effect in this run; `scaling` is 1 then, and `alpha` the rank, whatever the file says. */
  alphaIsIgnored?: string;
  /** The run this is part of, by name, where the file holds several. */
  run?: string;
  /** What was taken for what, where its trainer is not known; nothing is written to such a run without a question. */
  guess?: string;
}

export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  /** Says what is wrong and what would be right. */
  message: string;
  /** One-based; null where it is about the whole file. */
  line: number | null;
  /** Where it is about a cell of a notebook. */
  inCell?: InCell;
  range: Range | null;
}

/** What a reader did not understand of a document, though it can reach the LoRA parameters. */
export interface Unread {
  /** In the document's own text. */
  range: Range;
  /** One sentence: what it may do to the run. */
  why: string;
  /** It may hold a number that has to move with the scaling, so nothing may be written beside it. */
  mayMove?: true;
  /** Options and arguments whose defaults skip this code. It is not understood, but does not run by default. */
  leftOutBy?: readonly string[];
  /** What to show in place of the text at `range`. */
  shown?: string;
}

/** A thing in the file that can reach the LoRA parameters and that the reader did not understand. */
export interface NotUnderstood {
  /** One-based. */
  line: number;
  /** Where it is in a cell of a notebook. */
  inCell?: InCell;
  /** The text that stands there, on one line, shortened. */
  source: string;
  /** What it may do to the run, one sentence. */
  why: string;
  range: Range;
  /** It may hold a number that has to move with the scaling; nothing is written to this file then. */
  mayMove: boolean;
}

/** Edits that mend what a finding is about. */
export interface Fix {
  /** As an order to the editor: `Write network_alpha = 1 down`. */
  title: string;
  edits: readonly TextEdit[];
  /** The one to take without thinking. */
  preferred?: boolean;
}

/** Where a trainer's keys and defaults were read. */
export interface TrainerSource {
  /** `owner/name` on GitHub. */
  repository: string;
  commit: string;
  /** Of the commit: `2026-08-21`. */
  date: string;
}

/** What a config file says, as its trainer would understand it. */
export interface Reading {
  isLora: boolean;
  trainer: string | null;
  /** The trainer's name for people: `LLaMA-Factory`. */
  trainerName: string | null;
  /** Which of the trainer's layouts the file follows, where it has several. */
  layout?: string;
  /** The trainer of one of its recipes is unknown: LoRA Alpha guessed the keys by their names. */
  isGuess?: boolean;
  /** Where the trainer's keys and defaults were read: `{ repository: 'huggingface/peft', commit, date }`. */
  source?: TrainerSource;
  syntax: SyntaxId | null;
  recipes: readonly ReadRecipe[];
  findings: readonly Finding[];
  /** What keeps a claim about this file from being one about the whole run. */
  notUnderstood: readonly NotUnderstood[];
}

/** Replace `range` by `text`. An insertion has an empty range. */
export interface TextEdit {
  range: Range;
  text: string;
}
