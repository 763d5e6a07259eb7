import * as z from 'zod';
import type { Config } from '../../../types/library';
import { PLAN_IDS } from '../../recipe/plans/plan';
import type { Adapter } from '../../adapter/adapter';
import { audit, enginesNamed } from '../../adapter/engines/audit';
import { measuredModules } from '../../adapter/measure';
import { adapterJson } from '../../messages/adapter-answer';
import { rankJson } from '../../messages/rank-answer';
import { rankOf } from '../commands/rank';
import { adapterFindings } from '../commands/read';
import { usage } from '../failure';
import { chosenOf, readingIn, targetOf } from '../files/config-file';
import { check, compare, plan, read } from '../library';
import { findingJson } from '../../messages/answers';

/** A file that the client may see, and what else it may. */
interface Opened {
  config: Config;
  textAt: (path: string) => Promise<string | null>;
  /** From where a path in the config may be meant. */
  folders: readonly string[];
}

export interface Open {
  /** @param of.run the recording that the file is held against */
  config: (path: string, of?: { recipe?: string | undefined; run?: string | undefined }) => Promise<Opened>;
  adapter: (path: string) => Promise<Adapter>;
}

interface Tool {
  title: string;
  description: string;
  input: z.ZodObject;
  /** The document that the terminal prints with `--json`. */
  answer: (given: never, open: Open) => Promise<object>;
}

/** A tool whose answer takes what its `input` says. */
const tool = <Input extends z.ZodRawShape>(
  title: string,
  description: string,
  input: Input,
  answer: (given: z.infer<z.ZodObject<Input>>, open: Open) => Promise<object>,
): Tool => ({ title, description, input: z.object(input), answer });

const path = z.string().min(1).describe('A file below the folders of the client: absolute, or from one of them.');
const recipe = z.string().optional().describe('Of several: its name or number from 1; default: the first.');
const rslora = z.enum(['on', 'off']).optional().describe('Rank stabilisation: alpha/√r in place of alpha/r.');
const alpha = z.number().positive().optional().describe('The alpha to go to; alpha, scaling or rslora is needed.');
const scaling = z.number().positive().optional().describe('In place of alpha: the factor in front of B·A.');
const run = z.string().min(1).optional().describe('A recording of its run, by lora-alpha record, to compare it with.');

const ENGINES_LIKE = 'What these engines make of it, such as vllm,llama.cpp or vllm@0.31.0; default: all that load it.';

const rank = z.int().min(1).describe('The rank to go to.');
const measure = z.boolean().optional().describe('Also train a test model for about 20 s: where the best lr goes.');
const engine = z.string().min(1).optional().describe(ENGINES_LIKE);
const planned = { path, recipe, alpha, scaling, rslora, run };

/** Clients wait for a minute. */
const PATIENCE_MS = 45_000;

/** Ends the description of every tool. */
export const LIMIT =
  'Lines in notUnderstood can change the run, and no claim is about them: name them, and then call nothing exact or the same.';

export const TOOLS: Readonly<Record<string, Tool>> = {
  read: tool(
    'Read a LoRA config',
    'What a LoRA config says, as its trainer understands it: numbers, findings, signature (equal: same run).',
    { path, run },
    async (given, open) => {
      const { config, textAt, folders } = await open.config(given.path, given);
      const [document, reading] = [read(config), readingIn(config)];
      const adapters = await adapterFindings(folders, config.text, reading, textAt);
      const findings = document.findings.toSpliced(reading.findings.length, 0, ...adapters.map(findingJson));
      return { ...document, findings };
    },
  ),
  plan: tool(
    'Plan another alpha',
    'What else must change for another alpha, by the rule of the optimizer: plans, best first. Call it before changing an alpha.',
    planned,
    async (given, open) => plan((await open.config(given.path, given)).config, targetOf(given)),
  ),
  compare: tool(
    'Compare two LoRA configs',
    'Whether two LoRA configs are the same run, by what they differ, and how to make the second the first.',
    { first: path, second: path, recipe, otherRecipe: recipe },
    async (given, open) => {
      const first = await open.config(given.first, given);
      const second = await open.config(given.second, { recipe: given.otherRecipe ?? given.recipe });
      return compare(first.config, second.config);
    },
  ),
  check: tool(
    'Check a plan by training',
    'Trains a small model with the config and with a plan, for about a second: is it the same run?',
    { ...planned, plan: z.enum(PLAN_IDS).optional().describe('Default: the best.') },
    async (given, open) =>
      check((await open.config(given.path, given)).config, targetOf(given), given.plan ? { plan: given.plan } : {}),
  ),
  adapter: tool(
    'Open a trained adapter',
    'What a trained adapter is (.safetensors, .gguf or its folder), and what each engine makes of it.',
    { path, engine },
    async (given, open) => {
      const names = given.engine === undefined ? undefined : enginesNamed(given.engine);
      if (names && 'wrong' in names) throw usage(`engine ${names.wrong}`);
      const adapter = await open.adapter(given.path);
      return adapterJson(given.path, adapter, await measuredModules(adapter), audit(adapter, names));
    },
  ),
  rank: tool(
    'Plan another rank',
    'Alpha and learning rate at another rank, by each rule, the recommended first. Another rank is another run.',
    { path, recipe, rank, measure },
    async ({ path: file, rank: to, measure: isAsked = false, ...of }, open) => {
      const chosen = chosenOf((await open.config(file, of)).config);
      const { plans, found } = await rankOf(chosen, to, { measure: isAsked, json: true, limitMs: PATIENCE_MS });
      const late = isAsked && !found ? [`Measuring took more than ${PATIENCE_MS / 1000} s and was given up.`] : [];
      return rankJson(chosen.reading, chosen.recipe, plans, found, late);
    },
  ),
};
