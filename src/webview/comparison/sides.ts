import * as l10n from '@vscode/l10n';
import type { ComparisonHost, ComparisonView, Side, SideView } from '../../messages/comparison';
import { type FilePlace, filePlaceOf, placeLabel } from '../../messages/place';
import { type Choices, choiceRow } from '../page/choices';
import { type Component, breakable, h, setAttribute, setText } from '../page/dom';

/** Both files by name, each with trainer, optimizer, rank and scaling; and the button that swaps them. */
export function sides(host: ComparisonHost): Component<ComparisonView> {
  const first = side('first', host);
  const second = side('second', host);
  const swap = h(
    'button',
    {
      id: 'swap',
      type: 'button',
      class: 'swap',
      title: l10n.t('Swap both files'),
      'aria-label': l10n.t('Swap both files'),
    },
    '⇄',
  );
  swap.addEventListener('click', () => host.notify('swap', undefined));
  return {
    element: h('header', { class: 'sides' }, first.element, swap, second.element),
    draw(view) {
      first.draw(view.first);
      second.draw(view.second);
    },
  };
}

function side(which: Side, host: ComparisonHost): Component<SideView> {
  const name = h('button', { class: 'link', type: 'button', id: `open-${which}` });
  name.addEventListener('click', () => host.notify('reveal', { side: which, place: null }));
  const what = h('p', { class: 'muted' });
  const trouble = h('span');
  const line = h('button', { class: 'link', type: 'button' });
  const message = h('p', { class: 'trouble', role: 'status' }, trouble, ' ', line);
  const networks = recipes(which, host);
  let at: FilePlace | null = null;
  line.addEventListener('click', () => host.notify('reveal', { side: which, place: at }));
  const element = h(
    'section',
    { class: 'side', id: which, 'aria-label': which === 'first' ? l10n.t('First config') : l10n.t('Second config') },
    h('h1', {}, name),
    what,
    networks.element,
    message,
  );
  return {
    element,
    draw(view) {
      const { file, recipe } = view;
      if (name.textContent !== view.name) name.replaceChildren(...breakable(view.name));
      setAttribute(name, 'title', l10n.t`Open ${file.path}`);
      setText(what, recipe ? `${recipe.what} · ${recipe.scaling}` : '');
      networks.draw({ names: recipe?.networks ?? [], chosen: recipe?.network ?? 0 });
      at = filePlaceOf(file);
      setAttribute(element, 'data-file', file.state);
      setText(trouble, file.message ?? '');
      setText(line, at ? l10n.t`Show ${placeLabel(at)}` : '');
      setAttribute(line, 'hidden', at === null);
      setAttribute(message, 'hidden', file.state === 'ok');
    },
  };
}

/** One button a recipe, where the file holds several. */
function recipes(which: Side, host: ComparisonHost): Component<Choices> {
  return choiceRow(
    {
      kind: 'radio',
      group: {
        'aria-label': which === 'first' ? l10n.t('Recipe of the first file') : l10n.t('Recipe of the second file'),
      },
      item: () => ({ class: 'chip' }),
    },
    (network) => host.notify('setNetwork', { side: which, network }),
  );
}

type ComparisonKind = NonNullable<ComparisonView['verdict']>['kind'];

const LOOKS: Readonly<Record<ComparisonKind, { symbol: string; kind: string }>> = {
  same: { symbol: '✓', kind: 'identical' },
  nearly: { symbol: '≈', kind: 'nearly' },
  different: { symbol: '✕', kind: 'different' },
  unknown: { symbol: '?', kind: 'undecided' },
};

/** Whether what is shown is about an earlier text of a file that cannot be read now. */
export function isOutdated({ first, second }: Pick<ComparisonView, 'first' | 'second'>): boolean {
  return first.file.state !== 'ok' || second.file.state !== 'ok';
}

/** The answer in words, before any number. */
export function comparisonVerdict(): Component<ComparisonView> {
  const symbol = h('span', { class: 'symbol', 'aria-hidden': 'true' });
  const headline = h('strong');
  const stale = h('span', { class: 'tag stale' }, l10n.t('outdated'));
  const detail = h('p');
  const news = h('p', { class: 'muted' });
  const box = h(
    'div',
    { class: 'verdict', id: 'verdict' },
    symbol,
    h('div', { role: 'status' }, h('div', { class: 'headline' }, headline, stale), detail, news),
  );
  return {
    element: h('section', { class: 's-verdict', 'aria-label': l10n.t('Verdict') }, box),
    draw(view) {
      const { verdict, first, second, news: said } = view;
      const isMissing = verdict === null;
      const isOld = !isMissing && isOutdated(view);
      setAttribute(box, 'data-stale', isOld);
      setAttribute(stale, 'hidden', !isOld);
      const { symbol: sign, kind } = isMissing ? { symbol: '○', kind: 'none' } : LOOKS[verdict.kind];
      setAttribute(box, 'data-kind', kind);
      setText(symbol, sign);
      setText(headline, verdict?.headline ?? l10n.t('Nothing to compare'));
      const missing = first.recipe === null ? first.file.name : second.file.name;
      setText(detail, verdict?.detail ?? l10n.t`${missing} has no recipe to compare with.`);
      setText(news, said);
      setAttribute(news, 'hidden', said === '');
    },
  };
}
