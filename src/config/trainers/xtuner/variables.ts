import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { childrenOf } from '../../syntax/python/nodes';
import { under } from '../../syntax/table';
import { nodeAt, programOf, type MapNode, type SyntaxNode } from '../../syntax/tree';
import { isFilled } from '../shared/fields';
import { unread } from '../shared/known';

/** The class of a dict, by its path or name. */
export function typeIn(node: SyntaxNode | null, name = 'type'): string {
  const type = node && nodeAt(node, [name]);
  return type?.kind === 'scalar' ? (type.unresolved ?? String(type.value)) : '';
}

/** Hooks of mmengine and XTuner that change no weights (mmengine/hooks, v0.10.7; xtuner/engine/hooks, b934f462). */
const HOOKS = new RegExp(
  `^(?:(?:mmengine|xtuner\\.engine)\\.(?:hooks\\.)?)?(?:Checkpoint|DatasetInfo|DistSamplerSeed|EmptyCache|EvaluateChat|` +
    `HFCheckpoint|IterTimer|Logger|ParamScheduler|RuntimeInfo|Throughput|VarlenAttnArgsToMessageHub)Hook$`,
);
const NONE = /(?!)/;

/** Variables that mmengine's runner takes, and the classes that are known there (mmengine/runner/runner.py, v0.10.7). */
const TAKEN: Readonly<Record<string, RegExp>> = {
  model: /^(?:xtuner\.model\.(?:\w+\.)?)?(?:SupervisedFinetune|DPO|ORPO|RewardModel|LLaVAModel|InternVL_V1_5)$/,
  optim_wrapper: /^(?:mmengine\.optim\.)?(?:Amp)?OptimWrapper$/,
  // Their arguments are shares of the rate, but for eta_min (mmengine/optim/scheduler/lr_scheduler.py, v0.10.7).
  param_scheduler:
    /^(?:mmengine\.optim\.)?(?:Constant|CosineAnnealing|CosineRestart|Exponential|Linear|MultiStep|Poly|Step)LR$/,
  train_cfg: /^(?:(?:xtuner\.engine\.(?:runner\.)?)?TrainLoop)?$/,
  ...{ custom_hooks: HOOKS, default_hooks: HOOKS, framework: NONE, model_wrapper_cfg: NONE, runner_type: NONE },
  ...{ strategy: NONE, training_args: NONE },
};

/** Statements without spaces that leave the config's other variables alone; a name imported from a base comes alone. */
const PLAIN = new RegExp(
  `^(?:(?!_base_|.*\\.(?:append|clear|extend|insert|pop|setdefault|update)\\()[\\w,]+=(?!=)|["'#]|accumulative_counts\\*=sequence_parallel_size$|` +
    `ifuse_varlen_attn:custom_hooks\\+=\\[dict\\(type=VarlenAttnArgsToMessageHubHook\\),?\\]$|` +
    `withread_base\\(\\):from\\S+import(?:\\w+as)?\\w*map_fn$)`,
);
const MERGES = /^(?:_base_|with\b)/;

/**
 * Variables with unknown classes, and statements that may change others: mmengine runs a config as Python, and merges others
 * under it (mmengine/config/config.py: fromfile; config/utils.py: ImportTransformer.visit_ImportFrom).
 */
export function unreadVariables(root: MapNode): Unread[] {
  const typesIn = (node: SyntaxNode): string[] => {
    if (node.kind === 'list') return node.items.map((item) => typeIn(item));
    return node.kind === 'scalar' || nodeAt(node, ['type'])
      ? [typeIn(node)]
      : node.entries.flatMap((e) => typesIn(e.value));
  };
  const odd = root.entries.filter(({ key: name, value, home }) => {
    const known = home !== 'python-argument' && isFilled(root, name) ? under(TAKEN, name) : undefined;
    return known && !typesIn(value).every((type) => known.test(type));
  });
  const named = odd.map((one) => unread(one, l10n.t`${one.key} has a class that LoRA Alpha does not know.`, true));
  const { text = '', tree } = programOf(root) ?? {};
  const statements = (tree ? childrenOf(tree.topNode) : []).flatMap(({ from, to }): Unread[] => {
    const source = text.slice(from, to);
    if (/^(?:import|from)\s/.test(source) || PLAIN.test(source.replace(/\s+/g, ''))) return [];
    const why = MERGES.test(source)
      ? l10n.t('Another file seems to complete this one, so the defaults may not hold.')
      : l10n.t('This statement may change a variable of the config.');
    return [{ range: { start: from, end: to }, why, mayMove: true }];
  });
  return [...named, ...statements];
}
