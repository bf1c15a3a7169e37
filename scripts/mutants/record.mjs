// Set up in the worker of every test file: at its end, writes down which functions of src the file's tests called.
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import path from 'node:path';
import { afterAll, expect } from 'vitest';

const root = process.cwd();
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: false });

afterAll(() => {
  const test = path.relative(root, expect.getState().testPath);
  session.post('Profiler.takePreciseCoverage', (_, { result }) => {
    const called = result
      .filter(({ url }) => url.includes(`${root}/src/`))
      .map(({ url, functions }) => [
        url.slice(url.indexOf(`${root}/src/`) + root.length + 1).replace(/\?.*$/, ''),
        functions.filter(({ ranges }) => ranges[0].count > 0).map(({ functionName }) => functionName),
      ]);
    mkdirSync(path.join(root, 'called'), { recursive: true });
    const file = path.join(root, 'called', `${test.replaceAll('/', '+')}.json`);
    writeFileSync(file, JSON.stringify({ test, called: Object.fromEntries(called) }));
  });
});
