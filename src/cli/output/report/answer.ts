import { claimWords } from '../../../config/plan/claim';
import { oldValueWords, WHERE_WORDS, type ConfigChange } from '../../../config/plan/changes';
import type { ConfigPlan } from '../../../config/planned';
import { priceOf } from '../../../experiment/words/sizes';
import { element, escapeMarkup } from '../../../plot/markup';
import { factorLabel } from '../../../recipe/notation';
import { largeAndRest } from '../../../recipe/plans/plan';

/** What a check is about: a plan, and where it leads. */
export interface ReportAnswer {
  /** `alpha 16` */
  from: string;
  /** `alpha 64` */
  to: string;
  /** Both scalings and k. */
  scaling: string;
  plan: ConfigPlan;
  plans: readonly ConfigPlan[];
}

/** The target, what to change, and the ways to do it, as in the panel. @param measured plan → how far it is off */
export function answerColumn(answer: ReportAnswer, measured: Readonly<Record<string, number | null>>): string {
  const { from, to, scaling, plan, plans } = answer;
  const target = `<p class="goal"><span class="muted">${escapeMarkup(from)} →</span> <b>${escapeMarkup(to.replace(/^alpha /, ''))}</b></p>`;
  return [
    section('', target + paragraph(scaling, 'muted'), 's-target'),
    section('Change these', element('div', { class: 'card' }, changes(plan, to)), 's-answer'),
    section(
      'Ways to do it',
      plans.map((each) => way(each, each.id === plan.id, measured[each.id] ?? null)).join(''),
      's-ways',
    ),
  ].join('\n');
}

function changes(plan: ConfigPlan, to: string): string {
  const [large, rest] = largeAndRest(plan.configChanges, ({ of }) => of !== undefined);
  const rows = rest.map((change) => [
    escapeMarkup(change.key) +
      (WHERE_WORDS[change.where] === '' ? '' : element('small', {}, escapeMarkup(WHERE_WORDS[change.where]))),
    escapeMarkup(oldValueWords(change) ?? 'not stated'),
    element('b', {}, escapeMarkup(newValue(change))),
    escapeMarkup(change.law),
  ]);
  const whys = plan.configChanges.map(
    ({ key, why }) => element('dt', {}, escapeMarkup(key)) + element('dd', {}, escapeMarkup(why)),
  );
  return [
    element('dl', { class: 'large' }, large.map(largeRow).join('')),
    rows.length === 0 ? '' : table(['hyperparameter', 'now', `at ${to}`, 'factor'], rows),
    disclosure('Why each one changes', element('dl', { class: 'whys' }, whys.join(''))),
    plan.code === null
      ? ''
      : disclosure('Also needed: code for this plan', element('pre', {}, escapeMarkup(plan.code.trimEnd()))),
  ].join('');
}

/** `1e-4 / learning_rate, was 2e-4`; a factor for the init, which has no number of its own. */
function largeRow(change: ConfigChange): string {
  const { field, key, to, where } = change;
  const isInit = field === 'init';
  const from = oldValueWords(change);
  const was = isInit || from === null ? '' : from === to ? 'stays' : `was ${from}`;
  const about = [was, WHERE_WORDS[where]].filter((part) => part !== '').join(' · ');
  const value = isInit && to !== null ? `× ${to}` : newValue(change);
  return element(
    'div',
    {},
    element('dt', {}, `${escapeMarkup(key)} <span class="muted">${escapeMarkup(about)}</span>`) +
      element('dd', value.length > 12 ? { class: 'long' } : {}, escapeMarkup(value)),
  );
}

function newValue({ to, factor }: ConfigChange): string {
  return to ?? (factor === 1 ? 'your value, unchanged' : `your value ${factorLabel(factor)}`);
}

/** One line a plan: name, whether it needs code, how far off. The checked one is unfolded. */
function way(plan: ConfigPlan, isChecked: boolean, measured: number | null): string {
  const { exactness, title, code, summary, caveats } = plan;
  const { text, good } = priceOf({ exactness, says: claimWords(plan.claim), measured });
  const name = element(isChecked ? 'b' : 'span', {}, escapeMarkup(title));
  const needs = element('span', { class: 'muted' }, code === null ? 'config only' : 'needs code');
  const price = element('span', { class: good ? 'price ok' : 'price' }, escapeMarkup(text));
  const more = paragraph(summary) + list(caveats.map(({ message }) => message));
  return `<details class="way"${isChecked ? ' open' : ''}><summary><span>${name} ${needs}</span>${price}</summary>${more}</details>`;
}

// Pieces of the report's markup. Texts are escaped here; what is called content is markup already.

export function section(title: string, content: string, className = ''): string {
  const heading = title === '' ? '' : element('h2', {}, escapeMarkup(title));
  return element('section', className === '' ? {} : { class: className }, heading + content);
}

export function paragraph(text: string, className = 'muted'): string {
  if (text === '') return '';
  // A number stays on one line.
  const content = escapeMarkup(text).replace(/\d[\d.]*e-\d+/g, '<span class="number">$&</span>');
  return element('p', className === '' ? {} : { class: className }, content);
}

/** What folds out; nothing where there is no content. */
export function disclosure(label: string, content: string): string {
  if (content === '') return '';
  return `<details class="disclosure"><summary>${escapeMarkup(label)}</summary>${content}</details>`;
}

export function list(items: readonly string[]): string {
  if (items.length === 0) return '';
  return element('ul', { class: 'muted' }, items.map((item) => element('li', {}, escapeMarkup(item))).join(''));
}

/** Cells are markup already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (name: 'th' | 'td', row: readonly string[]): string =>
    row.map((cell) => `<${name}>${cell}</${name}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('');
  const whole = `<table><thead><tr>${cells('th', head.map(escapeMarkup))}</tr></thead><tbody>${body}</tbody></table>`;
  return element('div', { class: 'scroll' }, whole);
}
