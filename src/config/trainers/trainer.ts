import type { OptimizerRow } from '../../recipe/optimizers/row';
import type { Field, LoraplusTraits, PlanId } from '../../recipe/plans/plan';
import type { FindingCode } from '../findings/explained/all';
import type { OptimizerNames } from '../optimizers/word';
import type { InitStart } from '../init-code/divide';
import type { CodePlace } from '../init-code/groups';
import type { LibraryId } from '../init-code/libraries';
import type { Finding, ReadField, TrainerId, TrainerSource, TreeSyntax, Unread } from '../reading';
import type { Schedules } from '../schedules';
import type { MapNode, Scalar } from '../syntax/tree';

/** A trainer, as data: how its files are known, where every hyperparameter stands, what holds when nobody wrote it. */
export interface Trainer {
  id: TrainerId;
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
  /** The version its keys and defaults were read from. */
  source?: TrainerSource;
  /** Nothing is known of the trainer; keys are taken for what they are called. */
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
  groups?: CodePlace & { library: LibraryId };
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

export type Fields = Partial<Record<ReadField, Source>>;

export interface Network {
  name: string;
  rank: Source;
  alpha: Source;
}

/** Where a value stands, and what it is when it stands nowhere. */
export interface Source {
  /** The first that is stated wins. */
  keys: readonly Key[];
  otherwise?: Otherwise | ((known: Known) => Otherwise | null);
  /** What hands the numbers to the class has this default itself, so the class's own never counts. */
  hasOwnDefault?: true;
  /** Key that is written when none is stated; the last of `keys` unless given. */
  write?: Key;
  /** Neighbours to write a new key behind, best first. */
  beside?: readonly Key[];
  /** Read, but not to be written: the trainer does not take it from a config. */
  fixed?: boolean;
  /** What the pair is whose item this is, where nobody wrote the pair. */
  pair?: readonly [number, number];
}

export interface Key {
  path: readonly string[];
  /** As a person would write it. */
  label: string;
  /** What the trainer makes of the scalar; undefined when it means that nothing is set here. */
  read?: (value: Exclude<Scalar, null>) => Exclude<Scalar, null> | undefined;
}

/** A value nobody wrote. */
export interface Otherwise {
  value: Scalar | readonly [number, number];
  why: string;
}

/** What has been read so far, for defaults that depend on it. */
export interface Known {
  root: MapNode;
  rank: number | null;
  /** The trainer's word for the optimizer, and our row for it. */
  optimizer: string | null;
  row: OptimizerRow | null;
}

/** A thing about a file its user should know. `limits`: what it makes of a plan's exactness. */
export interface Trap {
  code: FindingCode;
  /** How it is said of the file; absent where it is only said of the plans it limits. */
  severity?: Exclude<Finding['severity'], 'error'>;
  message: string;
  applies: (root: MapNode) => boolean;
  /** Where to point; the whole file unless given. */
  at?: Key;
  limits?: 'nearly' | 'approximate';
  /** The plans it limits; all of them unless given. */
  plans?: readonly PlanId[];
  /** Names what trains with the same rate but has no scaling. */
  unscaled?: string;
  /** It limits no plan that divides A and B by powers of two, which no number format rounds. */
  unlessEven?: true;
  /** It limits no plan that gives one factor a group of its own, nor does what is unscaled. */
  sharesNumbers?: true;
  /** No edit may be made while this applies. */
  blocksEdits?: boolean;
  /** What mends it, best first. */
  fixes?: readonly TrapFix[];
}

/** What mends a trap, as keys to write and to take out. */
export interface TrapFix {
  /** As an order to the editor. */
  title: string;
  set?: readonly { key: Key; literal: string; beside?: readonly Key[] }[];
  remove?: readonly Key[];
  /** The one to take without thinking. */
  preferred?: boolean;
}

/** `key('optimizer.lr')`: the key with this dotted path. */
export function key(label: string, read?: Key['read']): Key {
  return { path: label.split('.'), label, ...(read ? { read } : {}) };
}

/** The key that a source would be written to. */
export function writeKey(source: Source): Key | null {
  return source.write ?? source.keys.at(-1) ?? null;
}
