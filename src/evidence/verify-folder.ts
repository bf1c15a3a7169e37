import { Manifest } from '../../schemas/evidence.js';
import { OUR_SESSION } from '../origin/folder.js';
import type { Entry } from '../workspace/files.js';
import { finding } from './findings.js';
import type { Inspection } from './inspection.js';
import { MAX_MANIFEST_BYTES, parsed } from './records.js';

/**
 * What lies in a folder of bundles and no sound record accounts for. `recorded` says for each recorded bundle whether its
 * manifest is sound; beside an unsound one nothing can be told. Returns the names no manifest could ever have named.
 */
export function verifyFolder(
  inspection: Inspection,
  folder: string,
  entries: readonly Entry[],
  accounted: ReadonlySet<string>,
  recorded: ReadonlyMap<string, boolean>,
): readonly string[] {
  const unverifiable: string[] = [];
  const orphans = new Map<string, string[]>();
  for (const { name } of entries) {
    const path = `${folder}/${name}`;
    if (accounted.has(path)) continue;
    const session = OUR_SESSION.exec(name)?.[0];
    if (session === undefined) unverifiable.push(name);
    else if (!recorded.has(session)) orphans.set(session, [...(orphans.get(session) ?? []), path]);
    else if (recorded.get(session)) reportExtra(inspection, session, path);
  }
  for (const [session, paths] of orphans) reportOrphan(inspection, session, paths);
  return unverifiable;
}

function reportExtra({ root, specId, report }: Inspection, bundle: string, path: string): void {
  const place = { specId, bundle, file: `${root}/${path}` };
  report(
    finding('extra-file', place, 'The file carries the session of a recorded bundle that does not name it.'),
  );
}

/** A bundle is recorded last, so a crash leaves a bundle without a record, or some files without a manifest. */
function reportOrphan(inspection: Inspection, bundle: string, paths: readonly string[]): void {
  const { root, specId, report } = inspection;
  const manifest = paths.find(path => path.endsWith('_manifest.json'));
  const place = { specId, bundle, file: `${root}/${manifest ?? paths[0] ?? ''}` };
  const others = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  if (manifest === undefined)
    report(
      finding('orphan-file', place, `No manifest names this file${others}: a write that did not finish.`),
    );
  else if (claimsOther(inspection, manifest, bundle))
    report(finding('manifest-misplaced', place, 'The manifest is of another bundle than its name says.'));
  else
    report(
      finding(
        'orphan-bundle',
        place,
        `No ledger record names this bundle (${paths.length} files), so it counts for nothing. evidence rebase --adopt records it when all of it holds.`,
      ),
    );
}

function claimsOther({ specId, readFile }: Inspection, path: string, bundle: string): boolean {
  const predicate = Manifest.safeParse(parsed(readFile(path, MAX_MANIFEST_BYTES))).data?.predicate;
  return predicate !== undefined && (predicate.bundle !== bundle || predicate.specId !== specId);
}
