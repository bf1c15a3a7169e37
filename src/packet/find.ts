import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';

/** The documents of a packet in stage order. `PRD.md` is optional and free in form. */
export const DOCUMENTS = ['spec.md', 'plan.md', 'tasks.md', 'PRD.md'] as const;

/** A packet: the folder that holds the documents of one spec. */
export interface Packet {
  readonly specId: string;
  /** Relative to the workspace root. */
  readonly directory: string;
}

/** `<SPEC-ID>` or `<SPEC-ID>-<slug>`; the slug starts where the first lower-case letter does. */
const FOLDER = /^([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)(?:-[a-z0-9][a-z0-9._-]*)?$/;

/** Every packet that has a document, ordered by spec id; a folder with other things alone is none. */
export function listPackets({ files }: Workspace, docsRoot: string): readonly Packet[] {
  return files
    .list(docsRoot)
    .flatMap(({ name }) => {
      const specId = FOLDER.exec(name)?.[1];
      return specId === undefined ? [] : [{ specId, directory: `${docsRoot}/${name}` }];
    })
    .filter(({ directory }) => DOCUMENTS.some(name => files.info(`${directory}/${name}`).kind === 'file'))
    .sort((a, b) => (a.specId < b.specId ? -1 : 1));
}

/** A file in place of the folder is not the absence of packets. Throws CONFIG_INVALID. */
export function assertDocsFolder({ files }: Workspace, docsRoot: string): void {
  if (!['file', 'other'].includes(files.info(docsRoot).kind)) return;
  throw new SpecError(
    'CONFIG_INVALID',
    `${docsRoot} is not a folder, and packets lie in it. Move it away, or name another folder with \`[workspace] docs_root\` in spec-kit.toml.`,
  );
}

/**
 * The packet of a spec: the folder named exactly as the id, or the id and a lower-case slug.
 * Throws NOT_FOUND naming similar ids, AMBIGUOUS naming the folders, OUTSIDE_WORKSPACE for a link that leaves, CONFIG_INVALID.
 */
export function findPacket(workspace: Workspace, docsRoot: string, specId: string): Packet {
  assertDocsFolder(workspace, docsRoot);
  const named = workspace.files.list(docsRoot).filter(({ name }) => FOLDER.exec(name)?.[1] === specId);
  const [first, second] = named;
  if (first === undefined) throw unknownSpec(workspace, docsRoot, specId);
  if (second !== undefined)
    throw new SpecError(
      'AMBIGUOUS',
      `${specId} names two packets: ${docsRoot}/${first.name} and ${docsRoot}/${second.name}. Rename one of them.`,
    );
  const directory = `${docsRoot}/${first.name}`;
  const { kind } = workspace.files.info(directory);
  if (kind === 'directory') return { specId, directory };
  if (kind === 'outside')
    throw new SpecError(
      'OUTSIDE_WORKSPACE',
      `${directory} is a link that leads outside the workspace. Replace it with a real folder.`,
    );
  throw new SpecError('NOT_FOUND', `${directory} is not a folder. A packet is a folder with spec.md in it.`);
}

function unknownSpec(workspace: Workspace, docsRoot: string, specId: string): SpecError {
  const known = [...new Set(listPackets(workspace, docsRoot).map(packet => packet.specId))];
  const prefix = specId.slice(0, specId.lastIndexOf('-'));
  const near = known.filter(id => id.startsWith(prefix));
  const shown = (near.length > 0 ? near : known).slice(0, 5).join(', ');
  return new SpecError(
    'NOT_FOUND',
    `There is no packet for ${specId} under ${docsRoot}/. ${
      shown === ''
        ? 'There is none at all: new_spec starts one.'
        : `Known specs: ${shown}; spec_status lists all.`
    }`,
  );
}
