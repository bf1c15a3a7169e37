// Which tests call the function that a mutant stands in: recorded in one run of the unchanged code by `record.mjs`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What `record.mjs` left in a copy: [{test, called: {file: function names}}]. */
export function recordedCalls(copy) {
  const folder = path.join(copy, 'called');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map(name => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
}

/**
 * The tests that call the function around a line (from 1), or load the file when it stands in none: those of the same part
 * of the project first, then the quick ones. `costs`: test file to milliseconds, of the tests that may be run.
 */
export function testsCalling(file, source, line, calls, costs) {
  const name = functionAround(source, line);
  const part = path.posix.dirname(file).replace(/^src\//, 'test/');
  const distance = test => (test.startsWith(part) ? 0 : 1);
  return calls
    .filter(({ test, called }) => costs.has(test) && (name === undefined ? file in called : called[file]?.includes(name)))
    .map(({ test }) => test)
    .sort((a, b) => distance(a) - distance(b) || costs.get(a) - costs.get(b));
}

/** Name of the outermost function that holds a line of formatted code. */
function functionAround(source, line) {
  const lines = source.split('\n');
  for (let index = line - 1; index >= 0; index--) {
    const text = lines[index];
    const name = /^(?:export )?(?:async )?function\*? (\w+)/.exec(text) ?? /^(?:export )?const (\w+) = .*(?:=>|\($)/.exec(text);
    if (name !== null) return name[1];
    if (index < line - 1 && /^[})\]]/.test(text)) return undefined;
  }
  return undefined;
}
