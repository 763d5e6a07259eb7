import * as l10n from '@vscode/l10n';
import { ownerOf, argumentsOf, type Arguments } from '../../../syntax/python/names';
import { lastName } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import type { Flow } from './flow';
import type { Use } from './judge';
import { madeBy } from './kinds';

/** What a call does to the run that nothing here reads. */
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
    path: /(?:^|\.)deepspeed\.initialize$/,
    why: l10n.t(
      "DeepSpeed's settings can set optimizer, schedule and clip threshold, and LoRA Alpha does not read them.",
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

/** Packages whose trainers, arguments and configs are those that LoRA Alpha knows. */
const KNOWN =
  /^(?:transformers|trl|peft|unsloth|unsloth_zoo|diffusers|sentence_transformers|accelerate|torch|bitsandbytes|optimum|loralib|swift)(?:\.|$)/;

/** Calls that decide the run in a way that is not read. */
export function unreadCalls(flow: Flow): Use[] {
  const { text, outline, path } = flow.program;
  return outline.calls.flatMap((call): Use[] => {
    const callee = call.firstChild;
    if (!callee) return [];
    const whole = path(callee);
    const use = (why: string): Use => ({ why, moves: true, range: { start: call.from, end: call.to }, things: [] });
    const rules = RULES.filter(
      (rule) => rule.path.test(whole) && rule.applies?.(argumentsOf(text, call), text) !== false,
    ).map(({ why }) => use(why));
    const isRate = lastName(text, callee) === 'LambdaLR' && holdsRate(flow, call);
    return [
      ...rules,
      ...(isRate ? [use(l10n.t('Its function may hold a learning rate, which a plan does not change.'))] : []),
      ...(isFromElsewhere(flow, callee, whole) || isOfElsewhere(flow, call)
        ? [
            use(
              l10n.t`${lastName(text, callee)} is not defined in this file, and not the one of a library that LoRA Alpha knows.`,
            ),
          ]
        : []),
    ];
  });
}

/** Whether a trainer, its arguments or a LoRA config comes from a module that is not known. */
function isFromElsewhere({ program: { text, outline } }: Flow, callee: Expression, path: string): boolean {
  const kind = madeBy(path);
  if (kind !== 'trainer' && kind !== 'args' && kind !== 'config' && kind !== 'model') return false;
  if (KNOWN.test(path)) return false;
  let root: Expression = callee;
  while (root.name === 'MemberExpression' && root.firstChild) root = root.firstChild;
  if (root.name !== 'VariableName') return false;
  const name = text.slice(root.from, root.to);
  const bindings = ownerOf(outline, name, root.from)?.bindings.get(name) ?? [];
  return bindings.some((binding) => binding.kind === 'import' && !KNOWN.test(binding.path ?? ''));
}

/** Whether a class of this text is derived from a trainer, arguments or a config of a module that is not known. */
function isOfElsewhere(flow: Flow, call: Expression): boolean {
  const own = flow.calledIn(call);
  if (own?.kind !== 'class') return false;
  return flow.basesOf(own).some((base) => {
    const kind = madeBy(base);
    return (kind === 'trainer' || kind === 'args' || kind === 'config') && base.includes('.') && !KNOWN.test(base);
  });
}

/** A name of a learning rate, in the function that a schedule takes its shares from. */
const RATE = /^(?:\w+_)?(?:lr|learning_rate)(?:_(?:min|max|end|init|final))?$|^eta_min$|^defaults$/i;

/** Whether the function of a schedule names a learning rate, or is not in this text. */
function holdsRate({ program: { text, outline } }: Flow, call: Expression): boolean {
  const { positional, keywords } = argumentsOf(text, call);
  const given = keywords.find(({ name }) => name === 'lr_lambda')?.value ?? positional[1];
  if (!given) return false;
  if (given.name !== 'VariableName' && given.name !== 'MemberExpression') return namesRate(text, given);
  const name = lastName(text, given);
  const own = outline.functions.filter((scope) => scope.name === name);
  return own.length === 0
    ? given.name === 'MemberExpression'
    : own.some(({ definition }) => namesRate(text, definition?.getChild('Body') ?? null));
}

function namesRate(text: string, node: Expression | null): boolean {
  let isNamed = false;
  node?.cursor().iterate((at) => {
    const isName = at.name === 'VariableName' || at.name === 'PropertyName';
    isNamed ||= isName && RATE.test(text.slice(at.from, at.to));
    return !isNamed;
  });
  return isNamed;
}
