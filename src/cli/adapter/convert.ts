import type { Adapter } from '../../adapter/adapter';
import { convert, isExact, type Conversion } from '../../adapter/convert/convert';
import type { Goal, Job } from '../../adapter/convert/plan';
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

const typeWord = oneOf(['f32', 'f16', 'bf16']);
export const parseDtype: Parse<Float> = (text, option) => typeWord(text, option).toUpperCase() as Float;
export const parseAlphaOrRank: Parse<number | 'rank'> = (text, option) =>
  text === 'rank' ? text : parseAlpha(text, option);
/** `99%` or `0.99`. */
export const parseShare: Parse<number> = (text, option) => {
  const share = text.endsWith('%') ? parseNumber(text.slice(0, -1)) / 100 : parseNumber(text);
  if (share > 0 && share <= 1) return share;
  throw usage(`${option} is "${text}"; it must be a share such as 99%`);
};

/** What the options ask for; null where they ask for no conversion. @throws Failure where two say one thing */
export function goalOf(options: ConvertOptions): Goal | null {
  const { portable, alpha, scaling, rank, keep, to, dtype, assumeAlpha } = options;
  const rslora = options.rslora === undefined ? undefined : options.rslora === 'on';
  const asked = { portable, alpha, rslora, scaling, rank, keep, to, dtype };
  if (Object.values(asked).every((value) => value === undefined)) return null;
  if (to !== undefined && options.inPlace) throw usage('--to makes another kind of file; it must go to --out');
  for (const given of [
    { alpha, scaling, portable },
    { rank, keep },
  ]) {
    const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
    if (names.length > 1) throw usage(`${names.join(' and ')} cannot be combined; it must be one`);
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
  const conversion = await convert(adapter, goal);
  if ('wrong' in conversion) throw nothing(`${path}: ${conversion.wrong}`);
  const { jobs, layout, rounding, notes, config } = conversion;
  // What a shrink costs is said before anything is written.
  if (!options.json && jobs.some(({ cut }) => cut)) out(`${errorsText(jobs)}\n`);
  const found = destination ? await writeConversion(conversion, destination) : await dryRun(conversion);
  const target = destination && (destination.replaces ?? destination.path);
  if (!options.json) {
    out(conversionText(adapter, target, conversion, found));
    return { exitCode: EXIT.done };
  }
  const modules = jobs.map(({ module, stem, rank, alpha, from, to, factor, cut }, i) => ({
    ...{ name: stem, rank, alpha, scaling: to, factor },
    was: { rank: module.rank, alpha: module.alpha, scaling: from },
    ...(found && { deviation: found[i]?.relative }),
    ...(cut && { error: cut.error }),
  }));
  const said = { file: path, out: target, layout, exact: isExact(conversion), rounding };
  return { exitCode: EXIT.done, document: { ...said, notes, config, modules } };
}

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
  const { jobs, layout: made, notes, rounding } = conversion;
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
  const what = jobs.some(({ cut }) => cut) ? 'that ΔW' : 'ΔW';
  const deviation = worst && `largest deviation of ${what} ${numberLabel(worst.relative, 2)}${where}.`;
  const { overflowed, underflowed } = rounding;
  const infinite = `Numbers that became infinite: ${overflowed}. Choose --dtype f32 or bf16.`;
  const small = `Numbers below the smallest normal one, which lost digits or became 0: ${underflowed}. Choose --dtype f32.`;
  const warnings = [...notes, ...(overflowed > 0 ? [infinite] : []), ...(underflowed > 0 ? [small] : [])];
  return [
    paint('bold', head),
    headed(['', 'was', 'is'], rows),
    wrap(`${exactWords(conversion)}${deviation ? ` Read again from the disk: ${deviation}` : ''}`),
    ...warnings.map((note) => item(paint('yellow', '!'), note)),
    '',
  ].join('\n');
}

function exactWords(conversion: Conversion): string {
  const { rounding, jobs } = conversion;
  if (isExact(conversion)) return 'Exact: ΔW is the same in every bit.';
  const lossy = jobs.filter(({ cut }) => cut).length;
  if (lossy > 0) return `ΔW is the nearest of its rank (modules that lose something: ${lossy} of ${jobs.length}).`;
  if (rounding.changed === 0) return 'No number was rounded; the scaling has one rounding.';
  return `One rounding of each number (numbers that changed: ${rounding.changed}).`;
}

/** The largest errors of a shrink. */
function errorsText(jobs: readonly Job[]): string {
  const rows = jobs
    .flatMap(({ stem, rank, module, cut }) =>
      cut ? [{ stem, ranks: `${module.rank} to ${rank}`, error: cut.error }] : [],
    )
    .toSorted((one, other) => other.error - one.error)
    .map(({ stem, ranks, error }) => [oneLine(stem), ranks, numberLabel(error, 3)]);
  const more = rows.length > 12 ? [[`… and ${rows.length - 12} more with less`]] : [];
  return headed(['error of ΔW', 'rank', 'relative'], [...rows.slice(0, 12), ...more], 'lrr');
}
