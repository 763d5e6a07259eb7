import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { lookOf } from '../../experiment/words/verdict-words';
import type { GaugeId } from '../../recipe/gauge';
import { numberLabel } from '../../recipe/notation';
import { readAgainstRan, type Agreement } from '../../run/read-against-ran';
import { alphaOf } from '../../run/recipe-of-run';
import type { Recording } from '../../run/recording';
import { resultsOf } from '../../run/results-of-trial';
import { modulesOf, ROLE_NAMES, TrialError, trialWords, tryPlan } from '../../run/trial';
import type { RunProgram, Trial } from '../../run/trial';
import { EXIT, type ExitCode, Failure, nothing, usage } from '../failure';
import { chooseRecipe, plansOf } from '../files/config-file';
import { makeFolder, writeNew } from '../files/files';
import { findingJson, json, versioned } from '../../messages/answers';
import { remarkTexts } from '../output/reading-text';
import { deviationWords, headText, VERDICTS } from '../output/run-text';
import { headed, paint } from '../output/text';
import { assertProgram, makeRoom, recordingAt, run, type Recipe } from '../run/program';
import { out as shown, print, tell } from '../terminal';

export interface TryOptions {
  alpha?: number;
  from?: number;
  plan?: GaugeId | 'lr-only';
  steps: number;
  timeout?: number;
  network?: string;
  json?: boolean;
  out?: string;
}

/** `try [FILE] --alpha N -- COMMAND…`: the plan in the user's own program, without changing a file. */
export async function tryCommand(
  path: string | undefined,
  options: TryOptions,
  command: readonly string[],
): Promise<ExitCode> {
  const { alpha, plan, out } = options;
  assertProgram(command);
  if (alpha === undefined) throw usage('no target is given; it must be --alpha, such as --alpha 64');
  if (plan === 'lr-only') throw usage('--plan is "lr-only", which is never the same run; it must be a plan that is');
  const chosen = path === undefined ? null : await chooseRecipe(path, options.network);
  const folder = out ?? (await mkdtemp(join(tmpdir(), 'lora-alpha-try-')));
  try {
    await makeFolder(folder);
    const kOf = ({ modules: [module] }: Recording): number =>
      chosen ? plansOf(chosen, { alpha }).k : alpha / (options.from ?? (module && alphaOf(module)) ?? alpha);
    const trial = await tryPlan(attemptIn(folder, options, command), kOf, plan).catch((error: unknown) => {
      throw error instanceof TrialError ? nothing(error.message) : error;
    });
    const base = trial.verdict.runs[0]?.recording;
    const agreement = chosen && base && readAgainstRan(chosen.file.text, chosen.reading, base, trial.recorded);
    const document = json(versioned(trialJson(trial, agreement)));
    if (out !== undefined) {
      await writeNew(join(folder, 'verdict.json'), document);
      // The editor's panel shows it: losses, and ΔW of each module.
      const [config, trainer] = [basename(path ?? ''), chosen?.reading.trainerName ?? ''];
      const { findings = [] } = agreement ?? {};
      const subject = { config, trainer, alpha: [alpha / trial.plan.k, alpha] as const, findings };
      await writeNew(join(folder, 'results.json'), json(resultsOf(trial, subject)));
    }
    if (options.json) print(document);
    else shown(trialText(trial, agreement));
    return VERDICTS[lookOf(trial.verdict)].exitCode;
  } finally {
    if (out === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Failure where a run was not recorded */
function attemptIn(
  folder: string,
  { steps, timeout, json: isQuiet = false }: TryOptions,
  command: readonly string[],
): RunProgram {
  return async ({ role, name, ...applied }) => {
    const out = join(folder, `${name}.json`);
    await makeRoom(out);
    const began = Date.now();
    const recipe: Recipe = { out, steps, keepGoing: false, ...applied };
    const ended = await run(command, recipe, { isQuiet, isApart: true, ...(timeout !== undefined && { timeout }) });
    if (ended.told) throw new Failure(EXIT.interrupted, `stopped by ${ended.told}`);
    const recorded = await recordingAt(out, ended, ROLE_NAMES[role]());
    const { steps: done } = recorded.recording;
    tell(`Recorded ${ROLE_NAMES[role]()}: ${done} steps in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    if (role === 'base' && done < steps) tell(`The program ended after ${done} of ${steps} steps.`);
    return recorded;
  };
}

function trialText(trial: Trial, agreement: Agreement | null | undefined): string {
  const { verdict, plan, gauge } = trial;
  const { headline, says } = trialWords(trial);
  const far = verdict.runs.slice(1);
  const rows = far.map(({ role, loss, deltaW }) => [ROLE_NAMES[role](), deviationWords(loss), deviationWords(deltaW)]);
  return [
    headText(verdict, headline, says),
    headed(['run', 'loss', 'ΔW'], rows, 'lrr'),
    '',
    paint('dim', `Tried at run time (k = ${numberLabel(plan.k)}, ${gauge}); config and script are unchanged.`),
    ...(agreement ? remarkTexts(agreement.findings) : []),
    '',
  ].join('\n');
}

function trialJson(trial: Trial, agreement: Agreement | null | undefined): object {
  const { verdict, plan, gauge, about } = trial;
  const { headline, says } = trialWords(trial);
  return {
    ...{ verdict: verdict.kind, why: `${headline}. ${says}`, reason: verdict.reason ?? null, program: about },
    ...{ k: plan.k, plan: gauge, repeats: verdict.repeats, proof: verdict.proof },
    runs: verdict.runs.map(({ role, k, recording: { steps, ended, losses }, loss, deltaW }) => {
      return { role, k, steps, ended, loss: losses, maxDeviation: loss, deltaW };
    }),
    modules: modulesOf(trial),
    applied: plan,
    ...(agreement && { agrees: agreement.agrees, findings: agreement.findings.map(findingJson) }),
  };
}
