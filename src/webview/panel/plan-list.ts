import * as l10n from '@vscode/l10n';
import type { TaskChoice } from '../../experiment/toy/task-choice';
import { priceOf } from '../../experiment/words/sizes';
import type { PanelHost, PanelView, PlanView } from '../../messages/panel';
import { PLAN_IDS } from '../../recipe/plans/plan';
import { choiceRow, rovingFocus } from '../page/choices';
import { type Attributes, disclosure, h, type Html, listOf, section } from '../page/dom';

/** The plans, one line each: name, whether it needs code, how far off. The chosen one unfolds. */
export function plans({ plans: all, plan: chosen, ranked }: PanelView, host: PanelHost, attributes: Attributes): Html {
  const choose = (index: number): void => {
    const { id = '' } = all[index] ?? {};
    const plan = PLAN_IDS.find((each) => each === id);
    if (ranked) host.notify('setRule', { rule: id });
    else if (plan) host.notify('setPlan', { plan });
  };
  const moves = rovingFocus('[role=radio]', choose);
  const onkeydown = (event: KeyboardEvent): void => {
    const at = all.findIndex(({ id }) => `plan-${id}` === (event.target as HTMLElement).id);
    if (event.key !== ' ' && event.key !== 'Enter') return moves(event);
    event.preventDefault();
    choose(at);
  };
  const radios = all.map((plan, index) => radioOf(plan, plan.id === chosen, () => choose(index)));
  const group = h('div.plans', { role: 'radiogroup', 'aria-labelledby': 'plans-heading', onkeydown }, ...radios);
  return section(
    'section.s-plans',
    'plans',
    ranked ? l10n.t('Rules') : l10n.t('Plans'),
    { ...attributes, hidden: all.length === 0 },
    group,
  );
}

function radioOf(plan: PlanView, checked: boolean, onclick: () => void): Html {
  const { rule } = plan;
  const { text, good } = rule ? { text: rule.measured || plan.says, good: false } : priceOf(plan);
  const needs = rule?.numbers ?? (plan.needsCode ? l10n.t('needs code') : l10n.t('config only'));
  const more = checked ? [plan.summary, ...plan.caveats.map(({ message }) => message)] : [];
  const state = { 'aria-checked': String(checked), tabindex: checked ? 0 : -1, onclick };
  return h(
    'div.choice',
    { id: `plan-${plan.id}`, role: 'radio', ...state },
    h('i.dot', { 'aria-hidden': 'true' }),
    h(
      'span.choice-title',
      h('span.choice-name', plan.title),
      ' ',
      h(rule ? 'span.muted.needs.numbers' : 'span.muted.needs', needs),
    ),
    h('span', { class: good ? 'price ok' : 'price' }, text),
    more.map((words) => h('p.muted', words)),
  );
}

/** What can be trained: on the button, and what it is. */
const MODELS: readonly (readonly [task: TaskChoice, label: string, says: string])[] = [
  ['auto', l10n.t('Auto'), l10n.t('Closest to your model, trains in about 1 s')],
  ['linear', l10n.t('One layer'), l10n.t('One linear layer with LoRA')],
  ['mlp', 'MLP', l10n.t('Linear layers with LoRA, one behind the other')],
  ['transformer', l10n.t('Transformer'), l10n.t('A small decoder with LoRA on your target modules')],
];

/** How the small model was trained: which one, its size and time, and how it differs from the user's run. */
export function howTrained(view: PanelView, host: PanelHost, attributes: Attributes): Html {
  const { plans: all, task, run, assumptions, ranked } = view;
  const models = choiceRow(
    {
      kind: 'radio',
      group: { class: 'chips', 'aria-labelledby': 'model-heading' },
      choices: MODELS.map(([id, label, title]) => ({ label, attributes: { id: `model-${id}`, class: 'chip', title } })),
      chosen: MODELS.findIndex(([id]) => id === task),
    },
    (index) => host.notify('setTask', { task: MODELS[index]?.[0] ?? 'auto' }),
  );
  return disclosure(
    'how-trained',
    l10n.t('How it is trained'),
    { ...attributes, hidden: all.length === 0 || (ranked !== null && run.state === 'none') },
    h(
      'section.s-model',
      { 'aria-labelledby': 'model-heading', hidden: ranked !== null },
      h('h3', { id: 'model-heading' }, l10n.t('Model that is trained')),
      models,
    ),
    h('p.muted', { id: 'run-summary' }, run.summary),
    listOf('ul.muted', assumptions),
  );
}
