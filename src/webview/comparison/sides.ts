import * as l10n from '@vscode/l10n';
import type { ComparisonView, Side, SideView, ComparisonHost } from '../../messages/comparison';
import { placeLabel, filePlaceOf, type FilePlace } from '../../messages/place';
import { choiceRow, type Choices } from '../page/choice-row';
import { breakable, h, setAttribute, setText, type Component } from '../page/dom';

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
