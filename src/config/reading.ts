import type { NamedField } from '../recipe/field-names';
import type { Recipe } from '../recipe/recipe';

/** Syntaxes of a text that is read as one tree. A `.env` file is shell. */
export type TreeSyntax = 'yaml' | 'json' | 'toml' | 'python' | 'shell' | 'powershell';

export type SyntaxId = TreeSyntax | 'notebook';

/** Fields that a file can set. The terminal's JSON uses the same names. */
export type ReadField = NamedField;

/** Offsets into the text as JavaScript counts them (UTF-16 code units); `end` is exclusive. */
export interface Range {
  start: number;
  end: number;
}

/** A position in a notebook: one-based; cells of every kind count, as in editors. */
export interface InCell {
  cell: number;
  line: number;
}

interface Place {
  /** One-based. */
  line: number;
  inCell?: InCell;
  range: Range;
}

export interface Stated extends Place {
  /** The key as a person would write it: `lora_alpha`, `optimizer.lr`, `network_args[0]`. */
  path: string;
  /** One-based. */
  column: number;
  /** Range of its key; absent if it has none. */
  key?: Range;
}

export interface ReadRecipe extends Recipe {
  stated: Partial<Record<ReadField, Stated>>;
  /** Defaults: the field, and the reason for its value (trainer, version, source). */
  assumed: Partial<Record<ReadField, string>>;
  /** Values that were not resolved: the field, and the expression that is written there. */
  unresolved?: Partial<Record<ReadField, string>>;
  /** Why the trainer ignores alpha; then `scaling` is 1 and `alpha` is the rank. */
  alphaIsIgnored?: string;
  /** The name of the run, if the file has several. */
  run?: string;
  /** The guessed keys, if the trainer is unknown. Such a run is written only after the user agrees. */
  guess?: string;
}

export interface Finding extends Pick<Place, 'inCell'> {
  code: string;
  severity: 'error' | 'warning' | 'info';
  /** What is wrong and what would be right. */
  message: string;
  /** Null where it is about the whole file. */
  line: number | null;
  range: Range | null;
  /** The run that it is about, by its place among the runs of the text; fixes are made from it. */
  run?: number;
  /** Of a run that goes on from a trained adapter. */
  goesOn?: GoesOn;
}

/** The trained adapter that a run goes on from. */
export interface GoesOn {
  /** The folder or file, as the config writes it. */
  from: string;
  /** Whose alpha counts (docs/resume.md). */
  alphaOf: 'file' | 'adapter';
  /** The trainer takes alpha from the adapter, but refuses another rank than the file's. */
  rankOf?: 'file';
}

/** A part of a document that was not understood and can reach the LoRA parameters. */
export interface Unread {
  range: Range;
  why: string;
  /** It may hold a number that has to change with the scaling, so the file must not be written. */
  mayMove?: boolean;
  /** What to show in place of the text at `range`. */
  shown?: string;
}

/** The same in the file: `source` is its text, on one line, shortened. */
export interface NotUnderstood extends Place, Pick<Unread, 'why'> {
  source: string;
  mayMove: boolean;
}

/** A quick fix of a finding: `Set network_alpha = 1`. */
export interface Fix {
  title: string;
  edits: readonly TextEdit[];
  /** The fix that the editor's Auto Fix takes. */
  preferred?: boolean;
}

/** Where a trainer's keys and defaults were read. */
export interface TrainerSource {
  /** `owner/name` on GitHub. */
  repository: string;
  commit: string;
  date: string;
}

/** A config file as its trainer understands it. */
export interface Reading {
  isLora: boolean;
  trainer: string | null;
  /** The trainer's name for people: `LLaMA-Factory`. */
  trainerName: string | null;
  layout?: string;
  /** The trainer of one of its recipes is unknown: LoRA Alpha guessed the keys by their names. */
  isGuess?: boolean;
  source?: TrainerSource;
  syntax: SyntaxId | null;
  recipes: readonly ReadRecipe[];
  findings: readonly Finding[];
  /** The parts that were not understood, which limit every claim about the run. */
  notUnderstood: readonly NotUnderstood[];
}

/** Replace `range` by `text`. An insertion has an empty range. */
export interface TextEdit {
  range: Range;
  text: string;
}
