const {availableParallelism} = require('node:os');

module.exports = {
  spec: ['test/**/*.test.ts'],
  'node-option': ['import=tsx'],
  timeout: 180_000,
  slow: 5000,
  // Most tests wait for processes that they started. Two files at once are faster on one core too.
  parallel: true,
  jobs: Math.max(2, availableParallelism() - 1),
};
