import { element, escapeMarkup } from '../../../plot/markup';

/** Pieces of the report's markup. Texts are escaped here; what is called content is markup already. */

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
