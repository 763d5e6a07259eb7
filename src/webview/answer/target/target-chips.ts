import * as l10n from '@vscode/l10n';
import { h } from '../../page/dom';

interface Now {
  alpha: number | undefined;
  rank: number | undefined;
}

const CHIPS: readonly { id: string; label: string; says: string; alpha: (now: Now) => number | undefined }[] = [
  { id: 'chip-half', label: '½×', says: l10n.t('Halve alpha'), alpha: ({ alpha }) => alpha && alpha / 2 },
  { id: 'chip-double', label: '2×', says: l10n.t('Double alpha'), alpha: ({ alpha }) => alpha && alpha * 2 },
  { id: 'chip-quadruple', label: '4×', says: l10n.t('Four times alpha'), alpha: ({ alpha }) => alpha && alpha * 4 },
  { id: 'chip-rank', label: 'α = r', says: l10n.t('Set alpha to the rank'), alpha: ({ rank }) => rank },
];

/** Buttons for the steps that people take most. */
export function targetChips(now: () => Now, choose: (alpha: number) => void): HTMLElement {
  return h(
    'div',
    { class: 'chips' },
    ...CHIPS.map(({ id, label, says, alpha }) => {
      const name = `${label}: ${says.toLowerCase()}`;
      const chip = h('button', { id, class: 'chip', type: 'button', title: says, 'aria-label': name }, label);
      chip.addEventListener('click', () => {
        const next = alpha(now());
        if (next !== undefined) choose(next);
      });
      return chip;
    }),
  );
}
