import * as l10n from '@vscode/l10n';
import type { TaskChoice } from '../../experiment/toy/task-choice';
import type { PanelView } from '../../messages/panel';
import { disclosure } from '../page/disclosure';
import { h, setAttribute, setText, whenChanged, type Component } from '../page/dom';
import { rovingFocus } from '../page/roving';

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

/** What can be trained: on the button, and what it is. */
const MODELS: readonly { task: TaskChoice; label: string; says: string }[] = [
  { task: 'auto', label: l10n.t('Auto'), says: l10n.t('Closest to your model, trains in about 1 s') },
  { task: 'linear', label: l10n.t('One layer'), says: l10n.t('One linear layer with LoRA') },
  { task: 'mlp', label: 'MLP', says: l10n.t('Linear layers with LoRA, one behind the other') },
  {
    task: 'transformer',
    label: l10n.t('Transformer'),
    says: l10n.t('A small decoder with LoRA on your target modules'),
  },
];

/** On which model? One radio button a kind, in a row. */
function model(onTask: (task: TaskChoice) => void): Component<PanelView> {
  const radios = MODELS.map(({ task, label, says }) => {
    const radio = h(
      'button',
      { id: `model-${task}`, class: 'chip', type: 'button', role: 'radio', title: says, 'data-task': task },
      label,
    );
    radio.addEventListener('click', () => onTask(task));
    return radio;
  });
  const group = h('div', { class: 'chips', role: 'radiogroup', 'aria-labelledby': 'model-heading' }, ...radios);
  rovingFocus(
    group,
    () => radios,
    (radio) => onTask(radio.dataset['task'] as TaskChoice),
  );
  const element = h(
    'section',
    { class: 's-model', 'aria-labelledby': 'model-heading' },
    h('h3', { id: 'model-heading' }, l10n.t('Model that is trained')),
    group,
  );
  return {
    element,
    draw(view) {
      for (const radio of radios) {
        const is = radio.dataset['task'] === view.task;
        setAttribute(radio, 'aria-checked', String(is));
        setAttribute(radio, 'tabindex', is ? 0 : -1);
      }
    },
  };
}
