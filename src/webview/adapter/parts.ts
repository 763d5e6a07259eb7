import * as l10n from '@vscode/l10n';
import { type Adapter, LAYOUT_NAMES } from '../../adapter/adapter';
import type { Audited } from '../../adapter/engines/audit';
import { alikeRows, isBad, outcomeLabel, type Alike } from '../../adapter/engines/words';
import type { Measured } from '../../adapter/measure';
import { baseOf, dtypeOf, sizeLabel } from '../../adapter/summary';
import { h, type Html, progressBar, row, scrolling, section, table } from '../page/dom';
import type { VerdictWords } from '../runs/verdict-box-words';
import { medianOf, spanOf } from './charts';

/** `PEFT · example/llama-8b · modules: 32 · rank 16 to 32 · alpha 16 · F32 · rsLoRA · 221 kB` */
export function aboutWords(adapter: Adapter): string {
  const { layout, modules, config, saved } = adapter;
  const words = [
    LAYOUT_NAMES[layout],
    baseOf(adapter),
    l10n.t`modules: ${modules.length}`,
    l10n.t`rank ${spanOf(modules.map(({ rank }) => rank))}`,
    `alpha ${spanOf(modules.map(({ alpha }) => alpha))}`,
    [...new Set(modules.map(dtypeOf))].join(', '),
    config?.useRslora && 'rsLoRA',
    config?.useDora && 'DoRA',
    saved.length > 0 && l10n.t`whole tensors: ${saved.length}`,
    sizeLabel(adapter.bytes),
  ];
  return words.filter(Boolean).join(' · ');
}

type Answer = Pick<VerdictWords, 'kind' | 'headline' | 'line'>;

/** The answer: the scaling, in how many engines it is the one that was trained with, and what the others do. */
export function answerOf({ modules }: Pick<Adapter, 'modules'>, newest: readonly Audited[]): Answer {
  const scalings = modules.map(({ scaling }) => scaling);
  const scaling = scalings.includes(null) ? l10n.t('Nothing says the scaling') : l10n.t`Scaling ${spanOf(scalings)}`;
  const right = newest.filter(({ outcome }) => outcome === 'right').length;
  const kind = newest.some(isBad) ? 'different' : right < newest.length ? 'undecided' : 'identical';
  const counted = l10n.t`${scaling}: right in ${right} of ${newest.length} engines`;
  const others = alikeRows(newest, () => '').filter(({ first }) => first.outcome !== 'right');
  const line = others.map(({ label, rows }) => `${label}: ${rows.length}`).join(' · ');
  return { kind, headline: newest.length === 0 ? scaling : counted, line };
}

export function enginesTable(groups: readonly Alike[]): Html {
  const caption = l10n.t('What engines make of it');
  const rows = groups.map(({ label, first: { outcome, why }, rows: alike }) =>
    row({ 'data-outcome': outcome }, label, alike.map(({ name }) => name).join(', '), h('td.why', why)),
  );
  const engines = table('engines', caption, [l10n.t('outcome'), l10n.t('engine'), l10n.t('why')], rows);
  return section('section', 'audit', caption, { hidden: groups.length === 0 }, engines);
}

/** Every version that was looked at, with where and when. */
export function sourcesTable(caption: string, audited: readonly Audited[]): Html {
  const rows = audited.map((each) => {
    const evidence = `${each.evidence === 'ran' ? l10n.t('ran') : l10n.t('read')} ${each.date}`;
    return row({}, `${each.name} ${each.version}`, outcomeLabel(each), evidence, each.source);
  });
  const head = [l10n.t('engine'), l10n.t('outcome'), l10n.t('evidence'), l10n.t('source')];
  return scrolling(caption, table('sources', caption, head, rows));
}

/** What the columns of the modules are; once something is measured, how much of its rank the adapter uses. */
export function columnsNote({ modules }: Adapter, measured: readonly (Measured | null)[]): string {
  const found = measured.flatMap((each, at) => (each?.sigma ? [[each.used, modules[at]?.rank ?? 0] as const] : []));
  const explained = l10n.t('Norm: of ΔW. Used: so many singular values hold 99 % of its energy.');
  const [used, rank] = [medianOf(found.map(([used]) => used)), medianOf(found.map(([, rank]) => rank))];
  return found.length === 0 ? explained : `${explained} ${l10n.t`Median: ${used} of ${rank}.`}`;
}

/** How far measuring is, or why it ended. */
export function measuringBar(done: number, all: number, trouble: string): Html {
  const words = l10n.t`${done} of ${all} modules measured`;
  const bar = progressBar(l10n.t('Measuring'), done, all);
  return h('div.progress.measuring', { hidden: done === all }, bar, h('span.muted', `${words} ${trouble}`.trim()));
}
