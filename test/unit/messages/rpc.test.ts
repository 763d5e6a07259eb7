import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { connect, type Handlers, type Port } from '../../../src/messages/rpc';

const sums = {
  add: { params: v.object({ a: v.number(), b: v.number() }), result: v.number() },
  fail: { params: v.string(), result: v.undefined() },
};
const news = { told: { params: v.string(), result: v.undefined() } };

type Listener = (message: unknown) => void;

/** Two ends of a wire. Messages are copied and arrive later, as they do between threads. */
function wire(): { left: Port; right: Port; sent: unknown[] } {
  const listeners = { left: new Set<Listener>(), right: new Set<Listener>() };
  const sent: unknown[] = [];
  const end = (own: 'left' | 'right', other: 'left' | 'right'): Port => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      sent.push(copy);
      queueMicrotask(() => listeners[other].forEach((listener) => listener(copy)));
    },
    listen: (listener) => {
      listeners[own].add(listener);
      return () => listeners[own].delete(listener);
    },
  });
  return { left: end('left', 'right'), right: end('right', 'left'), sent };
}

const answers: Handlers<typeof sums> = {
  add: ({ a, b }) => a + b,
  fail: (message) => {
    throw new Error(message);
  },
};

/** Both ends of a wire: one that answers sums, and one that asks them. */
function connected(own: Handlers<typeof sums> = answers) {
  const { left, right, sent } = wire();
  const side = connect(right, sums, own, news);
  const peer = connect(left, news, { told: () => undefined }, sums);
  return { side, peer, sent };
}

describe('calls', () => {
  it('get their own answer, whatever the order the answers come in', async () => {
    const open = new Map<number, () => void>();
    const add: (typeof answers)['add'] = ({ a, b }) => new Promise((resolve) => open.set(a, () => resolve(a + b)));
    const { peer } = connected({ ...answers, add });
    const both = [peer.call('add', { a: 1, b: 10 }), peer.call('add', { a: 2, b: 20 })];
    await vi.waitUntil(() => open.size === 2);
    open.get(2)?.();
    open.get(1)?.();
    await expect(Promise.all(both)).resolves.toEqual([11, 22]);
  });

  it('reject with what the other side threw', async () => {
    await expect(connected().peer.call('fail', 'no such rank')).rejects.toThrow('no such rank');
  });

  it('reject when their parameter does not fit, before a handler sees it', async () => {
    const add = vi.fn(answers.add);
    const { peer } = connected({ ...answers, add });
    await expect(peer.call('add', { a: 1, b: 'x' as never })).rejects.toThrow(/add: b: /);
    expect(add).not.toHaveBeenCalled();
  });

  it('reject when the answer does not fit', async () => {
    const { left, right } = wire();
    connect(right, { add: { params: v.unknown(), result: v.unknown() } }, { add: () => 'five' }, {});
    const peer = connect(left, {}, {}, sums);
    await expect(peer.call('add', { a: 2, b: 3 })).rejects.toThrow(/add: the answer does not fit/);
  });

  it.each(['subtract', 'toString', '__proto__', 'constructor'])('reject for the unknown method %s', async (method) => {
    const { left, right } = wire();
    connect(right, sums, answers, {});
    const peer = connect(left, {}, {}, { [method]: { params: v.undefined(), result: v.unknown() } });
    await expect(peer.call(method, undefined)).rejects.toThrow(`there is no method called ${method}`);
  });
});

describe('disposal', () => {
  it('rejects the open calls with its reason, and every later call', async () => {
    const { peer } = connected({ ...answers, add: () => new Promise(() => undefined) });
    const open = peer.call('add', { a: 1, b: 1 });
    peer.dispose('the panel was closed');
    await expect(open).rejects.toThrow('the panel was closed');
    await expect(peer.call('add', { a: 1, b: 1 })).rejects.toThrow('the panel was closed');
  });

  it('sends and answers nothing any more, also of a handler that was still at work', async () => {
    let finish: (sum: number) => void = () => undefined;
    const add = vi.fn(() => new Promise<number>((resolve) => (finish = resolve)));
    const { side, peer, sent } = connected({ ...answers, add });
    const open = peer.call('add', { a: 1, b: 1 });
    await vi.waitUntil(() => add.mock.calls.length === 1);
    side.dispose();
    side.notify('told', 'late');
    finish(2);
    const late = peer.call('add', { a: 1, b: 1 });
    await Promise.resolve();
    peer.dispose('over');
    await expect(open).rejects.toThrow('over');
    await expect(late).rejects.toThrow('over');
    expect(add).toHaveBeenCalledOnce();
    expect(sent).toEqual([1, 2].map((id) => ({ type: 'call', id, method: 'add', params: { a: 1, b: 1 } })));
  });
});

describe('notifications', () => {
  it('arrive, in order', async () => {
    const { left, right } = wire();
    const heard: string[] = [];
    connect(right, news, { told: (text) => void heard.push(text) }, {});
    const peer = connect(left, {}, {}, news);
    ['a', 'b', 'c'].forEach((text) => peer.notify('told', text));
    await vi.waitUntil(() => heard.length === 3);
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  it('that fail are reported where they arrive, and answer nothing', async () => {
    const { left, right, sent } = wire();
    const faults: string[] = [];
    connect(right, sums, answers, {}, (fault) => faults.push(fault));
    const peer = connect(left, {}, {}, sums);
    peer.notify('fail', 'the disk is full');
    peer.notify('add', { a: 1 } as never);
    await vi.waitUntil(() => faults.length === 2);
    expect(faults).toEqual(['the disk is full', expect.stringMatching(/^add: b: /)]);
    expect(sent).toHaveLength(2);
  });
});

describe('whatever arrives', () => {
  /** A port whose far end is the test. */
  function listened(): { say: Listener; port: Port; sent: unknown[] } {
    let say: Listener = () => undefined;
    const sent: unknown[] = [];
    const port: Port = {
      post: (message) => void sent.push(message),
      listen: (listener) => {
        say = listener;
        return () => undefined;
      },
    };
    return { say: (message) => say(message), port, sent };
  }

  const isMessage = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    ['call', 'tell', 'answer', 'failure'].includes((value as { type?: string }).type ?? '');

  it('never throws, and is reported when it is no message', () => {
    const junk = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    fc.assert(
      fc.property(
        junk.filter((value) => !isMessage(value)),
        (value) => {
          const { say, port, sent } = listened();
          const onFault = vi.fn();
          connect(port, sums, answers, sums, onFault);
          expect(() => say(value)).not.toThrow();
          expect(onFault).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^not a message: /));
          expect(sent).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws, and is reported, when it is nearly a message', async () => {
    const nearly = fc.record(
      {
        type: fc.constantFrom('call', 'tell', 'answer', 'failure', 'Call', ''),
        id: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(undefined)),
        method: fc.oneof(fc.constantFrom('add', 'fail', 'valueOf', '__proto__'), fc.string(), fc.integer()),
        params: fc.anything(),
        value: fc.anything(),
        error: fc.anything(),
      },
      { requiredKeys: ['type'] },
    );
    await fc.assert(
      fc.asyncProperty(nearly, async (message) => {
        const { say, port, sent } = listened();
        const onFault = vi.fn();
        const peer = connect(port, sums, answers, sums, onFault);
        expect(() => say(message)).not.toThrow();
        // Handlers answer over promises: let them.
        await new Promise((resolve) => setImmediate(resolve));
        const wellFormed =
          (message.type === 'call' && isNumber(message.id) && typeof message.method === 'string') ||
          (message.type === 'tell' && typeof message.method === 'string') ||
          (message.type === 'answer' && isNumber(message.id)) ||
          (message.type === 'failure' && isNumber(message.id) && typeof message.error === 'string');
        if (!wellFormed) expect(onFault).toHaveBeenCalledOnce();
        if (wellFormed && message.type === 'call') expect(sent).toHaveLength(1);
        else expect(sent).toEqual([]);
        // The connection still works.
        const call = peer.call('add', { a: 1, b: 2 });
        const asked = sent.at(-1) as { id: number };
        say({ type: 'answer', id: asked.id, value: 3 });
        await expect(call).resolves.toBe(3);
      }),
      { numRuns: 300 },
    );
  });
});

/** As the schemas see it: NaN is no number. */
function isNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value);
}
