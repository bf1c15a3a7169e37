import { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { ATTRIBUTES, attributesPath } from '../evidence/staging.js';
import { loadSettings, SETTINGS_FILE } from '../settings/load.js';
import { STANDARD_HEADERS } from '../tracker/columns.js';
import type { Files } from '../workspace/files.js';
import type { Workspace } from '../workspace/workspace.js';
import { detectCommands, type Proposed } from './detect.js';
import { insertMember } from './json-insert.js';

/** A file as init wants it. `before` is undefined for one that does not exist. */
export interface Change {
  readonly path: string;
  readonly action: 'create' | 'merge' | 'keep';
  readonly before: string | undefined;
  readonly after: string;
  readonly why: string;
}

export interface InitPlan {
  readonly evidenceRoot: string;
  readonly commands: readonly Proposed[];
  readonly changes: readonly Change[];
}

const MAX_BYTES = 1024 * 1024;
const NAME = 'spec-kit';
const SERVER = { type: 'stdio', command: 'npx', args: ['-y', 'spec-kit-mcp', 'serve'] };

/** Where each client looks for servers of a repository, and under which key. */
const clients: Readonly<Record<string, { readonly path: string; readonly key: string }>> = {
  claude: { path: '.mcp.json', key: 'mcpServers' },
  vscode: { path: '.vscode/mcp.json', key: 'servers' },
  cursor: { path: '.cursor/mcp.json', key: 'mcpServers' },
  gemini: { path: '.gemini/settings.json', key: 'mcpServers' },
};
export const CLIENTS = Object.keys(clients);

/** What init would write; nothing is written here, and nothing is run. Throws CONFIG_INVALID, INVALID_ARGUMENT. */
export async function planInit(workspace: Workspace, wanted: readonly string[]): Promise<InitPlan> {
  const { files } = workspace;
  const { settings } = await loadSettings(workspace);
  const { evidence_root: evidenceRoot, tracker } = settings.workspace;
  const commands = detectCommands(files);
  return {
    evidenceRoot,
    commands,
    changes: [
      created(
        files,
        SETTINGS_FILE,
        settingsText(commands),
        'commands as they seem to be; read it before you trust it',
      ),
      created(files, tracker, trackerText(), 'the tracker: one row a task'),
      created(files, attributesPath(evidenceRoot), ATTRIBUTES, 'keeps git from changing evidence'),
      ...wanted.map(client => merged(files, client)),
    ],
  };
}

/** Of a client's configuration; undefined when it has no entry for this server. Throws CONFIG_INVALID. */
export function hasEntry(files: Files, client: string): boolean | undefined {
  const place = clients[client];
  if (place === undefined || files.info(place.path).kind !== 'file') return undefined;
  return insertMember(place.path, textOf(files, place.path), place.key, NAME, SERVER) === undefined;
}

export function configPath(client: string): string {
  return clients[client]?.path ?? '';
}

function created(files: Files, path: string, after: string, why: string): Change {
  if (files.info(path).kind === 'missing') return { path, action: 'create', before: undefined, after, why };
  return { path, action: 'keep', before: undefined, after, why: 'it exists and is left alone' };
}

function merged(files: Files, client: string): Change {
  const place = Object.hasOwn(clients, client) ? clients[client] : undefined;
  if (place === undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `There is no client "${client.slice(0, 40)}". There are: ${CLIENTS.join(', ')}.`,
    );
  const { path, key } = place;
  const why = `starts this server in ${client}`;
  if (files.info(path).kind === 'missing') {
    const after = `${JSON.stringify({ [key]: { [NAME]: SERVER } }, null, 2)}\n`;
    return { path, action: 'create', before: undefined, after, why };
  }
  const before = textOf(files, path);
  const after = insertMember(path, before, key, NAME, SERVER);
  return after === undefined
    ? { path, action: 'keep', before, after: before, why: 'it has the entry already' }
    : { path, action: 'merge', before, after, why };
}

function textOf(files: Files, path: string): string {
  return files.read(path, MAX_BYTES)?.bytes.toString() ?? '';
}

function trackerText(): string {
  return `# Tasks\n\n| ${STANDARD_HEADERS.join(' | ')} |\n|${' --- |'.repeat(STANDARD_HEADERS.length)}\n`;
}

/** Checked by the schema of the settings, so that what is proposed can be loaded. */
function settingsText(commands: readonly Proposed[]): string {
  const names = (...wanted: string[]) =>
    JSON.stringify(commands.map(({ name }) => name).filter(name => wanted.includes(name)));
  const from = [...new Set(commands.map(each => each.from))].join(', ');
  const source =
    commands.length === 0
      ? '# No commands were found. Add some: there is no shell, each argv is a program and its arguments.'
      : `# Proposed from ${from}; nothing was run. There is no shell: each argv is a program and its arguments.`;
  Settings.parse({
    commands: Object.fromEntries(commands.map(({ name, argv }) => [name, { argv: [...argv] }])),
  });
  return [
    source,
    '# Commands run only after a person trusted exactly this file: `spec-kit-mcp trust`.',
    '',
    ...commands.flatMap(({ name, argv }) => [
      `[commands.${name}]`,
      `argv = [${argv.map(word => JSON.stringify(word)).join(', ')}]`,
      'timeout = "20m"',
      '',
    ]),
    '[guardrail.plan]',
    `baseline = ${names('build', 'lint', 'test')}`,
    '',
    '[guardrail.validate]',
    `scenarios = ${names('test')}`,
    '',
  ].join('\n');
}
