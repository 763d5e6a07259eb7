import type { Field, LoraplusTraits } from '../../recipe/plans/plan';
import type { InitStart } from '../init-code/divide';
import type { CodePlace } from '../init-code/groups';
import type { OptimizerNames } from '../optimizers/word';
import type { TrainerSource, TreeSyntax, Unread } from '../reading';
import { LOADERS, type Loader, type Loaders } from '../syntax/loaders';
import type { MapNode } from '../syntax/tree';
import type { Schedules } from './schedules';
import type { CommandLine } from './shared/command';
import type { AdapterSources, Fields, Key } from './shared/fields';
import type { KnownKeys } from './shared/known';
import type { Trap } from './shared/trap';

/** A trainer as data: how to recognise its files, and the key and default of every hyperparameter. */
export interface Trainer {
  id: string;
  /**
   * The order in which trainers are asked: 3 if its files look like another's but have their own key, 2 by default,
   * 1 for searches, 0 for guesses.
   */
  specificity?: number;
  name: string;
  syntaxes: readonly TreeSyntax[];
  /** Matches every file of this trainer, and few others: a test that is cheap enough for every keystroke. */
  hint: RegExp;
  /** The loaders of its files. If absent, the loader is unknown, and everything that any loader accepts is read. */
  loaders?: Loaders;
  /** The trainer converts a string such as `"2e-4"` to a number; others fail. */
  textNumbers?: 'converts';
  /** The message about `1e-4` in YAML, if versions of the trainer read it as a string and stop. */
  dotlessNumbers?: string;
  /** Resolves `${other.key}` and `???` (OmegaConf). */
  interpolates?: true;
  /** The runs of a tree, each as the trainer sees it. Default: the tree is one run. */
  runs?: (root: MapNode) => readonly Run[];
  commandLine?: CommandLine;
  /** The names of its programs with their own options: `axolotl`, `llamafactory-cli`. */
  programs?: readonly string[];
  /** Its programs that train no LoRA, or only with a flag, by name or pattern. Their commands are never guessed at. */
  owns?: RegExp;
  source?: TrainerSource;
  isGuess?: boolean;
  layouts: readonly Layout[];
}

export interface Run {
  root: MapNode;
  /** Its name for people, if a file has several. */
  name?: string;
  /** Parts of the file that can reach this run and were not understood. */
  unread?: readonly Unread[];
}

/** One format of a trainer's files. */
export interface Layout {
  id: string;
  /** Whether the file is a LoRA config of this layout; `not` says which other adapter it trains. */
  recognise: (root: MapNode) => boolean | { not: string };
  /** The layout of one file, where its keys are the file's own. */
  inFile?: (root: MapNode, own: Layout) => Layout;
  fields: Fields;
  /** Who has the defaults, if not the trainer by its name: `litgpt before May 2024`. */
  owner?: string;
  /** `direct`: the key of alpha holds the scaling itself. */
  scalingRule?: 'direct' | 'standard';
  adapters?: (root: MapNode) => readonly AdapterSources[];
  optimizers: OptimizerNames;
  /** The key that holds the arguments of the optimizer's class. */
  argumentsAt?: string;
  /** Switches of the optimizer that are false where the file has none, whatever the class defaults to. */
  falseIfAbsent?: string;
  /** Keys whose null counts as absent; `*` for all. */
  nullable?: string;
  /** The first entries of a map that a plan creates, by the map's dotted path. Maps not listed start empty. */
  newMaps?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** How new optimizer arguments are written: `"key=value,key=value"`, `"key=value key=value"` or `{ key: value }`. */
  argumentsAs?: 'text' | 'words' | 'map';
  /**
   * Other numbers that change by the same factor as a field: absolute floors, learning rates of other parts of the model,
   * copies of alpha.
   */
  linked?: Partial<Record<'alpha' | 'learningRate' | 'loraplusLrRatio', readonly Key[]>>;
  schedule?: ScheduleKeys;
  /** Fields that are set in the user's own script, not in this file, and what they are called there. */
  inScript?: Partial<Record<Field, string>>;
  /** LoRA+ in this trainer; absent if B cannot have its own learning rate. */
  loraplus?: Loraplus;
  /** Whether this file's kind of adapter has a key for rank stabilisation, where that depends on the file. */
  canSwitchRslora?: (root: MapNode) => boolean;
  /** Switches that add to the target modules, and the names of what they add. */
  targetSwitches?: readonly { key: Key; modules: readonly string[] }[];
  loraBias?: Key;
  /** Keys with lists of `"key=value"` strings, which `runs` converts to maps. */
  argumentLists?: readonly string[];
  /** It takes whole alphas only: as Python's int() does, or pydantic. */
  wholeAlpha?: 'int' | 'pydantic';
  /** Why the trainer ignores alpha, so that the scaling is 1; null if it uses alpha. */
  alphaIsIgnored?: (root: MapNode) => string | null;
  guess?: string;
  /** Where code can give one of PEFT's factors its own parameter group. */
  groups?: CodePlace;
  /** Where the file has what PEFT needs to build the adapter; absent if PEFT does not build it. */
  peft?: PeftKeys;
  /** For scripts, which hold `initCode` themselves: PEFT's name of the trained adapter, if it is not `default`. */
  adapter?: (root: MapNode) => string | undefined;
  traps: readonly Trap[];
  /** When it computes in float16; null if it never does. */
  float16: Trap | null;
  /** The keys without effect of every map that the layout's values stand in. Absent in scripts: `unread` says it all. */
  known?: KnownKeys;
  /** What else can reach the LoRA parameters and is not understood. */
  unread?: (root: MapNode) => readonly Unread[];
  /** Python that divides the LoRA factors after their init, with a comment that says where it goes. */
  initCode: (start: InitStart) => string;
  /** How the config names the class of `initCode`, where the trainer loads such a class by itself. */
  codeName?: CodeName;
}

/** The keys that PEFT builds an adapter from, and that are not part of the recipe. */
export interface PeftKeys {
  /** The call whose arguments are those of LoraConfig, in a script. */
  call?: string;
  /** Arguments of the call that are not LoraConfig's, and change nothing of the adapter. */
  ignored?: ReadonlySet<string>;
  fields: Readonly<Record<string, Key>>;
  /** What the trainer makes of a string of names, if PEFT does not get the string itself. */
  names?: (text: string) => string | string[];
  /** Where the base model may be named; absent if it is not in the run's tree. */
  models?: readonly Key[];
  seed: Key;
  /** The size of a mini-batch, and its default. */
  batch: Key;
  batchDefault: number;
  /** Names of parameters without weight decay; null if all have it. */
  noDecay: RegExp | null;
  /** Keys that build another adapter, model or optimizer than the fields say. */
  others: readonly Key[];
  hasOtherTargets?: (root: MapNode) => boolean;
}

export interface CodeName {
  /** The key whose value is a list of classes: `plugins`. */
  key: Key;
  /** `module.Class` */
  item: string;
  /** Sentences: what else the trainer needs to find the file, and what happens if the trainer does not find it. */
  needs: string;
}

/** The schedulers of a trainer by the value of the field `scheduler`, and the map of their arguments. */
export interface ScheduleKeys {
  schedules: Schedules;
  /** Dotted path of the map of arguments; empty for the top level, null if there are no arguments. */
  at: string | null;
  /** On a command line the arguments are one flag of JSON: `--lr_scheduler_kwargs '{"lr_end": 5e-8}'`. */
  jsonFlag?: true;
}

export interface Loraplus extends LoraplusTraits {
  /** Optimizers that ignore the ratio, by the trainer's names in lower case. */
  ignoredBy?: ReadonlySet<string>;
  isRuledOut?: (root: MapNode) => boolean;
}

/** What a trainer reads a text of this syntax with; undefined where that is not known, or no loader's work. */
export function loaderOf({ loaders = {} }: Trainer, syntax: TreeSyntax): Loader | undefined {
  const id = syntax === 'yaml' || syntax === 'json' || syntax === 'toml' ? loaders[syntax] : undefined;
  return id && LOADERS[id];
}

/** `axolotl-ai-cloud/axolotl 067b021c (2026-07-24)`: which version of a trainer defaults were read from. */
export function sourceLabel({ repository, commit, date }: TrainerSource): string {
  return `${repository} ${/^[0-9a-f]{7,40}$/.test(commit) ? commit.slice(0, 8) : commit} (${date})`;
}
