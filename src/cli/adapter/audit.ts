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

/** What engines make of the adapter: the rows of the audit, and which of them `--portable` would make right. */
export interface Audit {
  rows: readonly Audited[];
  /** Empty where it makes none right. */
  advice: string;
}

export async function auditOf(path: string, adapter: Adapter, names?: readonly string[]): Promise<Audit> {
  const rows = audit(adapter, names);
  const wrong = rows.filter((row) => isBad(row) && (names !== undefined || row.isNewest));
  const portable = wrong.length > 0 ? await portableForm(adapter) : null;
  const after = (portable ? audit(portable, names) : []).filter(({ outcome }) => outcome === 'right');
  const mended = wrong.filter((row) => after.some(({ name, version }) => name === row.name && version === row.version));
  const which = mended.length === wrong.length ? 'all of these' : `${mended.length} of these ${wrong.length}`;
  const advice = wrap(`lora-alpha adapter ${path} --portable --out DIR makes ${which} right.`);
  return { rows, advice: mended.length > 0 ? advice : '' };
}

/** The adapter that `--portable` writes, without its tensors; null where it is refused. */
async function portableForm(adapter: Adapter): Promise<Adapter | null> {
  const made = await convert(adapter, { portable: true });
  if ('wrong' in made) return null;
  const { layout, jobs } = made;
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
export function auditText({ rows: all, advice }: Audit, isWhole: boolean): string {
  const rows = isWhole ? all : all.filter(({ isNewest }) => isNewest);
  const said = rows.filter((each) => isWhole || isBad(each));
  const shown = alikeRows(said, ({ source, why }) => (isWhole ? source : why)).map(({ label, first, rows: alike }) => {
    const names = alike.map((row) => (isWhole ? `${row.name} ${row.version}` : row.name)).join(', ');
    const about = isWhole ? ` ${first.evidence} ${first.date}, ${first.source}` : '';
    return item(paint(colour(first), isBad(first) ? '✗' : '·'), `${label}: ${names}. ${first.why}${about}`);
  });
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome && row.isNewest).length;
  const unknown = count('unknown') === 0 ? '' : `, unknown in ${count('unknown')}`;
  const more = isWhole ? '' : ' (--audit: all, older versions, sources)';
  const head = `${paint('dim', 'engines')}  right in ${count('right')} engines${unknown}${more}`;
  return [head, ...shown, ...(advice === '' ? [] : [advice])].join('\n');
}
