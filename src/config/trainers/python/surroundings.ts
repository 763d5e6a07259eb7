import * as l10n from '@vscode/l10n';
import { type Expression, type Place, childrenOf, elementsOf } from '../../syntax/python/nodes';
import { type Scope, scopeAt } from '../../syntax/python/outline';
import type { Doubt } from './given';
import { named, NUMBERS } from './harmless';
import { DECIDES } from './harmless-calls';
import { classRow, PLAIN_BASES, type ClassRow } from './harmless-classes';
import type { Touched } from './touched';

const begins = (list: string): RegExp => new RegExp(`^${named(list).replace(/\$$/, '\\b')}`);
/** Modules that have no name of a trainer, a config or an optimizer. */
const PLAIN_MODULES =
  begins(`math typing os sys re pathlib dataclasses collections itertools functools random time datetime numpy
  datasets enum abc tqdm ipywidgets`);
/** What may stand around code that touches a run, beside calls that have a row. */
const PLAIN_CONTEXTS =
  begins(`open tqdm *.open warnings contextlib suppress nullcontext redirect_stdout tempfile time *timer Progress
  mlflow wandb ThreadPoolExecutor`);
const PLAIN_DECORATORS =
  begins(`torch.no_grad torch.inference_mode staticmethod classmethod property *.cell *.command *.get *.post
  *.function *.main *.task contextmanager contextlib.contextmanager override spaces.GPU wraps lru_cache cache
  functools.wraps functools.lru_cache functools.cache record dataclass pytest require_* slow parameterized
  execute_with_time_limit`);
/** Attributes of a class of training arguments that decide the steps. */
const DECIDING =
  /^(?:__|learning_rate|weight_decay|adam_|max_grad|optim|lr_sched|warmup|loraplus|embedding_l|create_|compute_)|_step$/;

/**
 * What stands around code that touches a run and is not known to be harmless: classes that are derived from a library's
 * ones, contexts, decorators, and imports that may replace names.
 * @param touches tells of a part of the program whether something in it holds something of the run
 */
export function doubtsAround(touched: Touched, touches: (place: Place) => boolean): Doubt[] {
  const family = familyIn(touched);
  const doubts: Doubt[] = [];
  touched.program.tree.iterate({
    enter({ name, node }) {
      if (name === 'ClassDefinition') doubts.push(...ofClass(touched, node, family, touches));
      else if (name === 'WithStatement') doubts.push(...ofContext(touched, node, touches));
      else if (name === 'DecoratedStatement') doubts.push(...ofDecorators(touched, node, touches));
      else if (name === 'ImportStatement') {
        const module = /^from\s+(\S+)\s+import\s*\*/.exec(touched.source(node))?.[1];
        const isPlain = module === undefined || DECIDES.test(module) || PLAIN_MODULES.test(module);
        const why = l10n.t('It may bring other classes under the names of the run.');
        if (!isPlain) doubts.push({ at: node, why, held: NUMBERS });
      }
    },
  });
  return doubts;
}

/** Classes of this text that a trainer is derived from, beside the library's. */
function familyIn({ program, definitions }: Touched): Map<Scope, ClassRow> {
  const classes = program.outline.scopes.filter(({ kind }) => kind === 'class');
  return new Map(
    classes.flatMap((scope) => {
      const row = classRow(definitions.basesOf(scope));
      const list = scope.definition?.getChild('ArgList');
      return row && list
        ? elementsOf(list)
            .flatMap(definitions.of)
            .map((own) => [own, row] as const)
        : [];
    }),
  );
}

function ofClass(
  touched: Touched,
  definition: Expression,
  family: ReadonlyMap<Scope, ClassRow>,
  touches: (place: Place) => boolean,
): Doubt[] {
  const body = definition.getChild('Body');
  if (!body) return [];
  const scope = scopeAt(touched.program.outline, body.from);
  const bases = touched.definitions.basesOf(scope);
  const row = classRow(bases) ?? family.get(scope);
  const unknown = bases.find((base) => !PLAIN_BASES.test(base) && !row?.base.test(base));
  const isApart = unknown !== undefined && /^(?:transformers|torch\.nn|nn)\.\w+$/.test(unknown) && !touches(body);
  const isUnknown = unknown !== undefined && (row !== undefined || (DECIDES.test(unknown) && !isApart));
  const why = l10n.t`LoRA Alpha does not know what a ${unknown ?? ''} does to the run.`;
  const head: Doubt = { at: { from: definition.from, to: body.from }, why, held: row ? NUMBERS : 0 };
  const lines = row ? childrenOf(body).flatMap((line) => ofLine(touched, line, row)) : [];
  return isUnknown ? [head, ...lines] : lines;
}

/** A line of a class that is derived from a trainer, a callback or the training arguments. */
function ofLine(touched: Touched, line: Expression, row: ClassRow): Doubt[] {
  const method = line.name === 'DecoratedStatement' ? line.getChild('FunctionDefinition') : line;
  const isMethod = method?.name === 'FunctionDefinition';
  const name = touched.source(isMethod ? method.getChild('VariableName') : line.firstChild);
  const isPlain = /^(?::|PassStatement|ExpressionStatement)$/.test(line.name);
  const isKnown = isMethod
    ? row.methods.test(name)
    : isPlain || (line.name === 'AssignStatement' && !DECIDING.test(name));
  const at = { from: line.from, to: method?.getChild('Body')?.from ?? line.to };
  return isKnown ? [] : [{ at, why: l10n.t`It replaces ${name} of the run.`, held: NUMBERS }];
}

/** `with Clip(): trainer.train()` */
function ofContext(touched: Touched, statement: Expression, touches: (place: Place) => boolean): Doubt[] {
  const body = statement.getChild('Body');
  if (!body || !touches(body)) return [];
  const contexts = childrenOf(statement).filter(
    ({ name, to, prevSibling }) => to <= body.from && prevSibling?.name !== 'as' && /Expression$|Name$/.test(name),
  );
  const why = l10n.t('LoRA Alpha does not know what this does to the run within.');
  return contexts.flatMap((at) => (isPlainContext(touched, at) ? [] : [{ at, why, held: 0 }]));
}

function isPlainContext(touched: Touched, context: Expression): boolean {
  if (PLAIN_CONTEXTS.test(touched.source(context)) || touched.held(context)) return true;
  if (context.name !== 'CallExpression') return false;
  const { row, own, owner } = touched.called(context);
  if (own.length === 0) return row !== null || owner !== 0;
  return own.every((scope) => touched.definitions.basesOf(scope).every((base) => PLAIN_BASES.test(base)));
}

function ofDecorators(touched: Touched, statement: Expression, touches: (place: Place) => boolean): Doubt[] {
  const definition = statement.getChild('FunctionDefinition');
  if (!definition || !touches(definition)) return [];
  return statement.getChildren('Decorator').flatMap((at): Doubt[] => {
    const word = touched.source(at).replace(/^@\s*/, '').trim();
    const why = l10n.t`LoRA Alpha does not know what ${word} does to the function.`;
    return PLAIN_DECORATORS.test(word) ? [] : [{ at, why, held: NUMBERS }];
  });
}
