import { readFileSync, writeFileSync } from 'node:fs';
import { chartSvg } from '../../src/plot/svg';
import type { Chart } from '../../src/plot/chart';
import { RANKS, type Cell, type Found, type Held } from './study';

/** Writes the tables and plots of docs/ranks.md: `node test/run.mjs ranks/page.ts RULES COVERAGE`, the files of study.ts. */

const RULES: readonly { says: string; lr: number }[] = [
  { says: 'alpha kept', lr: 0 },
  { says: 'alpha ∝ √r', lr: -1 / 4 },
  { says: 'alpha ∝ r', lr: -1 / 2 },
];

/** Of the loss at the smallest learning rate, what the best one wins. Below 2 % nothing was learned, and no shift decides. */
const won = ({ losses }: Found['curves'][number]): number =>
  1 - Math.min(...losses.filter((loss) => typeof loss === 'number')) / (losses[0] ?? NaN);

/** Cells where a curve learned nothing, or far less than the other, are undecided. */
function judged(found: Found): Found {
  const isLearned = (i: number): boolean => {
    const wins = [0, i + 1].flatMap((at) => found.curves.slice(at, at + 1).map(won));
    return Math.min(...wins) > Math.max(0.02, Math.max(...wins) / 4);
  };
  const shifts = found.shifts.map((one, i) => (isLearned(i) ? one : { ...one, verdict: 'undecided' as const }));
  return { ...found, shifts };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** The shift as a power of the rank, with its interval. */
function slope({ shift, interval, verdict }: Found['shifts'][number]): string {
  const power = (factor: number): string => (Math.log(factor) / Math.log(RANKS.to / RANKS.from)).toFixed(2);
  if (verdict === 'undecided' || !interval) return 'undecided';
  return `${power(shift)} [${power(interval.low)}, ${power(interval.high)}]${verdict === 'flat' ? ' (flat)' : ''}`;
}

function rulesTable(all: readonly Found[]): string {
  const rows = all.map(({ task, optimizer, steps, s, bounded, shifts, again }) => {
    const name = optimizer === 'sgd-momentum' ? 'SGD, momentum 0.9' : optimizer;
    return [again ? task : `${task} †`, name, steps, s, bounded ? 'clip, decay' : '', ...shifts.map(slope)].join(' | ');
  });
  const head = ['task', 'optimizer', 'steps', 's', '', ...RULES.map(({ says, lr }) => `${says} (µA: ${lr})`)];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`).join('\n');
}

/** How often each rule is inside the interval, and the mean cost of leaving the learning rate, by optimizer. */
function summaryTable(all: readonly Found[]): string {
  const kinds = [...new Set(all.map(({ task, optimizer }) => `${optimizer} ${task}`))];
  const rows = kinds.map((kind) => {
    const own = all.filter(({ task, optimizer }) => `${optimizer} ${task}` === kind);
    const cells = RULES.map(({ lr }, i) => {
      const found = own.flatMap(({ shifts }) => shifts[i] ?? []).filter(({ verdict }) => verdict !== 'undecided');
      const ruled = (RANKS.to / RANKS.from) ** lr;
      const held = found.filter(({ interval }) => interval && interval.low <= ruled && ruled <= interval.high).length;
      const powers = found.map(({ shift }) => Math.log(shift) / Math.log(RANKS.to / RANKS.from));
      const [least, most] = [Math.min(...powers), Math.max(...powers)].map((power) => power.toFixed(2));
      const cost = found.reduce((sum, { regret }) => sum + regret, 0) / Math.max(1, found.length);
      return found.length === 0 ? '–' : `${least} to ${most}; ${held} of ${found.length}; ${short(100 * cost)} %`;
    });
    return `| ${kind} | ${cells.join(' | ')} |`;
  });
  const head = `| | ${RULES.map(({ says, lr }) => `${says} (µA: ${lr})`).join(' | ')} |\n| --- | --- | --- | --- |`;
  return `${head}\n${rows.join('\n')}`;
}

/** Loss over learning rate, one curve a rank and rule. */
function plot(found: Found, id: string): string {
  const rates = found.curves.flatMap((curve) => curve.rates);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const names = [`rank ${RANKS.from}`, ...RULES.map(({ says }) => `rank ${RANKS.to}, ${says}`)];
  const roles = ['base', 'rescaled', 'plan', 'alpha-only'] as const;
  const start = Math.max(...found.curves.map(({ losses }) => losses[0] ?? 0));
  const lines = found.curves.map((curve, i) => {
    const values = Array.from(
      { length: high - low + 1 },
      (_, at) => curve.losses[curve.rates.indexOf(low + at)] ?? NaN,
    );
    const shown = values.map((value) => Math.min(value, 1.2 * start));
    return { name: names[i] ?? '', label: names[i] ?? '', role: roles[i] ?? 'plan', values: shown, steps: shown };
  });
  const least = Math.min(...lines.flatMap(({ values }) => values.filter(Number.isFinite)));
  const chart: Chart = {
    ...{ title: titleOf(found), unit: 'loss at the end', all: lines, lines, band: [], window: [0, high - low] },
    axis: { kind: 'linear', range: [Math.max(0, least * 0.9), 1.2 * start] },
    format: short,
    tick: short,
    floorNote: null,
    describe: () => `Loss after training over the learning rate in octaves from 2^${low}, one curve a rank and rule.`,
  };
  const words = `learning rate: octaves above 2^${low}`;
  return chartSvg(chart, { id, width: 720, height: 320 }).replace(/>step</, `>${words}<`);
}

const TASKS = ['transformer', 'mlp', 'linear'];
/** Rows of one task and number of steps stand together. */
const keyOf = ({ task, steps, s }: Cell): number => 1e6 * TASKS.indexOf(task) + 1e3 * s + steps;

const titleOf = ({ task, optimizer, steps, s }: Cell): string => `${optimizer}, ${task}, ${steps} steps, s = ${s}`;

function coverageWords(all: readonly Held[]): string {
  const known = all.filter(({ verdict }) => verdict !== 'undecided');
  const heldOf = (probesOf: (one: Held) => Held['draws']): string => {
    const probes = known.flatMap((one) => probesOf(one).map((probe) => ({ ...probe, thorough: one.thorough })));
    const decided = probes.filter(({ verdict }) => verdict !== 'undecided');
    const held = decided.filter(({ low, high, thorough }) => low <= thorough && thorough <= high).length;
    const off = decided.map(({ shift, thorough }) => Math.abs(Math.log2(shift / thorough))).toSorted((a, b) => a - b);
    const at = (share: number): string => short(2 ** (off[Math.floor(share * (off.length - 1))] ?? NaN));
    const holds = `the interval of ${held} of those holds the thorough result`;
    const near = `half of them are within × ${at(0.5)} of it, 95 % within × ${at(0.95)}`;
    return `${decided.length} of ${probes.length} decide, and ${holds}; ${near}`;
  };
  const taskOf = ({ what }: Held): string => what.split(',')[0] ?? '';
  const tasks = [...new Set(all.map(taskOf))].map((task) => {
    return `${all.filter((one) => taskOf(one) === task).length} ${task}`;
  });
  const left =
    all.length === known.length
      ? ''
      : ` ${all.length - known.length} are left out, of which the thorough test itself decides nothing.`;
  return [
    `Default tests on ${all.length} recipes (${tasks.join(', ')}) against a thorough one.${left}`,
    `On other draws of the same frozen model ${heldOf(({ draws }) => draws)}.`,
    `With other seeds, so another frozen model, other data and other draws, ${heldOf(({ models }) => models)}.`,
  ].join(' ');
}

function main([rules = '', coverage = '']: readonly string[]): void {
  const read = <T>(file: string): T[] => JSON.parse(readFileSync(file, 'utf8')) as T[];
  const found = read<Found>(rules)
    .map(judged)
    .toSorted((one, other) => keyOf(one) - keyOf(other));
  const held = read<Held>(coverage);
  const page = 'docs/ranks.md';
  const parts: Record<string, string> = {
    summary: summaryTable(found),
    rules: rulesTable(found),
    coverage: coverageWords(held),
  };
  let text = readFileSync(page, 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    text = text.replace(between, (_, open: string, close: string) => `${open}\n${part}\n\n${close}`);
  }
  writeFileSync(page, text);
  const isShown = ({ s, bounded, steps, optimizer, task }: Cell): boolean =>
    s === 2 &&
    !bounded &&
    steps === 100 &&
    ['adamw transformer', 'muon transformer', 'sgd transformer', 'adamw mlp', 'sgd mlp'].includes(
      `${optimizer} ${task}`,
    );
  for (const one of found.filter(isShown)) {
    const name = `${one.optimizer}-${one.task}`;
    writeFileSync(`docs/ranks/${name}.svg`, `${plot(one, name)}\n`);
  }
}

main(process.argv.slice(2));
