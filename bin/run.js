#!/usr/bin/env node
import module from 'node:module';

// Where Node can keep compiled code between runs (22.1 and later), the second start is quicker.
module.enableCompileCache?.();

const {main} = await import('../dist/cli/main.js');
await main();
