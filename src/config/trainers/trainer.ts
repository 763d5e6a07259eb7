import { type Library } from '../init-code/library';
import type { Field, LoraplusTraits } from '../../recipe/plans/plan';
import type { OptimizerNames } from '../optimizers/word';
import type { InitStart } from '../init-code/divide';
import type { CodePlace } from '../init-code/groups';
import type { TrainerSource, TreeSyntax, Unread } from '../reading';
import type { Schedules } from './schedules';
import type { MapNode } from '../syntax/tree';
import type { CommandLine } from './shared/command-line';
import type { Fields, Key, Network } from './shared/fields';
import type { Trap } from './shared/trap';

/** A trainer, as data: how its files are known, where every hyperparameter stands, what holds when nobody wrote it. */
export interface Trainer {
  id: string;
  /**
   * Which trainer is asked first: 3 where its files look like another's and have a sign of their own, 2 unless given,
   * 1 for searches, 0 for guesses. The order of a list decides nothing.
   */
  specificity?: number;
  /** Its name for people. */
  name: string;
  syntaxes: readonly TreeSyntax[];
  /** Matches every file of this trainer, and few others: a test that is cheap enough for every keystroke. */
  hint: RegExp;
  /** What the trainer does with a number that reaches it as text, such as `"2e-4"`. */
  textNumbers: 'converts' | 'fails';
  /** Whether a program that starts the trainer makes a number of the text at this key, which the trainer itself would not. */
  convertsBefore?: (root: MapNode, name: string) => boolean;
  /** What to say of `1e-4` in YAML, where versions of the trainer take it for text and stop. */
  dotlessNumbers?: string;
  /** Its YAML loader is patched to take `1e-4` for a number. */
  readsDotless?: boolean;
  /** Resolves `${other.key}` and `???` (OmegaConf). */
  interpolates: boolean;
  /** The runs that a tree holds, each as the trainer sees it; the tree itself, as one run, unless given. */
  runs?: (root: MapNode) => readonly Run[];
  /** How it is started with its settings on the command line, where it can be. */
  commandLine?: CommandLine;
  /** Its programs by name, which have options of their own: `axolotl`, `llamafactory-cli`. */
  programs?: readonly string[];
  /** Programs of its own that train no LoRA, or only where a flag says so: nobody guesses at them. */
  owns?: RegExp;
  /** The version its keys and defaults were read from. */
  source?: TrainerSource;
  /** The trainer is unknown; keys are guessed by their names. */
  isGuess?: boolean;
  layouts: readonly Layout[];
}

/** One run of a file: a tree as its trainer sees it. */
export interface Run {
  root: MapNode;
  /** What people call it, where a file holds several. */
  name?: string;
  /** What in the file can reach this run and was not understood. */
  unread?: readonly Unread[];
}

/** One way in which a trainer's files are laid out. */
export interface Layout {
  id: string;
  /** Whether the file is a LoRA config of this layout; a text says why it is another adapter's. */
  recognise: (root: MapNode) => boolean | { not: string };
  /** The layout of one file, where its keys are the file's own. */
  inFile?: (root: MapNode) => Layout;
  fields: Fields;
  /** `direct`: what stands under alpha is the scaling itself, whatever the rank. */
  scalingRule?: 'direct';
  /** Networks beside the first, with a rank and an alpha of their own. */
  networks?: (root: MapNode) => readonly Network[];
  /** The trainer's optimizer names. */
  optimizers: OptimizerNames;
  /** The key that holds the arguments of the optimizer's class. */
  argumentsAt?: string;
  /** Everything that stands there is an argument of the class, so an unknown one is named. */
  closedArguments?: true;
  /**
   * What a map starts with where a number has to go into one that nobody wrote, by its dotted path; one that is not
   * named here starts empty, in nothing's place.
   */
  begins?: Readonly<Record<string, Begin>>;
  /** How they are begun where nobody wrote any: `"key=value,key=value"`, `"key=value key=value"` or `{ key: value }`. */
  argumentsAs?: 'text' | 'words' | 'map';
  /** Copies of alpha elsewhere in the file, which the trainer wants to be the same number. */
  ridersOfAlpha?: readonly Key[];
  /** Further rates that must move with the learning rate: absolute floors, rates of other parts of the model. */
  ridersOfRate?: readonly Key[];
  /** Numbers that move with a field though the file may leave them to the trainer. */
  alongside?: (root: MapNode) => readonly AlongsideKey[];
  /** The schedulers of this trainer, whose arguments can be rates. */
  schedule?: ScheduleKeys;
  /** Fields that are set in the user's own script, not in this file, and what they are called there. */
  inScript?: Partial<Record<Field, string>>;
  /** LoRA+ in this trainer; absent where B cannot be given a rate of its own. */
  loraplus?: Loraplus;
  /** Whether this file's kind of network has a key for rank stabilisation, where that depends on the file. */
  canSwitchRslora?: (root: MapNode) => boolean;
  /** Switches that add to the target modules, and the names of what they add. */
  targetSwitches?: readonly { key: Key; modules: readonly string[] }[];
  /** The switch that gives B a bias. */
  loraBias?: Key;
  /** Further LoRA+ ratios that must move with the first. */
  ridersOfRatio?: readonly Key[];
  /** Keys that hold lists of `"key=value"` texts, which `runs` has made into maps. */
  argumentLists?: readonly string[];
  /** The trainer refuses an alpha that is not a whole number. */
  wholeAlpha?: boolean;
  /** Why alpha has no effect in this run: the scaling is 1, whatever a file says; null where it has. */
  alphaIsIgnored?: (root: MapNode) => string | null;
  /** What was taken for what in this file, where its trainer is not known. */
  guess?: string;
  /** Where code can give one factor a group of its own in the run's optimizer, and whose names the factors have. */
  groups?: CodePlace & { library: Library };
  /** PEFT's name of the adapter that trains, where that is not `default`. */
  adapter?: (root: MapNode) => string | undefined;
  traps: readonly Trap[];
  /** What of this file can reach the LoRA parameters and is not understood: unknown keys among LoRA's, the optimizer's … */
  notUnderstood?: (root: MapNode) => readonly Unread[];
  /** Python that divides the fresh LoRA factors: where it goes, and the lines. */
  initCode: (start: InitStart) => string;
}

/**
 * What a new map starts with, as its trainer needs it: `{ class_path: 'torch.optim.AdamW' }`.
 * @param name the text that stands in the map's place, or null where nothing does
 * @returns null where that text must not give way to a map
 */
export type Begin = (name: string | null) => Readonly<Record<string, string | number>> | null;

/** A map that starts empty, in nothing's place. */
export const EMPTY: Begin = (name) => (name === null ? {} : null);

/** A number that moves by the same factor as a field's own. */
export interface AlongsideKey {
  field: 'learningRate' | 'weightDecay';
  key: Key;
  /** What the trainer takes where nobody writes it; 0: nothing. */
  otherwise: number;
  /** Neighbours to write a new key behind, best first. */
  beside?: readonly Key[];
}

/** The schedulers that a trainer knows, by the words of the field `scheduler`, and where their arguments stand. */
export interface ScheduleKeys {
  schedules: Schedules;
  /** Dotted path of the map of arguments; empty for the file's own top level, null where the trainer takes none. */
  at: string | null;
  /** On a command line the arguments are one flag of JSON: `--lr_scheduler_kwargs '{"lr_end": 5e-8}'`. */
  jsonFlag?: true;
  /** Neighbours to write a new argument behind, best first. */
  beside?: readonly Key[];
}

/** What a trainer does with a LoRA+ ratio. */
export interface Loraplus extends LoraplusTraits {
  /** Optimizers that take no notice of the ratio, by the trainer's words in lower case. */
  ignoredBy?: ReadonlySet<string>;
  /** Whether this file rules a ratio out. */
  isRuledOut?: (root: MapNode) => boolean;
}
