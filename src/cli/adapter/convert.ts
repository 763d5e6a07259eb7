import type { Adapter } from '../../adapter/adapter';
import { convert, isExact, type Conversion } from '../../adapter/convert/convert';
import type { OnModule } from '../../adapter/convert/plan';
import { PER_SECOND, workOf } from '../../adapter/measure';
import type { Goal } from '../../adapter/convert/goal';
import type { Deviation } from '../../adapter/convert/verify';
import type { Float } from '../../adapter/files/dtype';
import type { Target } from '../../adapter/layouts/places';
import { numberLabel } from '../../recipe/notation';
import { oneLine } from '../../recipe/visible';
import { EXIT, nothing, usage } from '../failure';
import type { Ended } from '../files/several';
import { oneOf, parseAlpha, parseNumber, type Parse } from '../parse-numbers';
import { item, paint, table, wrap } from '../output/text';
import { complain, out } from '../terminal';
import { destinationOf, writeConversion } from './write';
import type { OpenedAdapter } from './sources';

export interface ConvertOptions {
  portable?: boolean;
  alpha?: number | 'rank';
  rslora?: 'on' | 'off';
  scaling?: number;
  rank?: number;
  keep?: number;
  to?: Target;
  dtype?: 'f32' | 'f16' | 'bf16';
  assumeAlpha?: number | 'rank';
  out?: string;
  inPlace?: boolean;
  json?: boolean;
}

const DTYPES: Readonly<Record<'f32' | 'f16' | 'bf16', Float>> = { f32: 'F32', f16: 'F16', bf16: 'BF16' };

export const parseDtype = oneOf(['f32', 'f16', 'bf16']);
export const parseAlphaOrRank: Parse<number | 'rank'> = (text, option) =>
  text === 'rank' ? text : parseAlpha(text, option);
/** `99%` or `0.99`. */
export const parseShare: Parse<number> = (text, option) => {
  const share = text.endsWith('%') ? parseNumber(text.slice(0, -1)) / 100 : parseNumber(text);
  if (share > 0 && share <= 1) return share;
  throw usage(`${option} is "${text}"; it must be a share such as 99%`);
};

/** What the options ask for; null where they ask for no conversion. @throws Failure where two say the same */
export function goalOf(options: ConvertOptions): Goal | null {
  const { portable, alpha, rslora, scaling, rank, keep, to, dtype, assumeAlpha } = options;
  const asked = { portable, alpha, rslora, scaling, rank, keep, to, dtype };
  if (Object.values(asked).every((value) => value === undefined)) return null;
  if (to !== undefined && options.inPlace) throw usage('--to makes another kind of file; it must go to --out');
  const twice = (
    [
      ['--alpha', alpha],
      ['--scaling', scaling],
      ['--portable', portable],
    ] as const
  ).filter(([, value]) => value !== undefined);
  if (twice.length > 1)
    throw usage(`${twice.map(([name]) => name).join(' and ')} both say the scaling; it must be one`);
  if (rank !== undefined && keep !== undefined) throw usage('--rank and --keep both say the rank; it must be one');
  const chosen = { ...asked, assumeAlpha, rslora: rslora === undefined ? undefined : rslora === 'on' };
  return { ...chosen, dtype: dtype && DTYPES[dtype] };
}

/** `adapter PATH --portable …`: the adapter in another form, written to `--out`, or what it would be. */
export async function convertCommand(
  path: string,
  opened: OpenedAdapter,
  goal: Goal,
  options: ConvertOptions,
): Promise<Ended> {
  const destination = await destinationOf(path, opened.paths, options.out, options.inPlace === true);
  if (goal.rank !== undefined || goal.keep !== undefined) sayTime(opened.adapter);
  const conversion = await convert(opened.adapter, goal, onModule);
  if ('wrong' in conversion) throw nothing(`${path}: ${conversion.wrong}`);
  // What a shrink costs is said before anything is written.
  if (!options.json && conversion.plan.errors.size > 0) out(`${errorsText(conversion)}\n`);
  const found = destination ? await writeConversion(conversion, destination) : await dryRun(conversion);
  const target = destination && (destination.replaces ?? destination.path);
  if (options.json) return { exitCode: EXIT.done, document: conversionJson(path, target, conversion, found) };
  out(conversionText(opened.adapter, target, conversion, found));
  return { exitCode: EXIT.done };
}

/** Spectra take their time where ranks are large. */
function sayTime(adapter: Adapter): void {
  const seconds = (2 * workOf(adapter)) / PER_SECOND;
  if (seconds > 5)
    complain(`Another rank of ${adapter.modules.length} modules takes about ${numberLabel(seconds, 1)} s.\n`);
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

const among = (values: readonly number[]): string => {
  const all = [...new Set(values)].toSorted((x, y) => x - y);
  return all.length < 4
    ? all.map((value) => numberLabel(value)).join(', ')
    : `${numberLabel(all[0] ?? 0)} to ${numberLabel(all.at(-1) ?? 0)}`;
};

function conversionText(
  { layout }: Adapter,
  target: string | null,
  conversion: Conversion,
  found: readonly Deviation[] | null,
): string {
  const { plan } = conversion;
  const { jobs } = plan;
  const rows = [
    ['', 'was', 'is'].map((cell) => paint('dim', cell)),
    ['layout', layout, plan.layout],
    ['rank', among(jobs.map(({ module }) => module.rank)), among(jobs.map(({ rank }) => rank))],
    ['scaling', among(jobs.map(({ from }) => from)), among(jobs.map(({ to }) => to))],
    ['B times', '', among(jobs.map(({ factor }) => factor))],
  ];
  const worst = found?.toSorted((one, other) => other.relative - one.relative)[0];
  const head =
    target === null
      ? 'Nothing was written; --out writes it.'
      : `${oneLine(target)} was written, modules: ${jobs.length}.`;
  const where = worst && worst.relative > 0 ? ` (${oneLine(worst.name)})` : '';
  const what = plan.errors.size > 0 ? 'that ΔW' : 'ΔW';
  const checked = worst
    ? ` Read again from the disk: largest deviation of ${what} ${numberLabel(worst.relative, 2)}${where}.`
    : '';
  const notes = [...plan.notes, ...roundingNotes(conversion)].map((note) => item(paint('yellow', '!'), note));
  const parts = [paint('bold', head), table(rows), wrap(`${exactWords(conversion)}${checked}`), notes.join('\n')];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

function exactWords(conversion: Conversion): string {
  const { making, plan } = conversion;
  if (isExact(conversion)) return 'Exact: ΔW is the same in every bit.';
  const lossy = `${plan.errors.size} of ${plan.jobs.length}`;
  if (plan.errors.size > 0) return `ΔW is the nearest of its rank (modules that lose something: ${lossy}).`;
  return making.rounding.changed === 0
    ? 'No number was rounded; the scaling has one rounding.'
    : `One rounding of each number (numbers that changed: ${making.rounding.changed}).`;
}

function roundingNotes({ making: { rounding } }: Conversion): string[] {
  const { overflowed, underflowed } = rounding;
  return [
    ...(overflowed > 0 ? [`Numbers that became infinite: ${overflowed}. Choose --dtype f32 or bf16.`] : []),
    ...(underflowed > 0
      ? [`Numbers below the smallest normal one, which lost digits or became 0: ${underflowed}. Choose --dtype f32.`]
      : []),
  ];
}

/** The largest errors of a shrink. */
function errorsText({ plan: { jobs, errors } }: Conversion): string {
  const lost = jobs.flatMap((job) => {
    const error = errors.get(job.module);
    return error === undefined ? [] : [{ ...job, error }];
  });
  const rows = lost.toSorted((one, other) => other.error - one.error);
  const shown = rows
    .slice(0, 12)
    .map(({ stem, rank, module, error }) => [oneLine(stem), `${module.rank} to ${rank}`, numberLabel(error, 3)]);
  const head = ['error of ΔW', 'rank', 'relative'].map((cell) => paint('dim', cell));
  return table([head, ...shown, ...(rows.length > 12 ? [[`… and ${rows.length - 12} more with less`]] : [])], 'lrr');
}

function conversionJson(
  file: string,
  target: string | null,
  conversion: Conversion,
  found: readonly Deviation[] | null,
): object {
  const { plan, making, config } = conversion;
  const relative = new Map(found?.map((each) => [each.name, each.relative]));
  const modules = plan.jobs.map((job) => ({
    ...{ name: job.stem, rank: job.rank, alpha: job.alpha, scaling: job.to, factor: job.factor },
    ...{ was: { rank: job.module.rank, alpha: job.module.alpha, scaling: job.from } },
    ...(found && { deviation: relative.get(job.stem) }),
    ...(plan.errors.has(job.module) && { error: plan.errors.get(job.module) }),
  }));
  const said = { file, out: target, layout: plan.layout, exact: isExact(conversion), rounding: making.rounding };
  return { ...said, notes: plan.notes, config, modules };
}
