import * as l10n from '@vscode/l10n';
import { filePlaceOf, placeLabel, type FilePlace } from '../../messages/panel';
import type { ComparisonHost, ComparisonView, Side, SideView } from '../../messages/comparison';
import { choiceRow } from '../page/choices';
import { breakable, h, type Html, unlessEmpty } from '../page/dom';
import { answerBox } from '../runs/verdict-box';
import type { VerdictWords } from '../runs/verdict-box-words';

export function sides({ first, second }: ComparisonView, host: ComparisonHost): Html {
  const title = l10n.t('Swap both files');
  const swap = { id: 'swap', title, 'aria-label': title, onclick: () => host.notify('swap', undefined) };
  return h(
    'header.sides',
    side('first', first, l10n.t('First config'), l10n.t('Recipe of the first file'), host),
    h('button.swap', swap, '⇄'),
    side('second', second, l10n.t('Second config'), l10n.t('Recipe of the second file'), host),
  );
}

function side(id: Side, { file, name, recipe }: SideView, label: string, group: string, host: ComparisonHost): Html {
  const at = filePlaceOf(file);
  const reveal = (place: FilePlace | null) => (): void => host.notify('reveal', { side: id, place });
  const title = l10n.t`Open ${file.path}`;
  // One button a recipe, where the file holds several.
  const choices = (recipe?.networks ?? []).map((network) => ({ label: network, attributes: { class: 'chip' } }));
  const networks = { kind: 'radio', group: { 'aria-label': group }, choices, chosen: recipe?.network ?? 0 } as const;
  return h(
    'section.side',
    { id, 'aria-label': label, 'data-file': file.state },
    h('h1', h('button.link', { id: `open-${id}`, title, onclick: reveal(null) }, breakable(name))),
    h('p.muted', recipe && `${recipe.what} · ${recipe.scaling}`),
    choiceRow(networks, (network) => host.notify('setNetwork', { side: id, network })),
    h(
      'p.trouble',
      { role: 'status', hidden: file.state === 'ok' },
      h('span', file.message ?? ''),
      ' ',
      h('button.link', { hidden: at === null, onclick: reveal(at) }, at && l10n.t`Show ${placeLabel(at)}`),
    ),
  );
}

/** A comparison looks like the verdict of a training. */
const LOOKS: Readonly<Record<NonNullable<ComparisonView['verdict']>['kind'], VerdictWords['kind']>> = {
  same: 'identical',
  nearly: 'nearly',
  different: 'different',
  unknown: 'undecided',
};

/** Whether what is shown is about an earlier text of a file that cannot be read now. */
export function isOutdated({ first, second }: Pick<ComparisonView, 'first' | 'second'>): boolean {
  return first.file.state !== 'ok' || second.file.state !== 'ok';
}

/** The answer in words, before any number. */
export function comparisonVerdict(view: ComparisonView): Html {
  const { verdict, first, second, news } = view;
  const stale = verdict !== null && isOutdated(view);
  const kind = verdict ? LOOKS[verdict.kind] : 'none';
  const missing = first.recipe === null ? first.file.name : second.file.name;
  const headline = verdict?.headline ?? l10n.t('Nothing to compare');
  const detail = verdict?.detail ?? l10n.t`${missing} has no recipe to compare with.`;
  const said = [h('p', detail), unlessEmpty('p.muted', news)];
  const own = { 'aria-label': l10n.t('Verdict') };
  return h('section.s-verdict', own, answerBox({ id: 'verdict', kind, stale, headline }, said));
}
