import { rankConfig, type ConfigRankPlan } from '../../config/ranked';
import { measured, type Measured } from '../../experiment/rank/measured';
import { probe, trainings, type MeasuredPlan, type Probe } from '../../experiment/rank/probe';
import { QUICK, THOROUGH } from '../../experiment/rank/specs';
import { rankVerdict, shiftLabel, transferWords, unfitWords } from '../../experiment/words/rank-words';
import { changeJson, notUnderstoodJson } from '../../messages/answers';
import { numberLabel } from '../../recipe/notation';
import { rankCaveats } from '../../recipe/rank/plan';
import { curvesOfRuns, ratedRun, recordedRate } from '../../run/rate-curves';
import { EXIT, nothing, usage, type ExitCode } from '../failure';
import { chooseRecipe, recordingIn, type ChosenRecipe } from '../files/config-file';
import { readText } from '../files/files';
import { type Ended, forEach, printed } from '../files/several';
import { aboutWords } from '../output/changes-text';
import { headed, item, paint, wrap } from '../output/text';
import { out } from '../terminal';
import { inWorkers, showProgress } from '../training';

type RankOptions = Partial<Record<'rank' | 'seed' | 'workers', number>> &
  Partial<Record<'thorough' | 'run' | 'json', boolean>> & {
    network?: string;
  };

/** `rank FILE --rank N`: the plans for another rank, and what a test model shows of them; `rank --run A.json…`. */
export async function rankCommand(paths: string[], options: RankOptions): Promise<ExitCode> {
  if (options.run) return printed(await ranOf(paths, options));
  return forEach(paths, options, (path) => rankOf(path, options));
}

async function rankOf(path: string, options: RankOptions): Promise<Ended> {
  const { rank, thorough = false, json = false, seed } = options;
  if (rank === undefined)
    throw usage('rank needs --rank <n>, the rank to go to, or --run with recordings of two ranks');
  const chosen = await chooseRecipe(path, options.network);
  const { recipe, file, reading, index } = chosen;
  const unfit = unfitWords(recipe);
  if (unfit !== null) throw nothing(`${path}: ${unfit}`);
  const { plans, refusal } = rankConfig({ text: file.text, reading, index }, rank);
  if (refusal) throw nothing(`${path}: ${refusal.message}`);
  const size = thorough ? THOROUGH : QUICK;
  const steps = trainings(plans) * size.steps;
  const begun = Date.now();
  let done = 0;
  const found = await inWorkers(options.workers, json, (runner) =>
    probe(recipe, plans, {
      ...{ size, ...(seed === undefined ? {} : { seed }) },
      async train(spec) {
        const onPoints = ({ from }: { from: number }): void => {
          const share = Math.max(0.001, Math.min(0.99, (done + from) / steps));
          const left = Math.ceil(((Date.now() - begun) * (1 / share - 1)) / 1000);
          if (!json) showProgress(`Measuring: ${Math.round(share * 100)} %, about ${left} s left`);
        };
        const { losses } = await runner.run(spec, { onPoints });
        done += spec.steps;
        return losses;
      },
    }),
  );
  if (!json) showProgress('');
  if (!found) throw nothing(`${path}: there is nothing to measure`);
  const exitCode = rankVerdict(found).kind === 'undecided' ? EXIT.nothing : EXIT.done;
  const caveats = [...rankCaveats(recipe).map(({ message }) => message), ...besideIt(chosen)];
  if (json) return { exitCode, document: rankJson(chosen, plans, found, caveats) };
  out(rankText(chosen, found, caveats));
  return { exitCode };
}

/** What is not measured: `rank_pattern`, other adapters, and lines that are not understood. */
function besideIt({ reading: { recipes, notUnderstood }, recipe }: ChosenRecipe): string[] {
  const others = recipes.filter(({ name }) => name !== recipe.name).map(({ name, rank }) => `${name} (rank ${rank})`);
  return [
    ...(others.length === 0 ? [] : [`Only ${recipe.name} was measured. The file also has ${others.join(', ')}.`]),
    ...(notUnderstood.length === 0
      ? []
      : ['Some of the file is not understood and can change the run: `lora-alpha read` names it.']),
  ];
}

const percent = (share: number): string => `${numberLabel(Math.max(0, share) * 100, 2)} %`;

function rankText(chosen: ChosenRecipe, found: Probe, caveats: readonly string[]): string {
  const { headline, evidence, aside } = rankVerdict(found);
  const rows = found.plans.map(({ plan: { to, title, claim }, transfer, regret }) => [
    numberLabel(to.alpha),
    to.lr === null ? 'not stated' : numberLabel(to.lr),
    transfer.verdict === 'undecided' ? 'undecided' : shiftLabel(transfer),
    percent(regret),
    `${title}${claim === 'recommended' ? ' (recommended)' : ''}`,
  ]);
  const to = found.plans[0]?.plan.to.rank;
  return [
    `${paint('bold', chosen.file.path)}  ${paint('dim', aboutWords(chosen))} → ${to}`,
    ...[
      '',
      paint('bold', headline),
      wrap(evidence),
      '',
      headed(['alpha', 'lr', 'best lr moves', 'costs', 'rule'], rows, 'rrrr'),
      '',
    ],
    ...caveats.map((caveat) => item(paint('yellow', '!'), caveat)),
    ...[paint('dim', wrap(`${aside} Another rank is another run under every rule: docs/ranks.md.`)), ''],
  ].join('\n');
}

/** The answer as other programs get it. `lrFactor`: where the best learning rate goes at the alpha of the plan. */
function rankJson(
  { reading }: ChosenRecipe,
  plans: readonly ConfigRankPlan[],
  { plans: all, ranks, size, control, ...found }: Probe,
  caveats: readonly string[],
): object {
  const planned = ({ plan: { rule, claim, source, to }, transfer, regret }: MeasuredPlan): object => {
    const changes = plans.find((plan) => plan.rule === rule)?.configChanges.map(changeJson);
    return { rule, claim, source, to, changes, transfer: transferJson(transfer), regret };
  };
  const [first, ...alternatives] = all.map(planned);
  const verdict = rankVerdict({ plans: all, ranks, size, control, ...found });
  const notUnderstood = reading.notUnderstood.map(notUnderstoodJson);
  const measuredOn = { on: 'test model', ...size, ranks, control };
  return { from: plans[0]?.from, ...first, alternatives, verdict, caveats, measured: measuredOn, notUnderstood };
}

const transferJson = ({ shift, interval, ...rest }: Measured): object => {
  return { lrFactor: shift, low: interval?.low ?? null, high: interval?.high ?? null, ...rest };
};

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
  const cost = `Left alone, the learning rate costs ${percent(moved.regret)} of what training wins there.`;
  out(`${wrap(says)}\n${wrap(`${cost} Of ${paths.length} runs of your program, ${steps} steps each.`)}\n`);
  return { exitCode };
}
