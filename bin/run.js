#!/usr/bin/env node
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`rice needs Node 20.19 or later; this is Node ${process.versions.node}\n`);
  process.exit(2);
}

// Where Node can keep compiled code between runs (22.1 and later), the second start is quicker.
module.enableCompileCache?.();

const {main} = await import('../dist/cli/main.js');
await main();
