import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { recordPath } from '../../src/evidence/layout.js';
import type { Repository } from './repository.js';

const RecordFile = z.looseObject({
  bundle: z.string(),
  manifest: z.object({ path: z.string(), sha256: z.string() }),
});
const ManifestFile = z.looseObject({
  subject: z.array(
    z.looseObject({
      name: z.string(),
      digest: z.object({ sha256: z.string() }),
      annotations: z.looseObject({ size: z.number(), gitBlob: z.string() }),
    }),
  ),
});

/**
 * Edits the telemetry of record `seq` as a forger who knows the formats would: the manifest and the record name the new bytes.
 * `all`: the manifest tells the same story, too.
 */
export function forge(
  repo: Repository,
  { root, specId, seq }: { root: string; specId: string; seq: number },
  edit: (text: string) => string,
  all: boolean,
): void {
  const recordFile = `${root}/${recordPath(specId, seq)}`;
  const record = RecordFile.parse(JSON.parse(repo.read(recordFile)));
  const manifestFile = `${root}/${record.manifest.path}`;
  const told = repo.read(manifestFile);
  const manifest = ManifestFile.parse(JSON.parse(all ? edit(told) : told));
  for (const subject of manifest.subject) {
    if (!subject.name.endsWith(`_${record.bundle}.json`)) continue;
    const bytes = Buffer.from(edit(repo.read(`${root}/${subject.name}`)));
    repo.write(`${root}/${subject.name}`, bytes.toString());
    subject.digest.sha256 = sha256Of(bytes);
    subject.annotations.size = bytes.length;
    subject.annotations.gitBlob = createHash('sha1')
      .update(`blob ${bytes.length}\0`)
      .update(bytes)
      .digest('hex');
  }
  const forged = `${canonicalJson(manifest)}\n`;
  repo.write(manifestFile, forged);
  record.manifest.sha256 = sha256Of(Buffer.from(forged));
  repo.write(recordFile, `${canonicalJson(record)}\n`);
}
