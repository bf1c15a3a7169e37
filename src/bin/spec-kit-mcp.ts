#!/usr/bin/env node
import { readEnvironment } from './environment.js';
import { createWorkspaces } from './workspaces.js';

/** `serve` loads no other command, and the other commands load no server: start-up is paid in every session. */
const words = process.argv.slice(2);
const environment = readEnvironment(process.env);
const workspaces = createWorkspaces(environment);

if (words[0] === 'serve' && !words.includes('--help')) {
  const { serve } = await import('./serve.js');
  process.exitCode = await serve(words.slice(1), environment, workspaces);
} else {
  const { runCommandLine } = await import('./command-line.js');
  process.exitCode = await runCommandLine(words, workspaces);
}
process.exit();
