import * as z from 'zod';
import type { Stage } from '../../schemas/ids.js';
import { sha256Of } from '../evidence/digest.js';
import { MAX_DOCUMENT_BYTES, readText } from '../packet/documents.js';
import type { Packet } from '../packet/find.js';
import type { Workspace } from '../workspace/workspace.js';
import { workDigest } from './progress.js';

const ALL = ['spec.md', 'plan.md', 'tasks.md'] as const;
type Name = (typeof ALL)[number];

/** What a verdict speaks about: a document that comes after the stage is none of its business. */
const SPOKEN_OF: Readonly<Record<Stage, readonly Name[]>> = {
  plan: ['spec.md', 'plan.md'],
  tasks: ALL,
  implement: ALL,
  validate: ALL,
  audit: ALL,
  unlock: ALL,
};

const Preflight = z.object({
  receipt: z.array(z.object({ name: z.string(), sha256: z.string(), workSha256: z.string().optional() })),
});

/**
 * Documents of the packet that are neither what the agents of a run were shown nor what they agreed on: its verdict is
 * about another text. Undefined when the bundle does not tell what it is about. `files`: of the bundle, bare names and bytes.
 */
export function changedSince(
  workspace: Pick<Workspace, 'files'>,
  packet: Packet,
  stage: Stage,
  files: ReadonlyMap<string, Buffer>,
): readonly string[] | undefined {
  const receipt = receiptIn(files);
  if (receipt === undefined) return undefined;
  return SPOKEN_OF[stage].filter(name => {
    const shown = receipt.find(each => each.name === name);
    const now = digestNow(workspace, packet, name);
    if (now === digestShown(name, shown)) return false;
    const agreed = name === `${stage}.md` ? ending(files, `_${name}`) : undefined;
    return agreed === undefined || now !== digestOf(name, agreed);
  });
}

function receiptIn(files: ReadonlyMap<string, Buffer>): z.output<typeof Preflight>['receipt'] | undefined {
  try {
    return Preflight.safeParse(JSON.parse(ending(files, '_preflight.json')?.toString() ?? '')).data?.receipt;
  } catch {
    return undefined;
  }
}

function ending(files: ReadonlyMap<string, Buffer>, end: string): Buffer | undefined {
  const name = [...files.keys()].find(each => each.endsWith(end));
  return name === undefined ? undefined : files.get(name);
}

type Shown = z.output<typeof Preflight>['receipt'][number];

function digestShown(name: Name, shown: Shown | undefined): string | undefined {
  return name === 'tasks.md' ? shown?.workSha256 : shown?.sha256;
}

/** Undefined for a document that does not exist; one that cannot be read is like no other. */
function digestNow({ files }: Pick<Workspace, 'files'>, { directory }: Packet, name: Name) {
  const path = `${directory}/${name}`;
  if (files.info(path).kind === 'missing') return undefined;
  if ('problem' in readText(files, path)) return 'unreadable';
  const bytes = files.read(path, MAX_DOCUMENT_BYTES)?.bytes;
  return bytes === undefined ? undefined : digestOf(name, bytes);
}

/** Of tasks.md without its statuses: they are to change while the work goes on, and no agreement is about them. */
function digestOf(name: Name, bytes: Buffer): string {
  return name === 'tasks.md' ? workDigest(bytes) : sha256Of(bytes);
}
