import * as l10n from '@vscode/l10n';
import { partName } from '../../../../syntax/python/bindings';
import { argumentsOf } from '../../../../syntax/python/names';
import { pairsOf } from '../../../../syntax/python/options';
import { lastName } from '../../../../syntax/python/outline';
import type { Expression } from '../../../../syntax/python/scope';
import { bindingsBehind } from '../objects/bindings-behind';
import { isObject } from '../objects/assignments';
import type { Flow } from '../objects/flow';
import { doubt, HANDS_OPTIMIZER } from '../doubts';
import { useOf, type Use } from '../judge';
import { sourcesIn, type Sources } from '../objects/sources';

/** Packages whose callbacks log, save or evaluate, and leave optimizer, gradients and weights alone. */
const HARMLESS =
  /^(?:transformers|trl|peft|accelerate|unsloth|unsloth_zoo|wandb|weave|swanlab|mlflow|comet_ml|clearml|neptune|aim|ray|dvclive|codecarbon|azureml|tensorboardX?)\./;

/** @see https://github.com/huggingface/peft (src/peft/peft_model.py: modules_to_save of these classes, v0.21.2) */
const WITH_HEAD = /(?:^|\.)PeftModelFor(?:SequenceClassification|TokenClassification|QuestionAnswering)$/;

/** What a Trainer is given and may change the run: unknown callbacks, `model_init`, arguments without a name or behind `**`. */
export function givenTrainers(flow: Flow): Use[] {
  const { text, outline, path } = flow.program;
  const sources = sourcesIn(flow);
  return outline.calls.flatMap((call): Use[] => {
    const { positional } = argumentsOf(text, call);
    if (call.firstChild && WITH_HEAD.test(path(call.firstChild))) {
      return [useOf(call, doubt(l10n.t('This class trains the head of the model whole, whatever task_type says.')))];
    }
    const things = flow.thingsOf(call);
    if (things.some(({ kind, made }) => kind === 'trainer' && made === call.from)) {
      return [
        ...positional
          .slice(MOST_BY_PLACE)
          .filter(isGiven)
          .map((value) => useOf(value, BY_PLACE)),
        ...argumentsIn(flow, sources, call).flatMap(({ name, value }) => {
          if (name === null) return [useOf(value, OPEN)];
          if (name === 'optimizers' && value.parent?.name !== 'ArgList') return [useOf(value, HANDS_OPTIMIZER)];
          if (name === 'callbacks') return callbacksIn(flow, sources, value);
          const isMaker = name === 'model_init' && isGiven(value);
          return isMaker
            ? [
                useOf(
                  value,
                  doubt(
                    l10n.t('train() makes a new model with model_init, so dividing the init before has no effect.'),
                  ),
                ),
              ]
            : [];
        }),
      ];
    }
    const object = call.firstChild?.firstChild;
    const isTrainer = object ? flow.thingsOf(object).some(({ kind }) => kind === 'trainer') : false;
    const isAdded = isTrainer && lastName(text, call.firstChild) === 'add_callback';
    return isAdded ? positional.flatMap((item) => callbacksIn(flow, sources, item)) : [];
  });
}

/** Model, arguments, collator and data sets come first; behind them the trainers differ. */
const MOST_BY_PLACE = 6;
const BY_PLACE = doubt(l10n.t('This argument of the trainer has no name. Give it its name.'), true);
const OPEN = doubt(l10n.t('It may give the trainer an optimizer or callbacks.'), true);

const isGiven = ({ name }: Expression): boolean => name !== 'None';

/** The arguments of a call by their names, those behind `**` too; without a name where they are not in this text. */
function argumentsIn(flow: Flow, sources: Sources, call: Expression): { name: string | null; value: Expression }[] {
  const { text } = flow.program;
  const { keywords, spreads } = argumentsOf(text, call);
  const found: { name: string | null; value: Expression }[] = [...keywords];
  for (const { value: spread } of spreads) {
    for (const source of sources(spread)) {
      const { name, firstChild: first } = source;
      if (name === 'DictionaryExpression') {
        for (const pair of pairsOf(source))
          if ('key' in pair) found.push({ name: text.slice(pair.key.from + 1, pair.key.to - 1), value: pair.value });
      } else if (name === 'CallExpression' && /^(?:dict|update)$/.test(lastName(text, first)))
        found.push(...argumentsOf(text, source).keywords);
      else if (name === 'AssignStatement' && first?.name === 'MemberExpression' && source.lastChild)
        found.push({ name: partName(text, first), value: source.lastChild });
      else if (!/data/i.test(text.slice(spread.from, spread.to))) found.push({ name: null, value: spread });
    }
  }
  return found;
}

function callbacksIn(flow: Flow, sources: Sources, value: Expression): Use[] {
  return sources(value).flatMap((item) => unknownCallback(flow, item));
}

/** A callback whose class comes from an unknown package, or is not defined anywhere. */
function unknownCallback({ program }: Flow, item: Expression): Use[] {
  const made = item.name === 'CallExpression' ? item.firstChild : item;
  if (!isObject(item.name) || !made || HARMLESS.test(program.path(made))) return [];
  const bindings = bindingsBehind(program, made);
  const isOwn = bindings !== null && bindings.length > 0 && bindings.every(({ kind }) => kind !== 'import');
  if (isOwn || bindings === null) return [];
  return [
    useOf(item, doubt(l10n.t('This callback is not defined in this file, and is given the model and the optimizer.'))),
  ];
}
