import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimed } from '../../experiment/verdict/verdict';
import { deviationLabel } from '../../experiment/words/sizes';
import { lookOf } from '../../experiment/words/verdict-words';
import type { GaugeId } from '../../recipe/gauge';
import { numberLabel } from '../../recipe/notation';
import { oneLine } from '../../recipe/visible';
import { alphaAlone, factorsFor, gaugeFor } from '../../run/factors';
import { aboutRun, readAgainstRan } from '../../run/read-against-ran';
import { alphaOf, emptyWords, runReading } from '../../run/recipe-of-run';
import type { RunPlan } from '../../run/recording';
import { isPowerOfFour, runVerdictWords, verdictOf } from '../../run/verdict';
import type { RunOf, RunRole } from '../../run/verdict';
import { EXIT, type ExitCode, Failure, nothing, reasonOf, usage } from '../failure';
import { chooseRecipe, plansOf, type ChosenRecipe } from '../files/config-file';
import { writeNew } from '../files/files';
import { versioned } from '../files/several';
import { findingJson, json } from '../../messages/answers';
import { remarkTexts } from '../output/reading-text';
import { VERDICTS } from '../output/run-text';
import { paint, table, wrap } from '../output/text';
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

/** So many baselines with rounding noise measure the rounding error. */
const CONTROLS = 3;

/** Times this, no threshold of clipping is reached. */
const NEVER = 2 ** 100;

const NAMES: Readonly<Record<RunRole, string>> = {
  base: 'the baseline',
  again: 'the baseline again',
  plan: 'the plan',
  'alpha-only': 'alpha alone',
  'proof-base': 'the baseline without clipping',
  proof: 'the plan where nothing is rounded',
  control: 'the baseline with rounding noise',
};

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
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw usage(`${folder}: cannot be made: ${reasonOf(error)}`);
    });
    const trial = await tried(chosen, { ...options, alpha, folder, ...(plan && { gauge: plan }) }, command);
    const document = json(versioned(trialJson(trial)));
    if (out !== undefined) await writeNew(join(folder, 'verdict.json'), document);
    if (options.json) print(document);
    else shown(trialText(trial));
    return VERDICTS[lookOf(trial.verdict)].exitCode;
  } finally {
    if (out === undefined) await rm(folder, { recursive: true, force: true });
  }
}

type Asked = TryOptions & { alpha: number; folder: string; gauge?: GaugeId };

async function tried(chosen: ChosenRecipe | null, options: Asked, command: readonly string[]) {
  const { steps, timeout, json: isQuiet = false, alpha, folder, gauge: asked } = options;
  const runs: RunOf[] = [];
  const record = async (
    role: RunRole,
    k: number,
    plan: RunPlan | null,
    noise: Recipe['noise'] = null,
  ): Promise<string> => {
    const name = noise === null ? role : `${role}-${noise.seed}`;
    const out = join(folder, `${name}.json`);
    await makeRoom(out);
    const began = Date.now();
    const recipe: Recipe = { out, steps, keepGoing: false, plan, noise };
    const ended = await run(command, recipe, { isQuiet, isApart: true, ...(timeout !== undefined && { timeout }) });
    if (ended.told) throw new Failure(EXIT.interrupted, `stopped by ${ended.told}`);
    const { text, recording } = await recordingAt(out, ended, NAMES[role]);
    const empty = emptyWords(recording);
    if (empty !== null) throw nothing(`${NAMES[role]}: ${empty}`);
    const base = runs[0]?.recording ?? recording;
    if (recording.steps < base.steps) {
      const why = recording.reason || 'it says no reason';
      throw nothing(`${NAMES[role]} ended after step ${recording.steps} of ${base.steps}: ${oneLine(why)}`);
    }
    tell(`Recorded ${NAMES[role]}: ${recording.steps} steps in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    runs.push({ role, k, recording });
    return text;
  };
  const text = await record('base', 1, null);
  const base = runs[0]?.recording;
  const module = base?.modules[0];
  if (!base || !module) throw nothing('the baseline trained no LoRA');
  if (base.steps < steps) tell(`The program ended after ${base.steps} of ${steps} steps.`);
  const reading = runReading(text, base);
  const k = chosen ? plansOf(chosen, { alpha }).k : alpha / (options.from ?? alphaOf(module) ?? alpha);
  if (k === 1) throw nothing('the run has this alpha already; there is nothing to try');
  const gauge = gaugeFor(base, asked);
  const factored = typeof gauge === 'string' ? factorsFor(base, reading, k, gauge) : gauge;
  if (typeof gauge !== 'string' || 'refused' in factored) {
    throw nothing(`no plan can be tried: ${'refused' in factored ? factored.refused : ''}`);
  }
  await record('again', 1, null);
  await record('plan', k, factored.plan);
  await record('alpha-only', k, alphaAlone(k));
  if (verdictOf(runs).kind !== 'identical') {
    const clips = base.clips.some(({ kind, over, fired }) => kind === 'norm' && over !== 'other' && fired);
    const even = isPowerOfFour(k) ? k : k > 1 ? 4 : 1 / 4;
    const proof = even === k && !clips ? null : factorsFor(base, reading, even, gauge);
    if (clips) await record('proof-base', 1, { ...alphaAlone(1), clip: { norm: NEVER } });
    if (proof && 'plan' in proof)
      await record('proof', even, { ...proof.plan, ...(clips && { clip: { norm: NEVER } }) });
    // Under autocast, or in an optimizer that steps in bfloat16, a unit of float32 vanishes.
    const dtype = base.precision.autocast ?? (factored.row.rounds ? 'bfloat16' : null);
    for (let seed = 1; seed <= CONTROLS; seed++) {
      await record('control', 1, null, { seed, ...(dtype !== null && { dtype }) });
    }
  }
  const { row, plan } = factored;
  const notSeen = new Set(base.notSeen.map(({ why }) => why));
  const notUnderstood = reading.notUnderstood.filter(({ why }) => notSeen.has(why));
  const claim = { asRead: row.exactness, limit: row.limit?.message ?? null, notUnderstood };
  const found = verdictOf(runs);
  const verdict = { ...found, ...claimed(found, claim) };
  const agreement = chosen && readAgainstRan(chosen.file.text, chosen.reading, base, text);
  const about = aboutRun(base);
  const { headline, ...words } = runVerdictWords(verdict, runs, row, about);
  const isMixed = base.clips.some(({ over, threshold }) => over === 'mixed' && Number.isFinite(threshold));
  const beside = [
    ...(base.others.count > 0 ? ['What trains beside LoRA kept its numbers here; a config must keep them too.'] : []),
    ...(isMixed
      ? ['One threshold clips LoRA and other parameters together: once it is reached, the runs differ.']
      : []),
  ];
  const all = [words.evidence, words.shown ?? '', words.detail, words.aside, ...beside];
  const says = all.filter((part) => part !== '').join(' ');
  // What is said is the evidence, and what the trial cannot show.
  return { runs, verdict, headline, says, plan, gauge, about, agreement };
}

type Trial = Awaited<ReturnType<typeof tried>>;

function trialText(trial: Trial): string {
  const { verdict, runs, headline, says, plan, gauge, agreement } = trial;
  const { mark, style } = VERDICTS[lookOf(verdict)];
  const head = ['run', 'loss', 'ΔW'].map((cell) => paint('dim', cell));
  const size = (deviation: number): string => (deviation === 0 ? '0 (same bits)' : deviationLabel(deviation));
  const rows = verdict.distances.map(({ loss, deltaW }, i) => [
    NAMES[runs[i]?.role ?? 'base'],
    size(loss),
    size(deltaW),
  ]);
  return [
    paint(style, paint('bold', `${mark} ${headline}`)),
    wrap(says, 78, '  '),
    '',
    table([head, ...rows.slice(1)], 'lrr'),
    '',
    paint('dim', `Tried at run time (k = ${numberLabel(plan.k)}, ${gauge}); no file was changed.`),
    ...(agreement ? remarkTexts(agreement.findings) : []),
    '',
  ].join('\n');
}

function trialJson(trial: Trial): object {
  const { verdict, runs, headline, says, plan, gauge, about, agreement } = trial;
  const far = (role: RunRole, module: string): number =>
    Math.max(0, ...verdict.distances.flatMap((one, i) => (runs[i]?.role === role ? (one.modules[module] ?? 0) : [])));
  const plain = verdict.distances[runs.findIndex(({ role }) => role === 'plan')]?.modules ?? {};
  return {
    ...{ verdict: verdict.kind, why: `${headline}. ${says}`, reason: verdict.reason ?? null, program: about },
    ...{ k: plan.k, plan: gauge, repeats: verdict.repeats, proof: verdict.proof },
    runs: runs.map(({ role, k, recording: { steps, ended, losses } }, i) => {
      const { loss, deltaW } = verdict.distances[i] ?? { loss: null, deltaW: null };
      return { role, k, steps, ended, loss: losses, maxDeviation: loss, deltaW };
    }),
    modules: Object.entries(plain).map(([module, deviation]) => {
      return { module, deviation, control: Math.max(far('control', module), far('again', module)) };
    }),
    applied: plan,
    ...(agreement && { agrees: agreement.agrees, findings: agreement.findings.map(findingJson) }),
  };
}
