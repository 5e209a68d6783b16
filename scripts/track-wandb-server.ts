/**
 * A stand-in for a W&B server on this machine, for the official client. Writes what it was told to a file when it is ended.
 *
 * usage: npx tsx scripts/track-wandb-server.ts PORT KEY OUT.json
 */
import {writeFileSync} from 'node:fs';
import {startWandbServer} from '../test/helpers/trackers/wandb-server.ts';

const [port, key, out] = process.argv.slice(2);
const server = await startWandbServer(key, Number(port));
console.log(`listening at ${server.address}`);
process.on('SIGTERM', async () => {
  const runs = [...server.runs.values()];
  const artifacts = [...server.artifacts.values()];
  const asked = server.requests.map(({method, path}) => `${method} ${path}`);
  writeFileSync(out, JSON.stringify({runs, artifacts, problems: server.problems, asked}, null, 1));
  await server.close();
  process.exit(0);
});
