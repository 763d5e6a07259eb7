import * as l10n from '@vscode/l10n';
import type { ReadField, ReadRecipe, Unread } from '../reading';
import { MAYBE_FLAGS, SCRIPT_ARGUMENTS } from '../syntax/script/variables';
import { listed } from '../syntax/listed';
import { commandIn, type Lock, type MapNode, type ScalarNode } from '../syntax/tree';
import type { Fields } from '../trainers/shared/fields';

/** The words of a command that may be further flags: `"$@"`, `$EXTRA_ARGS`, `%*`. */
export function furtherWords(root: MapNode): readonly ScalarNode[] {
  return commandIn(root)?.further ?? [];
}

function shown(words: readonly ScalarNode[]): string {
  return listed([...new Set(words.map(({ unresolved, raw }) => unresolved ?? raw))]);
}

/** The recipe of a command that may get more flags. The reason of each default says that a flag may override it. */
export function withFurtherFlags(root: MapNode, recipe: ReadRecipe, fields: Fields): ReadRecipe {
  const words = furtherWords(root);
  if (words.length === 0) return recipe;
  const reasons = Object.entries(recipe.assumed).map(([field, why]) =>
    mayBeFlag(fields, field)
      ? [field, l10n.t`${why} Flags in ${shown(words)} may override this default.`]
      : [field, why],
  );
  return { ...recipe, assumed: Object.fromEntries(reasons) as ReadRecipe['assumed'] };
}

/** Whether a word stands for the arguments of the script. */
export function isScriptArgument({ lock }: ScalarNode): boolean {
  return lock?.code === SCRIPT_ARGUMENTS;
}

/** Words that may be more flags, which override the flags before them and all defaults. */
export function furtherFlags(root: MapNode): Unread[] {
  const why = l10n.t(
    'This part of the command may hold more flags, which override the flags before it and the defaults.',
  );
  const reason = (lock: Lock | null): string => (lock?.code === MAYBE_FLAGS ? `${lock.message} ${why}` : why);
  const further = furtherWords(root)
    .filter((word) => !isScriptArgument(word))
    .map(({ inner, unresolved, raw, lock }) => ({ range: inner, why: reason(lock), shown: unresolved ?? raw }));
  const cutOff = commandIn(root)?.cutOff;
  if (!cutOff) return further;
  return [...further, { range: cutOff.inner, why: l10n.t('The command ends before this flag.'), mayMove: true }];
}

/** Whether a flag can set the field. */
function mayBeFlag(fields: Fields, field: string): boolean {
  const source = fields[field as ReadField];
  return source !== undefined && source.keys.length > 0;
}
