import { SpecError } from '../errors.js';
import { listRuns } from '../pipeline/run-store.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Question, questionText } from './question.js';
import { runFolder, type Seat, seatName } from './state.js';

/** Where the question to an agent lies: paths relative to the workspace, and its URI. */
export interface QuestionPlace {
  readonly promptPath: string;
  readonly promptUri: string;
  readonly schemaPath: string;
}

export function promptUri(runId: string, seat: Pick<Seat, 'role' | 'again'>): string {
  return `spec-kit://runs/${runId}/${seatName(seat)}_prompt.md`;
}

/** Puts prompt and schema into the run's folder; the same question is there already after a restart. */
export function writeQuestion(
  { files }: Workspace,
  folder: string,
  runId: string,
  seat: Pick<Seat, 'role' | 'again'>,
  question: Question,
): QuestionPlace {
  const promptPath = `${folder}/${seatName(seat)}_prompt.md`;
  const schemaPath = `${folder}/${seatName(seat)}_schema.json`;
  const texts = [
    [promptPath, questionText(question)],
    [schemaPath, `${JSON.stringify(question.schema, null, 2)}\n`],
  ] as const;
  for (const [path, text] of texts) {
    // A crash may have left it cut short.
    files.remove(path);
    files.create(path, Buffer.from(text), 0o600);
  }
  return { promptPath, promptUri: promptUri(runId, seat), schemaPath };
}

/** Text of a working file of a run that is still going on, or of a dry run; undefined when there is none. */
export function workFile(
  { files }: Workspace,
  root: string,
  runId: string,
  name: string,
): string | undefined {
  const dry = files
    .list(`${root}/.staging`)
    .filter(entry => entry.kind === 'directory' && entry.name.startsWith(`${runId}-`))
    .map(entry => `${root}/.staging/${entry.name}`);
  for (const folder of [runFolder(root, runId), ...dry]) {
    const path = `${folder}/${name}`;
    if (files.info(path).kind === 'file') return files.read(path, MAX_BYTES)?.bytes.toString();
  }
  return undefined;
}

const MAX_BYTES = 16 * 1024 * 1024;
const LOOKED_AT = 20;

/** What cannot be removed now is only rubbish. */
export function removeWorkFiles({ files }: Workspace, root: string, runId: string): void {
  try {
    files.remove(runFolder(root, runId));
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
  }
}

/** Working files of the spec's runs that were cancelled: nothing goes on with them. */
export function removeCancelled(workspace: Workspace, root: string, specId: string): void {
  for (const run of listRuns(workspace, root, { limit: LOOKED_AT, specId }))
    if (!(run instanceof SpecError) && run.status === 'cancelled')
      removeWorkFiles(workspace, root, run.runId);
}
