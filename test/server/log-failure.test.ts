import { expect, test } from 'vitest';
import { logFailure, printable } from '../../src/server/log-failure.js';

test('logs the cause under an id, line by line, and gives back the id only', () => {
  const lines: string[] = [];
  const id = logFailure({ log: line => lines.push(line) }, 'tool', new Error('first\nsecond \u001b[31mred'));
  expect(id).toMatch(/^[0-9a-f]{8}$/);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^\\[${id}\\] tool: Error: first\nsecond \\?\\[31mred\n`));
});

test('prints what is no error, too', () => {
  const lines: string[] = [];
  logFailure({ log: line => lines.push(line) }, 'tool', undefined);
  expect(lines[0]).toContain('undefined');
});

test('a line of a client cannot become two, move the cursor or hide', () => {
  expect(printable('a\r\nb\u0007\u009b2J\u202e\u{e0041}c')).toBe('a??b??2J??c');
  expect(printable('x'.repeat(1000))).toHaveLength(300);
});
