import type { ComparisonView, Side, SideView } from '../../messages/comparison';
import { placeLabel, placeOf, type Place } from '../../messages/place';
import { breakable, h, setAttribute, setText, whenChanged, type Part } from '../dom';
import { rovingFocus } from '../roving';
import type { ComparisonHost } from './page';

const LABELS: Readonly<Record<Side, string>> = { first: 'First', second: 'Second' };

/** Both files: which, of which trainer, at which scaling; and the way to let them change places. */
export function sides(host: ComparisonHost): Part<ComparisonView> {
  const first = side('first', host);
  const second = side('second', host);
  const swap = h(
    'button',
    {
      id: 'swap',
      type: 'button',
      class: 'swap',
      title: 'Let both change places',
      'aria-label': 'Let both change places',
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

function side(which: Side, host: ComparisonHost): Part<SideView> {
  const name = h('button', { class: 'link', type: 'button', id: `open-${which}` });
  name.addEventListener('click', () => host.notify('reveal', { side: which, place: null }));
  const folder = h('span', { class: 'muted folder' });
  const what = h('p', { class: 'muted' });
  const scaling = h('p', { class: 'scaling' });
  const trouble = h('span');
  const line = h('button', { class: 'link', type: 'button' });
  const message = h('p', { class: 'trouble', role: 'status' }, trouble, ' ', line);
  const networks = tabs(which, host);
  let at: Place | null = null;
  line.addEventListener('click', () => host.notify('reveal', { side: which, place: at }));
  const element = h(
    'section',
    { class: 'side', id: which, 'aria-label': `${LABELS[which]} config` },
    h('h2', {}, LABELS[which]),
    h('h1', {}, name),
    folder,
    what,
    scaling,
    networks.element,
    message,
  );
  return {
    element,
    draw(view) {
      const { file, recipe } = view;
      if (name.textContent !== file.name) name.replaceChildren(...breakable(file.name));
      setAttribute(name, 'title', `Open ${file.path}`);
      setText(folder, folderOf(file.path));
      setText(what, recipe?.what ?? '');
      setText(scaling, recipe?.scaling ?? '');
      networks.draw(view);
      at = placeOf(file);
      setAttribute(element, 'data-file', file.state);
      setText(trouble, file.message ?? '');
      setText(line, at ? `Show ${placeLabel(at)}` : '');
      setAttribute(line, 'hidden', at === null);
      setAttribute(message, 'hidden', file.state === 'ok');
    },
  };
}

/** The last two folders: enough to tell two files of one name apart, and the title says all. */
function folderOf(path: string): string {
  const folders = path
    .split('/')
    .slice(0, -1)
    .filter((part) => part !== '');
  return folders.length > 2 ? `…/${folders.slice(-2).join('/')}` : `/${folders.join('/')}`;
}

/** One tab a recipe, where the file holds several. */
function tabs(which: Side, host: ComparisonHost): Part<SideView> {
  const element = h('div', { class: 'tabs', role: 'radiogroup', 'aria-label': `Recipe of the ${which} file` });
  const all = (): HTMLElement[] => [...element.querySelectorAll<HTMLElement>('[role=radio]')];
  const choose = (network: number): void => host.notify('setNetwork', { side: which, network });
  rovingFocus(element, all, (tab) => choose(all().indexOf(tab)));
  const draw = whenChanged(({ names, chosen }: { names: readonly string[]; chosen: number }) => {
    const focused = element.contains(document.activeElement);
    element.replaceChildren(
      ...names.map((name, index) => {
        const is = index === chosen;
        const tab = h(
          'button',
          { class: 'chip', role: 'radio', type: 'button', 'aria-checked': String(is), tabindex: is ? 0 : -1 },
          name,
        );
        tab.addEventListener('click', () => choose(index));
        return tab;
      }),
    );
    if (focused) all()[chosen]?.focus();
  });
  return {
    element,
    draw({ recipe }) {
      const names = recipe?.networks ?? [];
      setAttribute(element, 'hidden', names.length < 2);
      draw({ names, chosen: recipe?.network ?? 0 });
    },
  };
}
