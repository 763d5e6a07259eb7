import * as l10n from '@vscode/l10n';
import { argumentsOf, type Arguments } from '../../../../syntax/python/names';
import { lastName } from '../../../../syntax/python/outline';
import type { Expression } from '../../../../syntax/python/scope';
import type { Flow } from '../objects/flow';
import { bindingsBehind } from '../objects/bindings-behind';
import { doubt } from '../doubts';
import { useOf, type Use } from '../judge';
import { KNOWN, madeBy, type Kind } from '../objects/kinds';
import { namesRate } from './schedule-function';

/** A call that changes the run in a way LoRA Alpha does not read, and why. */
interface Rule {
  path: RegExp;
  why: string;
  applies?: (given: Arguments, text: string) => boolean;
}

const isGiven =
  (word: string) =>
  ({ keywords }: Arguments, text: string): boolean =>
    keywords.some(
      ({ name, value }) => name === word && !/^(?:None|False|0|0\.0)$/.test(text.slice(value.from, value.to)),
    );

const RULES: readonly Rule[] = [
  {
    path: /(?:^|\.)Trainer$/,
    why: l10n.t('It clips the gradient, at a threshold that LoRA Alpha does not read.'),
    applies: isGiven('gradient_clip_val'),
  },
  {
    path: /(?:^|\.)clip_gradients$/,
    why: l10n.t('It clips the gradient, at a threshold that LoRA Alpha does not read.'),
  },
  {
    path: /(?:^|\.)register_(?:optimizer_step|module)_\w*hook$/,
    why: l10n.t('It runs code of its own around every step of an optimizer, or around every layer.'),
  },
  {
    path: /(?:^|\.)deepspeed\.initialize$/,
    why: l10n.t(
      "DeepSpeed's settings can set optimizer, schedule and max grad norm, and LoRA Alpha does not read them.",
    ),
  },
  {
    path: /(?:^|\.)autograd\.grad$/,
    why: l10n.t('It computes with the gradient, so it may add a penalty to the loss.'),
    applies: isGiven('create_graph'),
  },
  {
    path: /(?:^|\.)(?:Auto)?PeftModel\w*\.from_pretrained$/,
    why: l10n.t('It loads a trained adapter, whose own alpha and rank count.'),
    applies: isGiven('is_trainable'),
  },
];

/** Calls that decide the run in a way that is not read. */
export function unreadCalls(flow: Flow): Use[] {
  const { text, outline, path } = flow.program;
  return outline.calls.flatMap((call): Use[] => {
    const callee = call.firstChild;
    if (!callee) return [];
    const whole = path(callee);
    const use = (why: string): Use => useOf(call, doubt(why, true));
    const rules = RULES.filter(
      (rule) => rule.path.test(whole) && rule.applies?.(argumentsOf(text, call), text) !== false,
    ).map(({ why }) => use(why));
    const name = lastName(text, callee);
    return [
      ...rules,
      ...(name === 'LambdaLR' && namesRate(flow.program, call)
        ? [use(l10n.t('Its function may hold a learning rate, which a plan does not change.'))]
        : []),
      ...(isOfUnknown(flow, callee, whole) || isDerivedFromUnknown(flow, call)
        ? [use(l10n.t`${name} comes from a module that LoRA Alpha does not know.`)]
        : []),
    ];
  });
}

/** Kinds of object that LoRA Alpha recognises by their class's name, and understands only from a {@link KNOWN} package. */
const READ: ReadonlySet<Kind | undefined> = new Set(['trainer', 'args', 'config', 'model']);

/** Whether a trainer, its arguments, a LoRA config or a model is made by a class or function of an unknown package. */
function isOfUnknown({ program }: Flow, callee: Expression, path: string): boolean {
  if (!READ.has(madeBy(path)) || KNOWN.test(path)) return false;
  const bindings = bindingsBehind(program, callee) ?? [];
  return bindings.some(({ kind, path: from }) => kind === 'import' && !KNOWN.test(from ?? ''));
}

/** Whether a call makes an object of a class of this script that derives from such a class. */
function isDerivedFromUnknown(flow: Flow, call: Expression): boolean {
  const own = flow.calledIn(call);
  if (own?.kind !== 'class') return false;
  return flow.basesOf(own).some((base) => READ.has(madeBy(base)) && base.includes('.') && !KNOWN.test(base));
}
