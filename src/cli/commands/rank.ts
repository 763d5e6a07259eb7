import { rankConfig, type ConfigRankPlan } from '../../config/ranked';
import { measured } from '../../experiment/rank/measured';
import { probe, trainings, type Probe, type ProbeOptions } from '../../experiment/rank/probe';
import { QUICK, THOROUGH } from '../../experiment/rank/specs';
import { costWords, rankVerdict, shiftLabel, transferWords, unfitWords } from '../../experiment/words/rank-words';
import { deviationLabel } from '../../experiment/words/sizes';
import { rankJson, rankRemarks, transferJson } from '../../messages/rank-answer';
import { numberLabel } from '../../recipe/notation';
import { curvesOfRuns, ratedRun, recordedRate } from '../../run/rate-curves';
import { EXIT, nothing, usage, type ExitCode } from '../failure';
import { chooseRecipe, recordingIn, type ChosenRecipe } from '../files/config-file';
import { readText } from '../files/files';
import { type Ended, forEach, printed } from '../files/several';
import { aboutWords } from '../output/changes-text';
import { headed, item, paint, wrap } from '../output/text';
import { out } from '../terminal';
import { inWorkers, showProgress } from '../training';

interface RankOptions extends Partial<Record<'seed' | 'workers', number>> {
  rank?: number;
  thorough?: boolean;
  run?: boolean;
  json?: boolean;
  network?: string;
  /** False for `--no-measure`. */
  measure?: boolean;
  /** Milliseconds after which the measurement is given up, and the rules are given alone. */
  limitMs?: number;
}

/** `rank FILE --rank N`: the plans for another rank, and what a test model shows of them; `rank --run A.json…`. */
export async function rankCommand(paths: string[], options: RankOptions): Promise<ExitCode> {
  if (options.run) return printed(await ranOf(paths, options));
  return forEach(paths, options, async (path) => {
    const { rank, json = false } = options;
    if (rank === undefined)
      throw usage('rank needs --rank <n>, the rank to go to, or --run with recordings of two ranks');
    const chosen = await chooseRecipe(path, options.network);
    const { plans, found } = await rankOf(chosen, rank, options);
    const exitCode = found && rankVerdict(found).kind === 'undecided' ? EXIT.nothing : EXIT.done;
    if (json) return { exitCode, document: rankJson(chosen.reading, chosen.recipe, plans, found) };
    out(rankText(chosen, plans, found));
    return { exitCode };
  });
}

/** The rules for another rank, and what a test model shows of them, unless that is not asked for. @throws Failure */
export async function rankOf(
  { recipe, file, reading, index }: ChosenRecipe,
  rank: number,
  { measure = true, thorough = false, json: isSilent = false, workers, seed, limitMs }: RankOptions,
): Promise<{ plans: readonly ConfigRankPlan[]; found: Probe | null }> {
  const unfit = measure ? unfitWords(recipe) : null;
  const { plans, refusal } = rankConfig({ text: file.text, reading, index }, rank);
  const why = unfit ?? refusal?.message;
  if (why !== undefined) throw nothing(`${file.path}: ${why}`);
  if (!measure) return { plans, found: null };
  const size = thorough ? THOROUGH : QUICK;
  const steps = trainings(plans) * size.steps;
  const begun = Date.now();
  const onDone = (done: number): void => {
    const share = Math.max(0.001, Math.min(0.99, done / steps));
    const left = Math.ceil(((Date.now() - begun) * (1 / share - 1)) / 1000);
    if (!isSilent) showProgress(`Measuring: ${Math.round(share * 100)} %, about ${left} s left`);
  };
  const late = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs);
  const found = await inWorkers(workers, isSilent, (runner) => {
    const train: ProbeOptions['train'] = (spec, onStep) =>
      runner.run(spec, { onPoints: ({ from }) => onStep(from) }, late);
    return probe(recipe, plans, { size, train, onDone, ...(seed === undefined ? {} : { seed }) });
  });
  if (!found && !late?.aborted) throw nothing(`${file.path}: there is nothing to measure`);
  return { plans, found };
}

function rankText(chosen: ChosenRecipe, plans: readonly ConfigRankPlan[], found: Probe | null): string {
  const head = ['alpha', 'lr', ...(found ? ['best lr moves', 'costs'] : []), 'rule'];
  const rows = plans.map(({ rule, title, claim, to }) => {
    const { transfer, regret = 0 } = found?.plans.find(({ plan }) => plan.rule === rule) ?? {};
    const moves = transfer && (transfer.verdict === 'undecided' ? 'undecided' : shiftLabel(transfer));
    return [
      ...[numberLabel(to.alpha), to.lr === null ? 'not stated' : numberLabel(to.lr)],
      ...(moves === undefined ? [] : [moves, deviationLabel(Math.max(0, regret))]),
      `${title}${claim === 'recommended' ? ' (recommended)' : ''}`,
    ];
  });
  const { headline, evidence, aside } = found
    ? rankVerdict(found)
    : { headline: 'Not measured', evidence: '', aside: '' };
  return [
    `${paint('bold', chosen.file.path)}  ${paint('dim', aboutWords(chosen))} → ${plans[0]?.to.rank}`,
    ...['', paint('bold', headline), ...(evidence === '' ? [] : [wrap(evidence)]), ''],
    ...[headed(head, rows, found ? 'rrrr' : 'rr'), ''],
    ...rankRemarks(chosen.reading, chosen.recipe).map((remark) => item(paint('yellow', '!'), remark)),
    ...[paint('dim', wrap(`${aside} Another rank is another run under every rule: docs/ranks.md.`.trim())), ''],
  ].join('\n');
}

async function ranOf(paths: readonly string[], { json }: RankOptions): Promise<Ended> {
  const runs = paths.map(async (path) => {
    const file = await readText(path);
    const run = ratedRun(file.text) ?? recordedRate(path, recordingIn(file));
    if ('wrong' in run) throw usage(run.wrong);
    return run;
  });
  const found = curvesOfRuns(await Promise.all(runs));
  if ('wrong' in found) throw usage(found.wrong);
  const { from, to, steps } = found;
  const moved = measured(from.curve, to.curve);
  const exitCode = moved.verdict === 'undecided' ? EXIT.nothing : EXIT.done;
  const place = ({ rank, scaling }: typeof from): string => `rank ${rank} (s = ${numberLabel(scaling)})`;
  const says = transferWords(`From ${place(from)} to ${place(to)}`, moved);
  if (json) return { exitCode, document: { from, to, steps, transfer: transferJson(moved), says } };
  out(`${wrap(says)}\n${wrap(`${costWords(moved)} Of ${paths.length} runs of your program, ${steps} steps each.`)}\n`);
  return { exitCode };
}
