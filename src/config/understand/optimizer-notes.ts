import * as l10n from '@vscode/l10n';
import type { NamedOptimizer } from './named-optimizer';
import type { Fixed } from '../optimizers/word';
import type { ReadField } from '../reading';
import type { Layout } from '../trainers/trainer';
import { statedAt, type Context } from './values';

/** Notes why no rule is known, and which keys the optimizer ignores. */
export function noteOptimizer(
  context: Context,
  { fields }: Layout,
  { unknown, isRefused, rule, row }: NamedOptimizer,
): void {
  const { notes } = context;
  const where = fields.optimizer ? (statedAt(context, fields.optimizer)?.node.inner ?? null) : null;
  if (unknown !== null) notes.add(isRefused ? 'warning' : 'info', 'optimizer-unknown', unknown, where);
  if (row?.rule === 'none') {
    const message = l10n.t`No exact rule exists for ${row.title}. ${row.limit?.message ?? ''} Only a measurement shows what another alpha does.`;
    notes.add('info', 'optimizer-without-rule', message, where);
  }
  if (row?.stuck) notes.add('warning', 'never-learns', row.stuck, where);
  for (const [field, fixed] of Object.entries(rule?.fixed ?? {}) as [ReadField, Fixed][]) {
    const source = fields[field];
    const stated = source && statedAt(context, source);
    if (!stated) continue;
    notes.add('info', 'key-ignored', l10n.t`This run ignores ${stated.key.label}: ${fixed.why}`, stated.node.inner);
  }
}
