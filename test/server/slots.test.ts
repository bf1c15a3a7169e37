import { describe, expect, test } from 'vitest';
import { createSlots } from '../../src/server/slots.js';

const calm = new AbortController().signal;
const limits = { atOnce: 2, waiting: 1, waitMs: 60_000 };

describe('slots', () => {
  test('let the next in line in when one leaves', async () => {
    const slots = createSlots(limits);
    const leave = await slots.enter(calm);
    await slots.enter(calm);
    let entered = false;
    const third = slots.enter(calm).then(() => {
      entered = true;
    });
    await Promise.resolve();
    expect(entered).toBe(false);
    leave();
    await third;
    expect(slots.active()).toBe(2);
  });

  test('send away who finds the line full, and who has waited too long', async () => {
    const slots = createSlots({ ...limits, waitMs: 5 });
    await slots.enter(calm);
    const leave = await slots.enter(calm);
    const waiting = slots.enter(calm);
    await expect(slots.enter(calm)).rejects.toMatchObject({ code: 'BUSY' });
    await expect(waiting).rejects.toMatchObject({ code: 'BUSY' });
    leave();
    expect(slots.active()).toBe(1);
  });

  test('let go of who gives up waiting, and keep the order of the others', async () => {
    const slots = createSlots({ ...limits, atOnce: 1, waiting: 2 });
    const leave = await slots.enter(calm);
    const patience = new AbortController();
    const first = slots.enter(patience.signal);
    const second = slots.enter(calm);
    patience.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    leave();
    await second;
    expect(slots.active()).toBe(1);
  });

  test('are not entered with a signal that has fired', async () => {
    const slots = createSlots(limits);
    await expect(slots.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(slots.active()).toBe(0);
  });
});
