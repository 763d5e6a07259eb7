import type { PanelView } from '../messages/panel';
import { numberLabel } from '../plot/numbers';
import { h, setAttribute, setText, type Part } from './dom';

/** Which file, trainer, optimizer, rank; the scaling now and at the target. */
export function header(): Part<PanelView> {
  const name = h('h1');
  const what = h('span', { class: 'muted' });
  const scale = h('span', { class: 'scale muted' });
  const element = h('header', {}, name, what, scale);
  return {
    element,
    draw({ file, recipe, target }) {
      setText(name, file.name);
      setAttribute(name, 'title', file.path);
      setText(what, recipe ? `${recipe.trainer} · ${recipe.optimizer} · rank ${recipe.rank}` : '');
      scale.replaceChildren(
        ...(recipe
          ? [
              `scaling ${recipe.scalingSymbol} = `,
              h('b', {}, numberLabel(recipe.scaling)),
              ' → ',
              h('b', {}, numberLabel(target.scaling)),
            ]
          : []),
      );
    },
  };
}
