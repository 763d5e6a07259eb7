import type { Change, Plan } from '../../recipe/plans/plan';
import { adapterOf, divideLines, endsOf, PEFT_LIBRARY, pythonNumber, pythonTuple } from './divide';
import type { InitStart, Library } from './divide';

/** Where code reaches the model and the optimizer of a run. */
export interface CodePlace {
  /** The comment that says where the code goes. */
  where: readonly string[];
  /** The expressions for `model`, and for `optimizer` if the code needs it; absent if the script has these names. */
  model?: string;
  optimizer?: string;
  /** Whose factors they are; PEFT's by default. */
  library?: Library;
}

/** The key of a number in a parameter group: `eps`, or `eps.1` for an element of a tuple. */
type GroupKey = (field: Change['field']) => string;

/** {@link groupLines} with the place of the code, and the division of the factor unless it starts at zero. */
export function groupedCode(
  { where, model, optimizer, library = PEFT_LIBRARY }: CodePlace,
  plan: Plan,
  start: InitStart,
  isDivided: boolean,
  keyOf: GroupKey,
): string {
  const isLate = start.method === 'eva';
  return [
    ...where,
    ...(isLate ? ['# (and after initialize_lora_eva_weights(model), which fills A)'] : []),
    ...(model === undefined ? [] : [`model = ${model}`]),
    ...(optimizer === undefined ? [] : [`optimizer = ${optimizer}`]),
    ...(isDivided ? divideLines(library, start).slice(isLate ? 1 : 0) : []),
    ...groupLines(library, plan, start, keyOf),
    '',
  ].join('\n');
}

/**
 * Python that moves one factor into its own parameter groups of the run's optimizer, with its own numbers. Class, betas,
 * momentum and parameters without decay stay. The code has to run before the first step and before the scheduler is
 * made. The bias of B (lora_bias) changes by k, like the factor that changes.
 * @param keyOf what the optimizer's class calls the number of a change
 */
function groupLines(library: Library, plan: Plan, start: InitStart, keyOf: GroupKey): string[] {
  const own = plan.changes.filter(({ of }) => of !== undefined);
  const factor = own[0]?.of === 'A' ? 'A' : 'B';
  return [
    `# Give ${factor} its own parameter groups in the same optimizer; all other numbers stay:`,
    `ends = ${pythonTuple(endsOfFactor(library, factor, start))}`,
    'moving = {p for name, p in model.named_parameters() if name.endswith(ends)}',
    'assert moving, "these LoRA factors are not in the model"',
    'for group in list(optimizer.param_groups):',
    '    assert "initial_lr" not in group, "the scheduler must be made after these lines"',
    '    own = [p for p in group["params"] if p in moving]',
    '    if own:',
    '        group["params"] = [p for p in group["params"] if p not in moving]',
    '        group = {**group, "params": own}',
    ...own.map((change) => `        ${multiplied(keyOf(change.field), change.factor)}`),
    '        optimizer.param_groups.append(group)',
  ];
}

function endsOfFactor(library: Library, factor: 'A' | 'B', start: InitStart): string[] {
  const { [factor]: names, hasAdapters } = library;
  if (!hasAdapters) return names.map((name) => `.${name}`);
  return [...endsOf(names, start), `.lora_B.${adapterOf(start)}.bias`];
}

/** `group["eps"] = (group["eps"][0], group["eps"][1] * 2.0)`: in place it could be a tensor that groups share. */
function multiplied(key: string, factor: number): string {
  const [name = '', element] = key.split('.');
  const value = `group["${name}"]`;
  const by = pythonNumber(factor);
  if (element === undefined) return `${value} = ${value} * ${by}`;
  const items = ['0', '1'].map((at) => `${value}[${at}]${at === element ? ` * ${by}` : ''}`);
  return `${value} = (${items.join(', ')})`;
}
