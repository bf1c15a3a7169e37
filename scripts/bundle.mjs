// Bundles the program into dist/bin: one file for what every start needs, and one for each part that is loaded on first
// use. Reading a few files instead of some hundred takes a third of the start-up. Run by `npm run build`, after tsc.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const outdir = path.join(root, 'dist/bin');

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { 'spec-kit-mcp': 'src/bin/spec-kit-mcp.ts', watchdog: 'src/ports/watchdog.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  alias: { '@modelcontextprotocol/server/_shims': path.join(import.meta.dirname, 'sdk-shims.mjs') },
  // CommonJS packages inside an ES module bundle call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
writeFileSync(path.join(outdir, 'THIRD-PARTY-NOTICES.txt'), notices(Object.keys(metafile.inputs)));

/** The licence of every package that is in the bundle. */
function notices(inputs) {
  const folders = new Set(
    inputs.flatMap(file => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  return [...folders].sort().map(notice).join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(folder) {
  const full = path.join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(path.join(full, 'package.json'), 'utf8'));
  const file = readdirSync(full).find(entry => /^licen[cs]e/i.test(entry));
  const text = file !== undefined && existsSync(path.join(full, file)) ? readFileSync(path.join(full, file), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text}`;
}
