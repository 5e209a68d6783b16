import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {type Outcome, rice} from '../cli/rice.ts';

const MIB = 2 ** 20;

/** Runs the built `rice` to its end. @returns what it answered, and the most memory that it had, in MiB */
export async function riceMeasured(args: string[]): Promise<Outcome & {mib: number}> {
  const folder = mkdtempSync(join(tmpdir(), 'rice-memory-'));
  const [hook, report] = [join(folder, 'hook.mjs'), join(folder, 'report')];
  writeFileSync(
    hook,
    `import {writeFileSync} from 'node:fs';
import {isMainThread} from 'node:worker_threads';
if (isMainThread)
  process.on('exit', () => writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS)));
`,
  );
  try {
    const outcome = await rice(args, {env: {NODE_OPTIONS: `--import=${pathToFileURL(hook).href}`}});
    return {...outcome, mib: (Number(readFileSync(report, 'utf8')) * 1024) / MIB};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
