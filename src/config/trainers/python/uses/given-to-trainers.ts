import * as l10n from '@vscode/l10n';
import { childrenOf } from '../../../syntax/python/bindings';
import { argumentsOf } from '../../../syntax/python/names';
import { lastName } from '../../../syntax/python/outline';
import type { Expression } from '../../../syntax/python/scope';
import { bindingsBehind } from './bindings-behind';
import { isObject } from './assignments';
import type { Flow } from './flow';
import { doubt } from './doubts';
import { useOf, type Use } from './judge';

/** Packages whose callbacks log, save or evaluate, and leave optimizer, gradients and weights alone. */
const HARMLESS =
  /^(?:transformers|trl|peft|accelerate|unsloth|unsloth_zoo|wandb|weave|swanlab|mlflow|comet_ml|clearml|neptune|aim|ray|dvclive|codecarbon|azureml|tensorboardX?)\./;

/** @see https://github.com/huggingface/peft (src/peft/peft_model.py: modules_to_save of these classes, v0.21.2) */
const WITH_HEAD = /(?:^|\.)PeftModelFor(?:SequenceClassification|TokenClassification|QuestionAnswering)$/;

/** Arguments of a Trainer that are made outside of this file: callbacks, and a function that makes the model. */
export function givenTrainers(flow: Flow): Use[] {
  const { text, outline, path } = flow.program;
  return outline.calls.flatMap((call): Use[] => {
    const { positional, keywords } = argumentsOf(text, call);
    if (call.firstChild && WITH_HEAD.test(path(call.firstChild))) {
      return [useOf(call, doubt(l10n.t('This class trains the head of the model whole, whatever task_type says.')))];
    }
    const things = flow.thingsOf(call);
    if (things.some(({ kind, made }) => kind === 'trainer' && made === call.from)) {
      return keywords.flatMap(({ name, value }) => {
        if (name === 'callbacks') return childrenOf(value).flatMap((item) => unknownCallback(flow, item));
        const isMaker = name === 'model_init' && text.slice(value.from, value.to) !== 'None';
        return isMaker
          ? [useOf(value, doubt(l10n.t('train() creates a new model with it, so a division before that is lost.')))]
          : [];
      });
    }
    const object = call.firstChild?.firstChild;
    const isTrainer = object ? flow.thingsOf(object).some(({ kind }) => kind === 'trainer') : false;
    const isAdded = isTrainer && lastName(text, call.firstChild) === 'add_callback';
    return isAdded ? positional.flatMap((item) => unknownCallback(flow, item)) : [];
  });
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
