import * as l10n from '@vscode/l10n';
import { locate, whereWords, type Document } from '../documents/document';
import type { NotUnderstood, ReadField, ReadRecipe, Unread } from '../reading';
import type { Layout } from '../trainers/trainer';
import { visible } from '../../recipe/visible';
import { unresolvedAt, statedAt, type Context } from './fields/values';

/** The longest source that a headline shows, in characters. */
const LONGEST = 60;

/** Converts document ranges to lines and ranges of the file; each range once. */
export function notUnderstoodIn(document: Document, unread: readonly Unread[]): NotUnderstood[] {
  const places = new Map<string, NotUnderstood>();
  for (const { range, why, mayMove, shown } of unread) {
    const { line, inCell, range: inFile } = locate(document, range);
    const key = `${inFile.start}-${inFile.end}`;
    const known = places.get(key);
    const whole = visible(shown ?? document.text.slice(range.start, range.end))
      .replace(/\s+/g, ' ')
      .trim();
    const source = whole.length > LONGEST ? `${whole.slice(0, LONGEST - 1)}…` : whole;
    places.set(key, {
      line,
      ...(inCell && { inCell }),
      source: known?.source ?? source,
      why: known?.why ?? why,
      range: inFile,
      mayMove: mayMove === true || known?.mayMove === true,
    });
  }
  return [...places.values()].toSorted((one, other) => one.range.start - other.range.start);
}

/** `line 31, optimizers=(…)`; in backticks for a headline. */
export function notUnderstoodWords({ line, inCell, source }: NotUnderstood): string {
  return `${whereWords({ line, ...(inCell && { inCell }) })}, \`${source}\``;
}

/** `Not understood: line 31, "optimizers=(…)", and 2 more.` */
export function notUnderstoodHeadline(list: readonly NotUnderstood[]): string {
  const [first] = list;
  if (!first) return '';
  const words = notUnderstoodWords(first);
  return list.length > 1
    ? l10n.t`Not understood: ${words}, and ${list.length - 1} more`
    : l10n.t`Not understood: ${words}`;
}

/** Fields that decide which rule applies, or whether something else trains. */
const DECIDING: readonly ReadField[] = ['optimizer', 'scheduler', 'init', 'useDora', 'useRslora', 'lrA', 'lrB'];

/** Numbers that change with the scaling. A plan cannot change them if they are not in the file. */
const MOVING: readonly ReadField[] = ['weightDecay', 'eps', 'maxGradNorm', 'maxGradValue', 'loraplusLrRatio'];

/** What stays unknown in a recipe: values outside this file, and an optimizer that the file does not name. */
export function openIn(context: Context, layout: Layout, { unresolved = {}, stated, optimizer }: ReadRecipe): Unread[] {
  const open = [...DECIDING, ...MOVING].flatMap((field): Unread[] => {
    const source = layout.fields[field];
    const away = unresolved[field] !== undefined && source ? unresolvedAt(context, source) : null;
    if (!away) return [];
    if (away.node.lock?.code === 'config-file') {
      const why = l10n.t('The command reads values that no flag sets from this file.');
      return [{ range: away.node.inner, why, shown: away.expression }];
    }
    const why = l10n.t`${away.key.label} is set outside this file, so its value is unknown.`;
    const shown = `${away.key.label}=${away.expression}`;
    return [{ range: away.node.inner, why, shown, ...(MOVING.includes(field) ? { mayMove: true as const } : {}) }];
  });
  const alpha = layout.fields.alpha && statedAt(context, layout.fields.alpha);
  const range = alpha?.node.inner ?? context.root.range;
  if (layout.guess !== undefined) {
    const why = l10n.t('No known trainer reads this file. LoRA Alpha guesses its keys by their names.');
    return [...open, { range, why, shown: l10n.t('no known trainer') }];
  }
  if (optimizer.name !== null || unresolved.optimizer !== undefined || stated.optimizer) return open;
  const why = l10n.t('This file names no optimizer. The plan assumes AdamW; under SGD the learning rate changes by k.');
  return [...open, { range, why, shown: l10n.t('no optimizer') }];
}
