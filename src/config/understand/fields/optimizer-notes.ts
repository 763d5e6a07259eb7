import * as l10n from '@vscode/l10n';
import type { NamedOptimizer } from './named-optimizer';
import { whyDefault } from './default-words';
import type { ReadField } from '../../reading';
import type { Default } from '../../trainers/shared/fields';
import type { Layout } from '../../trainers/trainer';
import { statedAt, type Context } from './values';

/** Notes why no rule is known, and which keys the optimizer ignores. */
export function noteOptimizer(
  context: Context,
  layout: Layout,
  { unknown, isRefused, rule, row }: NamedOptimizer,
): void {
  const { notes } = context;
  const { fields } = layout;
  const where = fields.optimizer ? (statedAt(context, fields.optimizer)?.node.inner ?? null) : null;
  if (unknown !== null) notes.add(isRefused ? 'warning' : 'info', 'optimizer-unknown', unknown, where);
  if (row?.noRule) {
    const message = l10n.t`No exact rule exists for ${row.title}. ${row.limit?.message ?? ''} Only a measurement shows what another alpha does.`;
    notes.add('info', 'optimizer-without-rule', message, where);
  }
  if (row?.stuck) notes.add('warning', 'never-learns', row.stuck, where);
  for (const [field, fixed] of Object.entries(rule?.fixed ?? {}) as [ReadField, Default][]) {
    const source = fields[field];
    const stated = source && statedAt(context, source);
    if (!stated) continue;
    const why = whyDefault(field, fixed, layout.owner ?? context.trainer.name, false);
    notes.add('info', 'key-ignored', l10n.t`This run ignores ${stated.key.label}: ${why}`, stated.node.inner);
  }
}
