import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** The fenced blocks of one language in README.md, as a reader of this checkout would fill them in. */
export function readmeBlocks(language) {
  const file = path.join(CHECKOUT, 'README.md');
  if (!existsSync(file)) return [];
  const blocks = readFileSync(file, 'utf8').matchAll(/^(`{3,})(\w+)[^\n]*\n([\s\S]*?)^\1\s*$/gm);
  return [...blocks]
    .filter(([, , name]) => name === language)
    .map(([, , , text]) => text.replaceAll('/path/to/spec-kit-mcp', CHECKOUT));
}
