import * as l10n from '@vscode/l10n';
import type { PanelView, RecipeView } from '../../messages/panel';
import { type FilePlace, filePlaceOf, placeLabel } from '../../messages/place';
import { numberLabel } from '../../recipe/notation';
import { choiceRow } from '../page/choices';
import { type Component, disclosure, h, setAttribute, setText, whenChanged } from '../page/dom';

/** Which file, trainer, optimizer, rank; the scaling now and at the target. */
export function header(): Component<{ view: PanelView; isKnown: boolean }> {
  const name = h('h1');
  const what = h('span', { class: 'muted' });
  const scale = h('span', { class: 'scale muted' });
  const element = h('header', {}, name, what, scale);
  return {
    element,
    draw({ view: { file, recipe, target }, isKnown }) {
      setText(name, file.name);
      setAttribute(name, 'title', file.path);
      setText(what, recipe ? whatOf(recipe) : '');
      scale.replaceChildren(
        ...(recipe
          ? [
              `${l10n.t('scaling')} `,
              h('b', {}, numberLabel(recipe.scaling)),
              ' → ',
              h('b', {}, isKnown ? numberLabel(target.scaling) : '…'),
            ]
          : []),
      );
    },
  };
}

/** `Axolotl · adamw_torch · rank 16`; without the optimizer where the file names none. */
function whatOf({ trainer, optimizer, rank }: RecipeView): string {
  return [trainer, optimizer, l10n.t`rank ${rank}`].filter((part) => part !== '').join(' · ');
}

/** What the check assumes, and traps of the file. */
export function notes(): Component<PanelView> {
  const list = h('ul');
  const element = disclosure('notes', l10n.t('Notes'), list);
  element.classList.add('notes');
  const draw = whenChanged((texts: readonly string[]) => {
    list.replaceChildren(...texts.map((text) => h('li', {}, text)));
    setText(
      element.querySelector('summary') ?? list,
      texts.length === 1 ? l10n.t('1 note') : l10n.t`${texts.length} notes`,
    );
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.notes.length === 0);
      draw(view.notes);
    },
  };
}

/** A tab for each network, where a file holds several. */
export function networks(onNetwork: (network: number) => void): Component<PanelView> {
  const { element, draw } = choiceRow(
    {
      kind: 'tab',
      group: { id: 'networks', 'aria-label': l10n.t('Adapters in this file') },
      item: (index) => ({ id: `network-${index}`, 'aria-controls': 'panel' }),
    },
    onNetwork,
  );
  return {
    element,
    draw: ({ recipe }) => draw({ names: recipe?.networks ?? [], chosen: recipe?.network ?? 0 }),
  };
}

/** What of the file was not understood: its line, as a link, what stands there, and what it may do. */
export function notUnderstood(onReveal: (place: FilePlace) => void): Component<PanelView> {
  const list = h('ul');
  const element = h(
    'section',
    { id: 'not-understood', 'aria-labelledby': 'not-understood-heading' },
    h('h2', { id: 'not-understood-heading' }, l10n.t('Not understood')),
    list,
  );
  const draw = whenChanged((all: PanelView['notUnderstood']) => {
    list.replaceChildren(...all.map((one) => rowOf(one, onReveal)));
  });
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.notUnderstood.length === 0);
      draw(view.notUnderstood);
    },
  };
}

function rowOf(
  { source, why, ...at }: PanelView['notUnderstood'][number],
  onReveal: (place: FilePlace) => void,
): HTMLElement {
  const place = filePlaceOf(at) ?? { line: at.line };
  const label = placeLabel(place);
  const link = h('button', { class: 'link', type: 'button', title: l10n.t`Show ${label}` }, label);
  link.addEventListener('click', () => onReveal(place));
  return h('li', {}, link, ' ', h('code', {}, source), h('p', { class: 'muted' }, why));
}
