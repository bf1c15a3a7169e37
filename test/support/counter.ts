import { openTest } from './repository.js';

/** Adds 1 to count.txt the given number of times, each by compare-and-swap; reports how many adds were acknowledged. */
const [root = '', times = '0'] = process.argv.slice(2);
const { files } = openTest(root);
let acknowledged = 0;
for (let attempt = 0; attempt < Number(times); attempt++) {
  const file = files.read('count.txt', 100);
  if (file === undefined) throw new Error('count.txt is gone');
  try {
    files.replace('count.txt', Buffer.from(String(Number(file.bytes.toString()) + 1)), file.version);
    acknowledged++;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'STALE_WRITE')) throw error;
  }
}
process.send?.(acknowledged);
