import * as v from 'valibot';
import * as vscode from 'vscode';
import { isChanged } from '../../config/plan/changes';
import type { ConfigPlan, ConfigPlans } from '../../config/planned';
import type { audit, enginesNamed } from '../../adapter/engines/audit';
import { measuredModules } from '../../adapter/measure';
import { probe } from '../../experiment/rank/probe';
import { QUICK } from '../../experiment/rank/specs';
import type { ExperimentSpec, TrainedRun } from '../../experiment/spec';
import { specFor } from '../../experiment/specs/spec-for';
import { claimed, runVerdict } from '../../experiment/verdict/verdict';
import { unfitWords } from '../../experiment/words/rank-words';
import { adapterJson } from '../../messages/adapter-answer';
import { rankJson } from '../../messages/rank-answer';
import { checkJson, json, plansJson, readingJson, rewriteJson, versioned } from '../../messages/answers';
import { listed } from '../../recipe/listed';
import { PLAN_IDS } from '../../recipe/plans/plan';
import type { Target } from '../../recipe/target';
import { settled } from '../../run/read-against-ran';
import type { ConfigReader } from '../../worker/config-reader';
import type { Runner } from '../../worker/runner';
import { openedAdapter } from '../adapter/adapters';
import { applyPlan } from '../apply/apply-plan';
import type { KeptChanges } from '../apply/kept-changes';
import type { Previews } from '../apply/preview';
import { adapterProblems } from '../diagnostics/trained-adapters';
import { isThere } from '../documents/files';
import type { ToolName } from '../ids';
import type { Panels } from '../panel/panels';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';
import { agreementOf, cannotOpen, inWorkspace, recipeAt, signatureOf, sourceAt } from './files';

/** What is known of engines: so much that the bundle of browsers goes without. */
export interface Engines {
  audit: typeof audit;
  named: typeof enginesNamed;
}

interface ToolDeps {
  /** Null where the extension host has no threads. */
  createRunner: (() => Runner) | null;
  /** Null where the extension host has no disk. */
  reader: ConfigReader['adapters'];
  engines: Engines | null;
  previews: Previews;
  kept: KeptChanges;
  panels: Pick<Panels, 'show'>;
}

/** Answers a tool with the document that the terminal prints with `--json`. */
type Answer = (given: unknown, token: vscode.CancellationToken) => Promise<object>;

const path = v.pipe(v.string(), v.minLength(1));
const recipe = v.optional(v.string());
const positive = v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0)));
const OF_READ = v.object({ path, run: v.optional(path) });
const TO = { alpha: positive, scaling: positive, rslora: v.optional(v.picklist(['on', 'off'])) };
const OF_PLAN = v.object({ ...OF_READ.entries, recipe, ...TO });
const OF_CHECK = v.object({ ...OF_PLAN.entries, plan: v.optional(v.picklist(PLAN_IDS)) });
const OF_ADAPTER = v.object({ path, engine: v.optional(path) });
const OF_RANK = v.object({
  ...{ path, recipe, measure: v.optional(v.boolean()) },
  rank: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
const OF_COMPARE = v.object({ first: path, second: path, recipe, otherRecipe: recipe });

const NO_ENGINES = 'In a browser nothing is known of engines: lora-alpha adapter says it in a terminal.';
const RANK_HOW = '"path", a file of the workspace, and "rank", a whole number above 0';
const HOW = '"path", a file of the workspace, and "alpha", a number above 0, "scaling" or "rslora" ("on" or "off")';

/** @param how to call it, for a model that called it otherwise */
const tool =
  <Schema extends v.GenericSchema>(
    input: Schema,
    how: string,
    answer: (given: v.InferOutput<Schema>, token: vscode.CancellationToken) => Promise<object>,
  ): Answer =>
  (given, token) => {
    const parsed = v.safeParse(input, given);
    if (parsed.success) return answer(parsed.output, token);
    const [issue] = parsed.issues;
    throw new Error(`${v.getDotPath(issue) ?? 'The input'}: ${issue.message}. Call this tool with ${how}.`);
  };

/**
 * The tools of language models. They read configs and recordings of the workspace, unsaved texts included; what `diff` shows
 * is written only if the user says so. Their errors tell a model what to do instead.
 */
export function createTools(deps: ToolDeps) {
  const answers: Readonly<Record<ToolName, Answer>> = {
    read: tool(OF_READ, '"path", a file of the workspace', async ({ path: file, run }) => {
      const { document, source } = await sourceAt(file);
      const ran = await agreementOf(source, run);
      const signatures = await Promise.all((await ask('runTexts', source, undefined)).map(signatureOf));
      const adapters = await adapterProblems(document, await ask('problems', source, null));
      const beside = [...adapters.map(({ finding }) => finding), ...(ran?.findings ?? [])];
      const { reading } = source;
      return readingJson(file, { ...reading, findings: [...reading.findings, ...beside] }, signatures);
    }),

    plan: tool(OF_PLAN, HOW, async (given) => {
      const { source, plans, ran } = await plannedFor(given);
      return plansJson(source.reading, plans, ran);
    }),

    compare: tool(OF_COMPARE, '"first" and "second", files of the workspace', async (given) => {
      const { first, second, recipe: name, otherRecipe = name } = given;
      const [one, other] = [await recipeAt(first, name), await recipeAt(second, otherRecipe)];
      const networks = { first: one.index, second: other.index };
      return orRefused(await ask('compared', one.source, networks, other.source));
    }),

    check: tool(OF_CHECK, HOW, async (given, token) => {
      const { source, index, plans } = await plannedFor(given);
      const { id, claim } = planIn(plans, given.plan);
      const recipe = await ask('asTrained', source, index);
      if (!recipe) throw new Error(`${given.path} has changed meanwhile.`);
      const { spec, assumptions } = specFor(recipe, plans, id, { task: 'auto', backend: 'auto' });
      const result = await training(deps, token, (train) => train(spec));
      const verdict = claimed(runVerdict(spec, result), claim);
      return checkJson(source.reading, { spec, result, verdict, assumptions });
    }),

    adapter: tool(OF_ADAPTER, '"path", weights or a folder of the workspace', async ({ path: file, engine }) => {
      const { reader, engines } = deps;
      if (engine !== undefined && !engines) throw new Error(NO_ENGINES);
      const names = engine === undefined ? undefined : engines?.named(engine);
      if (names && 'wrong' in names) throw new Error(`"engine" ${names.wrong}`);
      const uri = inWorkspace(file);
      if (!(await isThere(uri))) throw new Error(cannotOpen(file));
      const opened = await openedAdapter(reader, uri);
      if ('wrong' in opened) throw new Error(`${file}: ${opened.wrong}`);
      const { adapter, measure } = opened;
      const measures = await measuredModules(adapter, false, measure);
      const lacks = engines ? [] : [{ line: null, source: 'engines', why: NO_ENGINES }];
      return adapterJson(file, adapter, measures, engines?.audit(adapter, names) ?? [], lacks);
    }),

    rank: tool(OF_RANK, RANK_HOW, async ({ path: file, recipe: name, rank, measure }, token) => {
      const { source, index } = await recipeAt(file, name);
      const ranked = await ask('ranked', source, { network: index, rank });
      const why = ranked?.refusal?.message ?? (ranked && measure ? unfitWords(ranked.recipe) : null);
      if (!ranked || why !== null) throw new Error(`${file}: ${why ?? 'has changed meanwhile.'}`);
      const { recipe, plans } = ranked;
      const found = measure
        ? await training(deps, token, (train) => probe(recipe, plans, { size: QUICK, train }))
        : null;
      return rankJson(source.reading, recipe, plans, found);
    }),

    diff: tool(OF_CHECK, HOW, async (given, token) => {
      const { uri, source: found, index } = await recipeAt(given.path, given.recipe);
      const { source, plans } = await plannedFor(given, deps.kept.continued(uri, found, index));
      const plan = planIn(plans, given.plan);
      if (!plan.configChanges.some(isChanged)) throw new Error(`${given.path} says this already: nothing to change.`);
      const { alpha, scalingRule } = plans.target;
      const target = { alpha, ...(given.rslora !== undefined && { rslora: scalingRule === 'rslora' }) };
      const writing = await ask('rewrite', source, { network: index, target, plan: plan.id });
      if ('refusal' in writing) throw new Error(writing.refusal.message);
      const listening = token.onCancellationRequested(() => deps.previews.answer(false));
      const chosen = { uri, source, network: index, target, plan, writing };
      const written = await applyPlan(chosen, deps).finally(() => listening.dispose());
      // The panel has the list of what is still to be done.
      if (written) deps.panels.show(uri, index);
      return { written, ...rewriteJson(given.path, source.reading, plan) };
    }),
  };

  return async (name: ToolName, given: unknown, token: vscode.CancellationToken): Promise<string> => {
    const document = await answers[name](given, token);
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    return json(versioned(document));
  };
}

/** Lets `work` train in a thread, which ends when the caller cancels. */
async function training<T>(
  { createRunner }: Pick<ToolDeps, 'createRunner'>,
  token: vscode.CancellationToken,
  work: (train: (spec: ExperimentSpec) => Promise<TrainedRun>) => Promise<T>,
): Promise<T> {
  if (!createRunner) throw new Error('This editor has no threads: ask the user to train it in the panel.');
  const runner = createRunner();
  const stopping = new AbortController();
  const listening = token.onCancellationRequested(() => stopping.abort());
  try {
    return await work(async (spec) => {
      const result = await runner.run(spec, {}, stopping.signal);
      if (result.stopped) throw new vscode.CancellationError();
      return result;
    });
  } finally {
    listening.dispose();
    runner.dispose();
  }
}

interface Asked extends Omit<v.InferOutput<typeof OF_PLAN>, 'run'> {
  run?: string | undefined;
}

/**
 * A recipe and its plans, as far as a recording bears them out.
 * @param continued its text with the code of its last change
 */
async function plannedFor(given: Asked, continued?: SourceText) {
  const { source: found, index } = await recipeAt(given.path, given.recipe);
  const source = continued ?? found;
  const ran = await agreementOf(source, given.run);
  const plans = orRefused(await ask('plans', source, { network: index, target: targetOf(given) }));
  if (plans.refusal) throw new Error(plans.refusal.message);
  return { source, index, ran, plans: ran ? { ...plans, plans: plans.plans.map((one) => settled(one, ran)) } : plans };
}

function targetOf({ alpha, scaling, rslora }: Asked): Target {
  if (alpha !== undefined && scaling !== undefined) throw new Error('Give alpha or scaling: one decides the other.');
  const target: Target = {
    ...(alpha !== undefined && { alpha }),
    ...(scaling !== undefined && { scaling }),
    ...(rslora !== undefined && { rslora: rslora === 'on' }),
  };
  if (Object.keys(target).length === 0) throw new Error(`There is no target. Call this tool with ${HOW}.`);
  return target;
}

/** The plan with this id, or the best. */
function planIn({ plans }: ConfigPlans, id: string | undefined): ConfigPlan {
  const plan = id === undefined ? plans[0] : plans.find((each) => each.id === id);
  if (plan) return plan;
  throw new Error(`There is no plan "${id}" for it; "plan" must be ${listed(plans.map((each) => each.id))}.`);
}

function orRefused<T>(answer: T | string): T {
  if (typeof answer === 'string') throw new Error(answer);
  return answer;
}
