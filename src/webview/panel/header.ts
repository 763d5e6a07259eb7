import * as l10n from '@vscode/l10n';
import type { PanelView, RecipeView } from '../../messages/panel';
import { numberLabel } from '../../recipe/notation';
import { h, setAttribute, setText, type Component } from '../page/dom';

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
