import { extname } from 'node:path';
import { configRecipe, type ConfigRecipe } from '../../config/plan/as-trained';
import { withoutRecipe } from '../../config/findings/findings';
import { planConfig, type ConfigPlan, type ConfigPlans } from '../../config/planned';
import { readConfig, type ConfigReading } from '../../config/read';
import type { Finding } from '../../config/reading';
import { recipeNamed } from '../../messages/answers';
import { numberLabel } from '../../recipe/notation';
import type { PlanId } from '../../recipe/plans/plan';
import { RecipeError, type Recipe } from '../../recipe/recipe';
import type { Destination, Target } from '../../recipe/target';
import { readAgainstRan, settled, type Agreement } from '../../run/read-against-ran';
import { isRun, runReading } from '../../run/recipe-of-run';
import { isRecording, readRecording, type Recording } from '../../run/recording';
import type { Config } from '../../../types/library';
import { noConfig, nothing, usage } from '../failure';
import { inTime } from '../limit';
import { listed } from '../parse-numbers';
import { codeBeside, hasWeights, readText, STDIN, type ConfigText } from './files';

/** A config file and the recipe in it that a command is about, as its trainer takes it. */
export interface ChosenRecipe extends ConfigRecipe {
  file: ConfigText;
}

/** {@link readConfig} of a file, or of standard input. A recording of a run is read as the config that it had. */
export async function readingOf(file: ConfigText, argument: string, codeOf = codeBeside): Promise<ConfigReading> {
  if (isRecording(file.text)) return runReading(file.text, recordingIn(file));
  // Syntaxes are told apart by the file's name. Standard input and pipes have none: whichever gives a recipe is right.
  if (argument !== STDIN && extname(argument) !== '') {
    const code = await codeOf(argument, file.text);
    return readingIn({ ...file, hasWeights: await hasWeights(argument), ...(code !== undefined && { code }) });
  }
  const as = (extension: string): ConfigReading => inTime(file.path, () => readConfig(file.text, `stdin.${extension}`));
  const found = [as('json'), as('toml'), as('yaml')].find(({ recipes }) => recipes.length > 0);
  return found ?? as(file.text.trimStart().startsWith('{') ? 'json' : 'yaml');
}

/** @throws Failure with what is wrong with the recording */
export function recordingIn({ text, path }: Pick<ConfigText, 'path' | 'text'>): Recording {
  const recording = readRecording(text, path);
  if ('wrong' in recording) throw usage(recording.wrong);
  return recording;
}

/** A file held against a recording of its run; null without one. @throws Failure where it cannot be read */
export async function agreementOf(
  { file, reading }: Pick<ChosenRecipe, 'file' | 'reading'>,
  run: string | undefined,
): Promise<Agreement | null> {
  return agreementWith({ file, reading }, run === undefined ? undefined : await readText(run));
}

/** A file held against the text of a recording; null without one. @throws Failure where it is none */
export function agreementWith(
  { file, reading }: { file: Pick<ConfigText, 'path' | 'text'>; reading: ConfigReading },
  ran: Pick<ConfigText, 'path' | 'text'> | undefined,
): Agreement | null {
  if (!ran) return null;
  if (isRun(reading)) throw usage(`${file.path}: is a recording itself; --run goes with a config or a script`);
  return readAgainstRan(file.text, reading, recordingIn(ran), ran.text);
}

/** The reading of a text, of which everything is known that lies beside it. */
export function readingIn({ text, path, hasWeights = false, code }: Config): ConfigReading {
  if (isRecording(text)) return runReading(text, recordingIn({ text, path }));
  return inTime(path, () => readConfig(text, path, { hasWeights, code }));
}

/** Reads a file and picks one of its recipes; see {@link recipeIn}. */
export async function chooseRecipe(argument: string, network?: string, severalOnly = false): Promise<ChosenRecipe> {
  const file = await readText(argument);
  return recipeIn(file, await readingOf(file, argument), network, severalOnly);
}

/**
 * One of the recipes of a file that has been read.
 * @param network its name, or its number from 1; the first where undefined
 * @param severalOnly a file with one recipe has no choice, whatever `network` is
 * @throws Failure when there is no recipe, or none of that name
 */
export function recipeIn(
  file: ConfigText,
  reading: ConfigReading,
  network?: string,
  severalOnly = false,
): ChosenRecipe {
  const { recipes } = reading;
  if (recipes.length === 0) {
    const message = 'holds no LoRA config of a known trainer; there is nothing to plan, check, rewrite or compare';
    const fault = withoutRecipe(reading);
    throw (fault ? nothing : noConfig)(located(file.path, fault ?? { line: null, message }));
  }
  const isChoice = network !== undefined && !(severalOnly && recipes.length === 1);
  const chosen = configRecipe(file.text, reading, recipeNamed(recipes, isChoice ? network : undefined));
  if (chosen) return { file, ...chosen };
  const names = listed(recipes.map(({ name }, i) => `${name} (${i + 1})`));
  throw usage(`${file.path}: --network is "${network}"; it must be ${names}`);
}

/** A recipe of a text that somebody else has read, by its name if the text has several. */
export const chosenOf = (config: Config): ChosenRecipe =>
  recipeIn({ ...config, encoding: 'utf8' }, readingIn(config), config.recipe, true);

/** `examples/x.yml:12: lora_alpha is "abc"; it must be a number above 0` */
export function located(path: string, { line, message }: Pick<Finding, 'line' | 'message'>): string {
  return `${path}:${line === null ? '' : `${line}:`} ${message}`;
}

/**
 * The plans for another scaling.
 * @throws Failure when there are none, or the target is unusable
 */
export function plansOf(
  { file, reading, index }: ChosenRecipe,
  target: number | Target,
  digits?: number,
  agreement: Agreement | null = null,
): ConfigPlans {
  try {
    const plans = inTime(file.path, () => planConfig(file.text, reading, index, target, { digits }));
    if (plans.refusal) throw nothing(`${file.path}: ${plans.refusal.message}`);
    return agreement ? { ...plans, plans: plans.plans.map((plan) => settled(plan, agreement)) } : plans;
  } catch (error) {
    throw error instanceof RecipeError ? usage(error.message) : error;
  }
}

/**
 * The plan with this id, or the best where undefined.
 * @throws Failure when the trainer has no such plan
 */
export function planOf({ plans }: ConfigPlans, id: PlanId | undefined, path: string): ConfigPlan {
  const plan = id === undefined ? plans[0] : plans.find((each) => each.id === id);
  if (plan) return plan;
  throw nothing(`${path}: there is no plan "${id}" for it; it must be ${listed(plans.map((each) => each.id))}`);
}

/** What the options of plan, check and rewrite can say about where to go. */
export interface TargetOptions {
  alpha?: number | undefined;
  scaling?: number | undefined;
  rslora?: 'on' | 'off' | undefined;
  rank?: number | undefined;
}

/** The other options of commands about one recipe. */
export interface RecipeOptions extends TargetOptions {
  network?: string;
  digits?: number;
  json?: boolean;
  /** The recording that the file is held against. */
  run?: string;
}

/**
 * The target that the options name.
 * @throws Failure where they name none, or the same twice
 */
export function targetOf({ alpha, scaling, rslora, rank }: TargetOptions): Target {
  if (alpha !== undefined && scaling !== undefined) {
    throw usage('--alpha and --scaling are both given; one of them decides the other, so it must be one');
  }
  const target: Target = {
    ...(alpha !== undefined && { alpha }),
    ...(scaling !== undefined && { scaling }),
    ...(rslora !== undefined && { rslora: rslora === 'on' }),
    ...(rank !== undefined && { rank }),
  };
  if (Object.keys(target).length > 0) return target;
  throw usage('no target is given; it must be --alpha, --scaling or --rslora, such as --alpha 64');
}

/** `alpha 64`; where the rule changes too, `alpha 16, rsLoRA`. */
export function targetLabel(recipe: Recipe, { alpha, scalingRule }: Destination): string {
  if (scalingRule === recipe.scalingRule) return `alpha ${numberLabel(alpha)}`;
  return `alpha ${numberLabel(alpha)}, ${scalingRule === 'rslora' ? 'rsLoRA' : 'no rsLoRA'}`;
}
