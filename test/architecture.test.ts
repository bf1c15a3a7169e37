import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/**
 * Who may import whom, default deny. A file in no row fails: add the row on purpose, or move the file.
 * `domain` folders are the cores: they reach the world through the Workspace only.
 */
const domain =
  '(agents|consensus|doctor|evidence|guardrail|hal|intake|lint|origin|packet|pipeline|redact|report|settings|status|tracker)';
const words = 'zod|schemas/|src/workspace/|src/[^/]+\\.ts$';
const rows: readonly [folder: RegExp, mayImport: RegExp][] = [
  [/^schemas\//, /^(zod$|schemas\/)/],
  [/^src\/(workspace\/)?[^/]+\.ts$/, new RegExp(`^(${words})`)],
  [/^src\/ports\//, new RegExp(`^(${words}|node:|execa$|simple-git$|undici$|src/ports/|src/redact/)`)],
  [new RegExp(`^src/${domain}/`), new RegExp(`^(${words}|node:(path|crypto)$|smol-toml$|src/${domain}/)`)],
  [/^(tools|resources)\//, new RegExp(`^(${words}|src/${domain}/|tools/|resources/)`)],
  [
    /^src\/server\//,
    new RegExp(
      `^(${words}|@modelcontextprotocol/(server|node)(/|$)|node:(http|crypto|stream|path|os|timers/promises)$|src/${domain}/|src/server/|(tools|resources)/index)`,
    ),
  ],
  [/^src\/cli\//, new RegExp(`^(${words}|node:(util|path)$|src/${domain}/|src/cli/|tools/)`)],
  [/^src\/bin\//, /./],
];

/** What a core may not do by itself: time, chance, timers, the network and the process belong to the ports. */
const effects =
  /\bfetch\(|\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bset(Timeout|Interval|Immediate)\(/;
const pure = new RegExp(`^(schemas|tools|resources)/|^src/(workspace/)?[^/]+\\.ts$|^src/${domain}/`);

/** Each specifier of a static, dynamic, type, re-export or multi-line import, and of require. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(?<![.\w])(?:from|import|require)\s*\(?\s*['"`]([\w@./:-]+)['"`]/g)].map(
    match => match[1] ?? '',
  );
}

function violations(file: string, text: string): string[] {
  const row = rows.find(([folder]) => folder.test(file));
  if (row === undefined) return [`${file} stands in no row`];
  const wrong = importsOf(text)
    .map(to =>
      to.startsWith('.') ? path.posix.join(path.posix.dirname(file), to).replace(/\.js$/, '.ts') : to,
    )
    .filter(to => !row[1].test(to))
    .map(to => `${file} may not import ${to}`);
  const effect = pure.test(file) ? effects.exec(text)?.[0] : undefined;
  return effect === undefined ? wrong : [...wrong, `${file} may not use ${effect}`];
}

const files = ['src', 'tools', 'resources', 'schemas'].flatMap(root =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => path.posix.join(root, name.split(path.sep).join('/'))),
);

test('every source file keeps to its floor', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap(file => violations(file, readFileSync(file, 'utf8')))).toEqual([]);
});

test.for([
  ['a core that reads files', 'src/tracker/x.ts', "import { readFileSync } from 'node:fs';"],
  ['a core that reads files by promise', 'src/tracker/x.ts', "import fs from 'node:fs/promises';"],
  [
    'a core that knows the SDK',
    'src/guardrail/x.ts',
    "import type { Server } from '@modelcontextprotocol/server';",
  ],
  ['a core that takes a port', 'src/evidence/x.ts', "export { createFiles } from '../ports/files.js';"],
  ['a dynamic import', 'src/tracker/x.ts', "const fs = await import('node:fs');"],
  ['an import over several lines', 'src/tracker/x.ts', "import {\n  readFileSync,\n} from\n  'node:fs';"],
  ['a require', 'src/tracker/x.ts', "const fs = require('node:fs');"],
  ['a side-effect import', 'schemas/x.ts', "import 'node:fs';"],
  [
    'a tool that calls a tool through the server',
    'tools/x.ts',
    "import { callTool } from '../src/server/call-tool.js';",
  ],
  ['a core that reads the clock', 'src/tracker/x.ts', 'const now = Date.now();'],
  ['a core that reads the environment', 'src/tracker/x.ts', "const path = process.env['PATH'];"],
  ['a folder that nobody planned', 'src/helpers/x.ts', 'export const one = 1;'],
] as const)('the guard fires on %s', ([, file, text]) => {
  expect(violations(file, text)).toHaveLength(1);
});

test('the guard lets allowed imports pass', () => {
  expect(
    violations('src/tracker/x.ts', "import * as z from 'zod';\nimport { SpecError } from '../errors.js';"),
  ).toEqual([]);
  expect(violations('src/ports/x.ts', "import { readFileSync } from 'node:fs';")).toEqual([]);
});
