import { type Library } from '../init-code/library';
import type { Field, LoraplusTraits } from '../../recipe/plans/plan';
import type { OptimizerNames } from '../optimizers/word';
import type { InitStart } from '../init-code/divide';
import type { CodePlace } from '../init-code/groups';
import type { TrainerSource, TreeSyntax, Unread } from '../reading';
import type { Schedules } from './schedules';
import type { Loaders } from '../syntax/loaders';
import type { MapNode } from '../syntax/tree';
import type { CommandLine } from './shared/command-line';
import type { Fields, Key, NetworkSources } from './shared/fields';
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
  /** What reads its files; unless given, nobody knows, and what any reader takes is taken. */
  loaders?: Loaders;
  /** What the trainer does with a number that reaches it as text, such as `"2e-4"`. */
  textNumbers: 'converts' | 'fails';
  /** Whether a program that starts the trainer makes a number of the text at this key, which the trainer itself would not. */
  convertsBefore?: (root: MapNode, name: string) => boolean;
  /** What to say of `1e-4` in YAML, where versions of the trainer take it for text and stop. */
  dotlessNumbers?: string;
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
  networks?: (root: MapNode) => readonly NetworkSources[];
  /** The trainer's optimizer names. */
  optimizers: OptimizerNames;
  /** The key that holds the arguments of the optimizer's class. */
  argumentsAt?: string;
  /** Everything that stands there is an argument of the class, so an unknown one is named. */
  closedArguments?: true;
  /** What a plan writes into a map that the file does not have, by the map's dotted path. Maps not listed start empty. */
  newMaps?: Readonly<Record<string, NewMap>>;
  /** How new optimizer arguments are written: `"key=value,key=value"`, `"key=value key=value"` or `{ key: value }`. */
  argumentsAs?: 'text' | 'words' | 'map';
  /** Copies of alpha elsewhere in the file. The trainer requires the same number. */
  linkedAlphas?: readonly Key[];
  /** Learning rates that must change by the same factor: absolute floors, learning rates of other parts of the model. */
  linkedRates?: readonly Key[];
  /** Numbers that change by the same factor as a field, even if the file leaves them to the trainer's defaults. */
  linkedKeys?: (root: MapNode) => readonly LinkedKey[];
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
  /** LoRA+ ratios that must change together with the first. */
  linkedRatios?: readonly Key[];
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
 * The first entries of a new map, as its trainer needs them: `{ class_path: 'torch.optim.AdamW' }`.
 * @param name the string at the map's key, or null if the key has no value
 * @returns null if a map must not replace that string
 */
export type NewMap = (name: string | null) => Readonly<Record<string, string | number>> | null;

/** An empty new map; it replaces no string. */
export const EMPTY: NewMap = (name) => (name === null ? {} : null);

/** A number that changes by the same factor as the number of a field. */
export interface LinkedKey {
  field: 'learningRate' | 'weightDecay';
  key: Key;
  /** The trainer's default; 0 for none. */
  default: number;
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
