import type { Adapter } from '../../adapter/adapter';
import { convert, isExact, type Conversion } from '../../adapter/convert/convert';
import type { Goal } from '../../adapter/convert/goal';
import type { Job, OnModule } from '../../adapter/convert/plan';
import type { Deviation } from '../../adapter/convert/verify';
import type { Float } from '../../adapter/files/dtype';
import { PER_SECOND, workOf } from '../../adapter/measure';
import { numberLabel } from '../../recipe/notation';
import { oneLine } from '../../recipe/visible';
import { EXIT, nothing, usage } from '../failure';
import type { Ended } from '../files/several';
import { headed, item, paint, wrap } from '../output/text';
import { oneOf, parseAlpha, parseNumber, type Parse } from '../parse-numbers';
import { complain, out } from '../terminal';
import type { OpenedAdapter } from './sources';
import { destinationOf, writeConversion } from './write';

export interface ConvertOptions extends Omit<Goal, 'rslora'> {
  rslora?: 'on' | 'off';
  out?: string;
  inPlace?: boolean;
  json?: boolean;
}

const DTYPES: Readonly<Record<'f32' | 'f16' | 'bf16', Float>> = { f32: 'F32', f16: 'F16', bf16: 'BF16' };
const typeWord = oneOf(['f32', 'f16', 'bf16']);
export const parseDtype: Parse<Float> = (text, option) => DTYPES[typeWord(text, option)];
export const parseAlphaOrRank: Parse<number | 'rank'> = (text, option) =>
  text === 'rank' ? text : parseAlpha(text, option);
/** `99%` or `0.99`. */
export const parseShare: Parse<number> = (text, option) => {
  const share = text.endsWith('%') ? parseNumber(text.slice(0, -1)) / 100 : parseNumber(text);
  if (share > 0 && share <= 1) return share;
  throw usage(`${option} is "${text}"; it must be a share such as 99%`);
};

/** Options of which one may be given, and what they say. */
const ONE_OF = [
  [['alpha', 'scaling', 'portable'], 'scaling'],
  [['rank', 'keep'], 'rank'],
] as const;

/** What the options ask for; null where they ask for no conversion. @throws Failure where two say the same */
export function goalOf(options: ConvertOptions): Goal | null {
  const { portable, alpha, scaling, rank, keep, to, dtype, assumeAlpha } = options;
  const rslora = options.rslora === undefined ? undefined : options.rslora === 'on';
  const asked = { portable, alpha, rslora, scaling, rank, keep, to, dtype };
  if (Object.values(asked).every((value) => value === undefined)) return null;
  if (to !== undefined && options.inPlace) throw usage('--to makes another kind of file; it must go to --out');
  for (const [names, what] of ONE_OF) {
    const given = names.filter((name) => asked[name] !== undefined).map((name) => `--${name}`);
    if (given.length > 1) throw usage(`${given.join(' and ')} both say the ${what}; it must be one`);
  }
  return { ...asked, assumeAlpha };
}

/** `adapter PATH --portable …`: the adapter in another form, written to `--out`, or what it would be. */
export async function convertCommand(
  path: string,
  { adapter, paths }: OpenedAdapter,
  goal: Goal,
  options: ConvertOptions,
): Promise<Ended> {
  const destination = await destinationOf(path, paths, options.out, options.inPlace === true);
  const seconds = goal.rank === undefined && goal.keep === undefined ? 0 : workOf(adapter) / PER_SECOND;
  // Spectra take their time where ranks are large.
  if (seconds > 5)
    complain(`Another rank of ${adapter.modules.length} modules takes about ${numberLabel(seconds, 1)} s.\n`);
  const conversion = await convert(adapter, goal, onModule);
  if ('wrong' in conversion) throw nothing(`${path}: ${conversion.wrong}`);
  // What a shrink costs is said before anything is written.
  if (!options.json && conversion.plan.cuts.size > 0) out(`${errorsText(conversion)}\n`);
  const found = destination ? await writeConversion(conversion, destination) : await dryRun(conversion);
  const target = destination && (destination.replaces ?? destination.path);
  if (options.json) return { exitCode: EXIT.done, document: conversionJson(path, target, conversion, found) };
  out(conversionText(adapter, target, conversion, found));
  return { exitCode: EXIT.done };
}

/** The module that is at work, where someone looks. */
const onModule: OnModule = (done, of) => {
  if (process.stderr.isTTY) complain(`\r\u001b[K${done + 1 < of ? `${done} of ${of} modules` : ''}`);
};

/** Makes every tensor without keeping any: rounding and errors are counted. */
async function dryRun({ tensors }: Conversion): Promise<null> {
  for (const tensor of tensors) for await (const bytes of tensor.chunks()) void bytes;
  return null;
}

function conversionText(
  { layout }: Adapter,
  target: string | null,
  conversion: Conversion,
  found: readonly Deviation[] | null,
): string {
  const { jobs, layout: made, cuts, notes } = conversion.plan;
  const among = (of: (job: Job) => number): string => {
    const all = [...new Set(jobs.map(of))].toSorted((x, y) => x - y).map((value) => numberLabel(value));
    return all.length < 4 ? all.join(', ') : `${all[0]} to ${all.at(-1)}`;
  };
  const rows = [
    ['layout', layout, made],
    ['rank', among(({ module }) => module.rank), among(({ rank }) => rank)],
    ['scaling', among(({ from }) => from), among(({ to }) => to)],
    ['B times', '', among(({ factor }) => factor)],
  ];
  const name = target === null ? '' : oneLine(target);
  const head = name === '' ? 'Nothing was written; --out writes it.' : `${name} was written, modules: ${jobs.length}.`;
  const worst = found?.toSorted((one, other) => other.relative - one.relative)[0];
  const where = worst && worst.relative > 0 ? ` (${oneLine(worst.name)})` : '';
  const what = cuts.size > 0 ? 'that ΔW' : 'ΔW';
  const deviation = worst && `largest deviation of ${what} ${numberLabel(worst.relative, 2)}${where}.`;
  const checked = deviation ? ` Read again from the disk: ${deviation}` : '';
  return [
    paint('bold', head),
    headed(['', 'was', 'is'], rows),
    wrap(`${exactWords(conversion)}${checked}`),
    ...[...notes, ...roundingNotes(conversion)].map((note) => item(paint('yellow', '!'), note)),
    '',
  ].join('\n');
}

function exactWords(conversion: Conversion): string {
  const { making, plan } = conversion;
  if (isExact(conversion)) return 'Exact: ΔW is the same in every bit.';
  const lossy = `${plan.cuts.size} of ${plan.jobs.length}`;
  if (plan.cuts.size > 0) return `ΔW is the nearest of its rank (modules that lose something: ${lossy}).`;
  return making.rounding.changed === 0
    ? 'No number was rounded; the scaling has one rounding.'
    : `One rounding of each number (numbers that changed: ${making.rounding.changed}).`;
}

function roundingNotes({ making: { rounding } }: Conversion): string[] {
  const { overflowed, underflowed } = rounding;
  const infinite = `Numbers that became infinite: ${overflowed}. Choose --dtype f32 or bf16.`;
  const small = `Numbers below the smallest normal one, which lost digits or became 0: ${underflowed}. Choose --dtype f32.`;
  return [...(overflowed > 0 ? [infinite] : []), ...(underflowed > 0 ? [small] : [])];
}

/** The largest errors of a shrink. */
function errorsText({ plan: { jobs, cuts } }: Conversion): string {
  const rows = jobs
    .flatMap((job) => ({ ...job, error: cuts.get(job.module)?.error ?? -1 }))
    .filter(({ error }) => error >= 0)
    .toSorted((one, other) => other.error - one.error)
    .map(({ stem, rank, module, error }) => [oneLine(stem), `${module.rank} to ${rank}`, numberLabel(error, 3)]);
  const more = rows.length > 12 ? [[`… and ${rows.length - 12} more with less`]] : [];
  return headed(['error of ΔW', 'rank', 'relative'], [...rows.slice(0, 12), ...more], 'lrr');
}

function conversionJson(
  file: string,
  target: string | null,
  conversion: Conversion,
  found: readonly Deviation[] | null,
): object {
  const { plan, making, config } = conversion;
  const relative = new Map(found?.map((each) => [each.name, each.relative]));
  const modules = plan.jobs.map(({ module, stem, rank, alpha, from, to, factor }) => ({
    ...{ name: stem, rank, alpha, scaling: to, factor },
    was: { rank: module.rank, alpha: module.alpha, scaling: from },
    ...(found && { deviation: relative.get(stem) }),
    ...(plan.cuts.has(module) && { error: plan.cuts.get(module)?.error }),
  }));
  const said = { file, out: target, layout: plan.layout, exact: isExact(conversion), rounding: making.rounding };
  return { ...said, notes: plan.notes, config, modules };
}
