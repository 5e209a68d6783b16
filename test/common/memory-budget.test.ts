import {once} from 'node:events';
import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import {expect} from 'chai';
import {createMemoryBudget, MemoryBudget} from '../../src/common/memory-budget.ts';
import {workerFile} from '../../src/common/package-root.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';

const MIB = 2 ** 20;

describe('MemoryBudget', () => {
  const temporary = useTemporaryFolder();

  it('lets in what fits, and what takes more than there is alone', () => {
    const shared = createMemoryBudget(100 * MIB, 3);
    const [one, two, three] = [0, 1, 2].map((slot) => new MemoryBudget(shared, slot));
    const used = () => new Int32Array(shared.buffer)[0];
    one.hold(60 * MIB);
    two.hold(40 * MIB);
    expect(used()).to.equal(100);
    three.hold(MIB);
    expect(three.held).to.equal(false);
    expect(used(), 'little is not counted').to.equal(100);
    one.free();
    one.free();
    expect(used()).to.equal(40);
    new MemoryBudget(shared, 1).free();
    expect(used(), 'of a thread that died').to.equal(0);
    three.hold(5000 * MIB);
    three.free();
    expect(used()).to.equal(0);
  });

  it('makes a thread wait until enough is free', async () => {
    const file = new URL('../../src/common/memory-budget.ts', import.meta.url).href;
    writeTree(temporary(), {
      'wait.mjs': `
import {parentPort, workerData} from 'node:worker_threads';
const {MemoryBudget} = await import(${JSON.stringify(file)});
const budget = new MemoryBudget(workerData, 1, () => parentPort.postMessage('waits'));
budget.hold(${50 * MIB});
parentPort.postMessage('goes on');
`,
    });
    const shared = createMemoryBudget(60 * MIB, 2);
    const other = new MemoryBudget(shared, 0);
    other.hold(20 * MIB);
    const {execArgv} = workerFile('common/memory-budget');
    const worker = new Worker(join(temporary(), 'wait.mjs'), {workerData: shared, execArgv});
    const messages: string[] = [];
    worker.on('message', (message: string) => messages.push(message));
    while (!messages.includes('waits')) await once(worker, 'message');
    expect(messages).not.to.include('goes on');
    other.free();
    while (!messages.includes('goes on')) await once(worker, 'message');
    await worker.terminate();
  });
});
