import * as l10n from '@vscode/l10n';
import type { TaskChoice } from '../../experiment/toy/task-choice';
import type { PanelView } from '../../messages/panel';
import { disclosure } from '../page/disclosure';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { model } from './model-choice';

/** How the small model was trained: which one, its size and time, and how it differs from the user's run. */
export function howTrained(onTask: (task: TaskChoice) => void): Component<PanelView> {
  const choice = model(onTask);
  const summary = h('p', { class: 'muted', id: 'run-summary' });
  const list = h('ul', { class: 'muted' });
  const element = disclosure('how-trained', l10n.t('How it is trained'), choice.element, summary, list);
  const draw = whenChanged((assumptions: readonly string[]) =>
    list.replaceChildren(...assumptions.map((text) => h('li', {}, text))),
  );
  return {
    element,
    draw(view) {
      setAttribute(element, 'hidden', view.plans.length === 0);
      choice.draw(view);
      setText(summary, view.run.summary);
      draw(view.assumptions);
    },
  };
}
