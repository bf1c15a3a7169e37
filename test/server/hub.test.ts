import { expect, test, vi } from 'vitest';
import { createHub } from '../../src/server/hub.js';

function listener() {
  const heard: string[] = [];
  const subscriber = { updated: (uri: string) => heard.push(uri), listChanged: () => heard.push('list') };
  return { heard, subscriber };
}

test('tells everybody of a change once, and of the list only when something is new', () => {
  const hub = createHub(() => '', 1000);
  const one = listener();
  const two = listener();
  hub.join(one.subscriber);
  const leave = hub.join(two.subscriber);
  hub.announce(['a', 'b']);
  hub.announce(['a']);
  expect(one.heard).toEqual(['a', 'b', 'list', 'a']);
  expect(two.heard).toEqual(one.heard);
  leave();
  hub.announce(['c']);
  expect(two.heard).toHaveLength(4);
});

test('looks only at what somebody watches, and stops when nobody does', () => {
  vi.useFakeTimers();
  try {
    const versions = new Map([['a', '1']]);
    const looked: string[] = [];
    const hub = createHub(uri => {
      looked.push(uri);
      return versions.get(uri) ?? '';
    }, 1000);
    const { heard, subscriber } = listener();
    hub.join(subscriber);
    const stop = hub.watch('a');
    const stopToo = hub.watch('a');
    versions.set('a', '2');
    vi.advanceTimersByTime(3500);
    expect(heard).toEqual(['a']);
    versions.set('a', '3');
    hub.announce(['a']);
    vi.advanceTimersByTime(2000);
    expect(heard).toEqual(['a', 'a', 'list']);
    stop();
    stop();
    versions.set('a', '4');
    vi.advanceTimersByTime(1000);
    expect(heard.at(-1)).toBe('a');
    stopToo();
    const before = looked.length;
    vi.advanceTimersByTime(10_000);
    expect(looked).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
