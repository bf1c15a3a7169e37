import type { NewSpecInput } from '../../schemas/inputs/specs.js';
import type { NewSpecResult } from '../../schemas/intake.js';
import type { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { newSessionId } from '../evidence/session.js';
import { openDrafts } from '../evidence/staging.js';
import { assertDocsFolder } from '../packet/find.js';
import { loadSettings } from '../settings/load.js';
import { type Appended, appendRow, type NewRow } from '../tracker/append.js';
import { utcDate } from '../tracker/dates.js';
import { readTracker } from '../tracker/read.js';
import type { Workspace } from '../workspace/workspace.js';
import { giveBackId, idOf, nextNumber, takeId, usedIds, usualArea } from './next-id.js';
import { type Document, fillTemplates } from './templates.js';
import { readTitle, slugOf, type Title } from './title.js';

const MAX_TRIES = 500;
const PAUSE_MS = 5;
/** Characters of arguments. */
const LONGEST_REPEATED = 1000;

interface Draft {
  readonly specId: string;
  readonly packet: string;
  readonly documents: readonly Document[];
  readonly row: NewRow;
}

type Input = Omit<NewSpecInput, 'workspace'>;

/**
 * Takes the next free id, writes the packet from templates and appends its tracker row. Nothing is ever overwritten; when a
 * step fails, what this call made is removed again.
 * Throws INVALID_ARGUMENT, CONFIG_INVALID (a template, no folder for packets), LIMIT_EXCEEDED, REFUSED, FILE_UNAVAILABLE, GIT_UNAVAILABLE.
 */
export async function newSpec(
  workspace: Workspace,
  input: Input,
  signal: AbortSignal,
): Promise<NewSpecResult> {
  const { settings } = await loadSettings(workspace);
  assertDocsFolder(workspace, settings.workspace.docs_root);
  const title = readTitle(input.title);
  const used = await usedIds(workspace, settings);
  const area = input.area?.toUpperCase() ?? usualArea(used);
  const number = nextNumber(used, area);
  const preview = draftOf(workspace, settings, idOf(area, number), title, input.description);
  const tracker = settings.workspace.tracker;
  if (input.dryRun)
    return resultOf(
      workspace,
      tracker,
      preview,
      appendRow(trackerBytes(workspace, tracker), preview.row),
      input,
    );
  const specId = takeId(workspace, settings.workspace.evidence_root, area, number);
  const draft =
    specId === preview.specId ? preview : draftOf(workspace, settings, specId, title, input.description);
  const appended = await write(workspace, settings, draft, signal);
  return resultOf(workspace, tracker, draft, appended);
}

function draftOf(
  workspace: Workspace,
  { workspace: { docs_root: docsRoot } }: Settings,
  specId: string,
  title: Title,
  description: string | undefined,
): Draft {
  const slug = slugOf(title.whole);
  const packet = `${docsRoot}/${specId}${slug === '' ? '' : `-${slug}`}`;
  const date = utcDate(workspace.now());
  const about = [title.whole === title.short ? '' : title.whole, description ?? ''].filter(
    text => text.trim() !== '',
  );
  const documents = fillTemplates(workspace, {
    SPEC_ID: specId,
    TITLE: title.short.replaceAll('<', '&lt;').replaceAll('`', "'"),
    DESCRIPTION: about.length === 0 ? `> Asked for on ${date}.` : quoted(about.join('\n\n')),
    DATE: date,
    PACKET: packet,
  });
  const row = {
    id: specId,
    title: title.short,
    status: 'Backlog',
    prd: `${packet}/spec.md`,
    notes: `${date}: created`,
  };
  return { specId, packet, documents, row };
}

function quoted(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map(line => `> ${line.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')}`.trimEnd())
    .join('\n');
}

function trackerBytes(workspace: Workspace, tracker: string): Buffer | undefined {
  return workspace.files.info(tracker).kind === 'missing' ? undefined : readTracker(workspace, tracker).bytes;
}

async function write(
  workspace: Workspace,
  { workspace: { evidence_root: root, tracker } }: Settings,
  { specId, packet, documents, row }: Draft,
  signal: AbortSignal,
): Promise<Appended> {
  const { files } = workspace;
  const made: string[] = [];
  const existed = files.info(packet).kind !== 'missing';
  try {
    for (const { name, text } of documents) {
      files.create(`${packet}/${name}`, Buffer.from(text));
      made.push(`${packet}/${name}`);
    }
    return await appendToTracker(workspace, root, tracker, row, signal);
  } catch (error) {
    for (const path of existed ? made : [...made, packet]) files.remove(path);
    giveBackId(workspace, root, specId);
    throw error;
  }
}

/** Again from the start when another process changed the tracker meanwhile. */
async function appendToTracker(
  workspace: Workspace,
  root: string,
  tracker: string,
  row: NewRow,
  signal: AbortSignal,
): Promise<Appended> {
  const { files } = workspace;
  for (let tries = 1; ; tries++) {
    try {
      if (files.info(tracker).kind === 'missing') {
        const appended = appendRow(undefined, row);
        if (createWhole(workspace, root, tracker, appended.bytes)) return appended;
      } else {
        const { bytes, version } = readTracker(workspace, tracker);
        const appended = appendRow(bytes, row);
        files.replace(tracker, appended.bytes, version);
        return appended;
      }
    } catch (error) {
      if (!(error instanceof SpecError) || error.code !== 'STALE_WRITE' || tries >= MAX_TRIES) throw error;
    }
    await workspace.wait(PAUSE_MS + Number.parseInt(workspace.randomHex(1), 16) / 16, signal);
    if (signal.aborted) throw new SpecError('CANCELLED', 'The call was cancelled; nothing was created.');
  }
}

/** Complete or not at all, and only when it is not there. */
function createWhole(workspace: Workspace, root: string, path: string, bytes: Buffer): boolean {
  const drafts = openDrafts(workspace, root, newSessionId(workspace));
  try {
    return workspace.files.link(drafts.create(bytes), path);
  } finally {
    drafts.discard();
  }
}

/** `shown`: the arguments of a dry run. */
function resultOf(
  { label }: Workspace,
  tracker: string,
  { specId, packet, documents }: Draft,
  { row, line }: Appended,
  shown?: Input,
): NewSpecResult {
  return {
    workspace: label,
    specId,
    packet,
    created: documents.map(({ name }) => `${packet}/${name}`),
    tracker: { file: tracker, line, row },
    dryRun: shown !== undefined,
    summary:
      shown === undefined
        ? `${specId} has ${packet}/ and line ${line} of ${tracker}. Fill in what spec.md says TODO, commit, then go on.`
        : `Nothing was written. Without dryRun ${specId} would get ${packet}/ and line ${line} of ${tracker}.`,
    next:
      shown === undefined
        ? { tool: 'run_guardrail', arguments: { specId, stage: 'plan' } }
        : withoutDryRun(shown),
  };
}

/** The same call for good, as long as it is short enough to be repeated. */
function withoutDryRun({ dryRun: _, ...same }: Input): NewSpecResult['next'] {
  return JSON.stringify(same).length <= LONGEST_REPEATED ? { tool: 'new_spec', arguments: same } : null;
}
