import * as l10n from '@vscode/l10n';
import type { PanelView } from '../../messages/panel';
import { choiceRow } from '../page/choice-row';
import type { Component } from '../page/dom';

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
