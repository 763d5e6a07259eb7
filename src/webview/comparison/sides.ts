import * as l10n from '@vscode/l10n';
import type { ComparisonHost, ComparisonView, Side, SideView } from '../../messages/comparison';
import { filePlaceOf, placeLabel, type FilePlace } from '../../messages/place';
import { choiceRow } from '../page/choices';
import { breakable, h, setAttribute, setText, type Component } from '../page/dom';

/** Both files by name, each with trainer, optimizer, rank and scaling; and the button that swaps them. */
export function sides(host: ComparisonHost): Component<ComparisonView> {
  const words = {
    first: { label: l10n.t('First config'), recipes: l10n.t('Recipe of the first file') },
    second: { label: l10n.t('Second config'), recipes: l10n.t('Recipe of the second file') },
  };
  const [first, second] = [side('first', words.first, host), side('second', words.second, host)];
  const title = l10n.t('Swap both files');
  const onclick = (): void => host.notify('swap', undefined);
  const swap = h('button.swap', { id: 'swap', title, 'aria-label': title, onclick }, '⇄');
  return {
    element: h('header.sides', first.element, swap, second.element),
    draw(view) {
      first.draw(view.first);
      second.draw(view.second);
    },
  };
}

function side(
  which: Side,
  { label, recipes }: Readonly<Record<'label' | 'recipes', string>>,
  host: ComparisonHost,
): Component<SideView> {
  let at: FilePlace | null = null;
  const reveal = (place: FilePlace | null): void => host.notify('reveal', { side: which, place });
  const name = h('button.link', { id: `open-${which}`, onclick: () => reveal(null) });
  const what = h('p.muted');
  const trouble = h('span');
  const line = h('button.link', { onclick: () => reveal(at) });
  const message = h('p.trouble', { role: 'status' }, trouble, ' ', line);
  // One button a recipe, where the file holds several.
  const networks = choiceRow(
    { kind: 'radio', group: { 'aria-label': recipes }, item: () => ({ class: 'chip' }) },
    (network) => host.notify('setNetwork', { side: which, network }),
  );
  const parts = [h('h1', name), what, networks.element, message];
  const element = h('section.side', { id: which, 'aria-label': label }, ...parts);
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
  const symbol = h('span.symbol', { 'aria-hidden': 'true' });
  const headline = h('strong');
  const stale = h('span.tag.stale', l10n.t('outdated'));
  const detail = h('p');
  const news = h('p.muted');
  const words = h('div', { role: 'status' }, h('div.headline', headline, stale), detail, news);
  const box = h('div.verdict', { id: 'verdict' }, symbol, words);
  return {
    element: h('section.s-verdict', { 'aria-label': l10n.t('Verdict') }, box),
    draw(view) {
      const { verdict, first, second, news: said } = view;
      const isOld = verdict !== null && isOutdated(view);
      setAttribute(box, 'data-stale', isOld);
      setAttribute(stale, 'hidden', !isOld);
      const { symbol: sign, kind } = verdict === null ? { symbol: '○', kind: 'none' } : LOOKS[verdict.kind];
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
