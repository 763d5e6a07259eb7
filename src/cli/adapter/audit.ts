import type { Adapter } from '../../adapter/adapter';
import { configOf } from '../../adapter/config';
import { convert } from '../../adapter/convert/convert';
import { audit, enginesNamed, type Audited, type Outcome } from '../../adapter/engines/audit';
import { alikeRows, isBad } from '../../adapter/engines/words';
import { usage } from '../failure';
import { item, paint, wrap } from '../output/text';
import type { Parse } from '../parse-numbers';

export const parseEngines: Parse<readonly string[]> = (text, option) => {
  const names = enginesNamed(text);
  if ('wrong' in names) throw usage(`${option} ${names.wrong}`);
  return names;
};

/** What engines make of the adapter: the rows of the audit, and what `--portable` would make right. */
export interface Audit {
  rows: readonly Audited[];
  /** Of the newest versions that are wrong, how many the portable form makes right; null where there is none. */
  portable: { mended: number; wrong: number } | null;
}

export async function auditOf(adapter: Adapter, names?: readonly string[]): Promise<Audit> {
  const rows = audit(adapter, names);
  const wrong = rows.filter((row) => isBad(row) && (names !== undefined || row.isNewest));
  const portable = wrong.length > 0 ? await portableForm(adapter) : null;
  if (!portable) return { rows, portable: null };
  const after = audit(portable, names);
  const mended = wrong.filter((row) =>
    after.some((other) => other.engine === row.engine && other.version === row.version && other.outcome === 'right'),
  );
  return { rows, portable: { mended: mended.length, wrong: wrong.length } };
}

/** The adapter that `--portable` writes, without its tensors; null where it is refused. */
async function portableForm(adapter: Adapter): Promise<Adapter | null> {
  const made = await convert(adapter, { portable: true });
  if ('wrong' in made) return null;
  const { layout, jobs } = made.plan;
  const hasAlpha = made.tensors.some(({ key }) => key.endsWith('.alpha'));
  const modules = jobs.map(({ module, rank, alpha, to }) => ({
    ...module,
    ...{ rank, alpha, scaling: to, statedRank: layout === 'peft' ? rank : null },
    alphaTensor: hasAlpha ? module.a : null,
  }));
  return { ...adapter, layout, modules, config: made.config && configOf('adapter_config.json', made.config) };
}

const colour = (row: Audited): 'red' | 'yellow' | 'green' =>
  isBad(row) ? 'red' : row.outcome === 'right' ? 'green' : 'yellow';

/** The newest engines that are wrong, in groups; `isWhole`: all versions, also those that are right, with sources. */
export function auditText(path: string, { rows: all, portable }: Audit, isWhole: boolean): string {
  const rows = isWhole ? all : all.filter(({ isNewest }) => isNewest);
  const said = rows.filter((each) => isWhole || isBad(each));
  const shown = alikeRows(said, ({ source, why }) => (isWhole ? source : why)).map(({ label, first, rows: alike }) => {
    const names = alike.map((row) => (isWhole ? `${row.name} ${row.version}` : row.name)).join(', ');
    const about = isWhole ? ` ${first.evidence} ${first.date}, ${first.source}` : '';
    return item(paint(colour(first), isBad(first) ? '✗' : '·'), `${label}: ${names}. ${first.why}${about}`);
  });
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome && row.isNewest).length;
  const more = isWhole ? '' : ' (--audit: all, older versions, sources)';
  const rest = `right in ${count('right')} engines, unknown in ${count('unknown')}${more}`;
  const advice = portable && portable.mended > 0 ? [adviceOf(path, portable)] : [];
  return [`${paint('dim', 'engines')}  ${rest}`, ...shown, ...advice].join('\n');
}

function adviceOf(path: string, { mended, wrong }: { mended: number; wrong: number }): string {
  const which = mended === wrong ? 'all of these' : `${mended} of these ${wrong}`;
  return wrap(`lora-alpha adapter ${path} --portable --out DIR makes ${which} right.`);
}
