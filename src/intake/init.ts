import * as z from 'zod';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { BUNDLE_FOLDERS } from '../evidence/layout.js';
import { newSessionId } from '../evidence/session.js';
import { attributesPath, openDrafts } from '../evidence/staging.js';
import { evidenceRootOf } from '../settings/evidence-root.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Change, type InitPlan, planInit } from './init-plan.js';

/** What init wrote, so that uninstall takes back that and nothing else. */
const Installed = z.array(z.object({ path: z.string(), sha256: z.string(), backup: z.string().nullable() }));
type Installed = z.output<typeof Installed>;

const MAX_BYTES = 1024 * 1024;

function memoPath(root: string): string {
  return `${root}/.staging/init.json`;
}

/** Writes what the plan says: new files, and entries in files that exist, each with a backup. Nothing is overwritten. */
export async function init(
  workspace: Workspace,
  clients: readonly string[],
  dryRun: boolean,
): Promise<InitPlan & { readonly backups: readonly string[] }> {
  const plan = await planInit(workspace, clients);
  if (dryRun) return { ...plan, backups: [] };
  const root = plan.evidenceRoot;
  const installed = [...readMemo(workspace, root)];
  for (const change of plan.changes) {
    if (change.action === 'keep') continue;
    const backup =
      change.action === 'create' ? create(workspace, root, change) : merge(workspace, root, change);
    const others = installed.filter(({ path }) => path !== change.path);
    installed.splice(0, installed.length, ...others, {
      path: change.path,
      sha256: digest(change.after),
      backup,
    });
    writeMemo(workspace, root, installed);
  }
  return { ...plan, backups: installed.flatMap(({ backup }) => backup ?? []) };
}

function create(workspace: Workspace, root: string, { path, after }: Change): null {
  const drafts = openDrafts(workspace, root, newSessionId(workspace));
  try {
    // Preparing the staging folder puts the attributes in place, the same bytes.
    if (!workspace.files.link(drafts.create(Buffer.from(after)), path) && textAt(workspace, path) !== after)
      throw new SpecError('EXISTS', `${path} appeared meanwhile and was left alone. Call again.`);
  } finally {
    drafts.discard();
  }
  return null;
}

function merge(workspace: Workspace, root: string, { path, before = '', after }: Change): string {
  const { files } = workspace;
  const { version } = files.info(path);
  if (textAt(workspace, path) !== before)
    throw new SpecError('STALE_WRITE', `${path} changed meanwhile and was left alone. Call again.`);
  const backup = `${root}/.staging/init-${newSessionId(workspace)}-${path.replaceAll('/', '_')}`;
  files.create(backup, Buffer.from(before));
  files.replace(path, Buffer.from(after), version);
  return backup;
}

export interface Uninstalled {
  readonly removed: readonly string[];
  readonly restored: readonly string[];
  /** Changed since, so they stay. */
  readonly kept: readonly string[];
  /** Evidence is there, which git could change without them. */
  readonly needed: readonly string[];
}

/** Takes back what init wrote, where it is still exactly that. Evidence and packets are never touched. */
export async function uninstall(workspace: Workspace, dryRun: boolean): Promise<Uninstalled> {
  const root = await evidenceRootOf(workspace);
  const fates = readMemo(workspace, root).map(entry => ({
    path: entry.path,
    fate: isNeeded(workspace, root, entry.path) ? 'needed' : takeBack(workspace, entry, dryRun),
  }));
  if (!dryRun) workspace.files.remove(memoPath(root));
  const of = (wanted: string) => fates.filter(({ fate }) => fate === wanted).map(({ path }) => path);
  return { removed: of('removed'), restored: of('restored'), kept: of('kept'), needed: of('needed') };
}

/** Without the attributes a clone elsewhere gets evidence with other line ends, which is evidence that was changed. */
function isNeeded({ files }: Workspace, root: string, path: string): boolean {
  if (path !== attributesPath(root) || files.info(path).kind !== 'file') return false;
  return ['ledger', ...BUNDLE_FOLDERS].some(folder => files.list(`${root}/${folder}`).length > 0);
}

function takeBack(
  workspace: Workspace,
  { path, sha256, backup }: Installed[number],
  dryRun: boolean,
): 'gone' | 'kept' | 'removed' | 'restored' {
  const { files } = workspace;
  const { version } = files.info(path);
  const text = textAt(workspace, path);
  if (text === undefined) return 'gone';
  const original = backup === null ? undefined : textAt(workspace, backup);
  if (digest(text) !== sha256 || (backup !== null && original === undefined)) return 'kept';
  if (dryRun) return backup === null ? 'removed' : 'restored';
  if (original === undefined) files.remove(path);
  else files.replace(path, Buffer.from(original), version);
  return original === undefined ? 'removed' : 'restored';
}

function readMemo(workspace: Workspace, root: string): Installed {
  try {
    return Installed.parse(JSON.parse(textAt(workspace, memoPath(root)) ?? '[]'));
  } catch {
    return [];
  }
}

function writeMemo(workspace: Workspace, root: string, installed: Installed): void {
  const { files } = workspace;
  const path = memoPath(root);
  const bytes = Buffer.from(`${JSON.stringify(installed, null, 2)}\n`);
  const { kind, version } = files.info(path);
  if (kind === 'file') files.replace(path, bytes, version);
  else files.create(path, bytes);
}

function textAt({ files }: Workspace, path: string): string | undefined {
  return files.info(path).kind === 'file' ? files.read(path, MAX_BYTES)?.bytes.toString() : undefined;
}

function digest(text: string): string {
  return sha256Of(Buffer.from(text));
}

/** The lines that a change adds, with a few around them. */
export function diffOf({ path, before, after, action }: Change): string {
  if (action === 'keep') return '';
  const old = before === undefined ? [] : before.split('\n');
  const now = after.split('\n');
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const around = old.slice(Math.max(0, start - 2), start).map(line => ` ${line}`);
  return [
    `--- ${before === undefined ? '/dev/null' : `a/${path}`}`,
    `+++ b/${path}`,
    ...around,
    ...old.slice(start, old.length - end).map(line => `-${line}`),
    ...now.slice(start, now.length - end).map(line => `+${line}`),
  ].join('\n');
}
