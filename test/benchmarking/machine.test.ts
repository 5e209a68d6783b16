import {mkdirSync, writeFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {delimiter, join} from 'node:path';
import {expect} from 'chai';
import {awaitCalm} from '../../src/benchmarking/machine/await-calm.ts';
import {describeMachine} from '../../src/benchmarking/machine/describe-machine.ts';
import {isBusy, type Load, type LoadSource, measureLoad} from '../../src/benchmarking/machine/load.ts';
import {powerWarnings} from '../../src/benchmarking/machine/power.ts';
import type {RiceError} from '../../src/common/errors.ts';
import {temporaryFolder} from '../cli/rice.ts';

/** A machine of four cores on which others and this process take so many milliseconds of each second. */
function machine({others = 0, own = 0, average = 0 as number | null}): LoadSource {
  let time = 1000;
  return {
    busy: () => (time * (others + own)) / 1000,
    own: () => (time * own) / 1000,
    now: () => time,
    wait: async (milliseconds) => {
      time += milliseconds;
    },
    cores: 4,
    loadAverage: () => average,
  };
}

describe('benchmarking: the load of the machine', () => {
  it('is the share of all cores that others take, without what this process takes', async () => {
    expect(await measureLoad(machine({others: 1000, own: 2000, average: 2}))).to.deep.equal({
      others: 0.25,
      perCore: 0.5,
    });
    expect(await measureLoad(machine({others: 0, own: 900}))).to.deep.equal({others: 0, perCore: 0});
    expect((await measureLoad(machine({average: null}))).perCore).to.equal(null);
  });

  it('is never less than nothing or more than everything', async () => {
    expect((await measureLoad(machine({others: -100}))).others).to.equal(0);
    expect((await measureLoad(machine({others: 5000}))).others).to.equal(1);
  });

  it('is read from this system', async () => {
    const load = await measureLoad();
    expect(load.others).to.be.within(0, 1);
    if (process.platform !== 'win32') expect(load.perCore).to.be.at.least(0);
  });

  it('makes a machine busy that others use now, or used and only pause', () => {
    expect(isBusy({others: 0.12, perCore: null})).to.equal(true);
    expect(isBusy({others: 0.05, perCore: 0.8})).to.equal(true);
    expect(isBusy({others: 0.05, perCore: 0.2})).to.equal(false);
    // What ran a minute ago has ended.
    expect(isBusy({others: 0.01, perCore: 1.5})).to.equal(false);
  });

  const loads = (...given: Load[]) => {
    const left = [...given];
    return async () => (left.length > 1 ? left.shift()! : left[0]);
  };
  const calm = {others: 0.01, perCore: 0.1};
  const busy = {others: 0.64, perCore: 1.25};

  it('is waited for where it is short', async () => {
    expect(await awaitCalm({allowBusy: false, measure: loads(busy, busy, calm)})).to.equal(calm);
  });

  it('is refused where it stays, with its figures and what to do', async () => {
    const error = (await awaitCalm({allowBusy: false, measure: loads(busy)}).catch((thrown) => thrown)) as RiceError;
    expect(error.code).to.equal('MACHINE_BUSY');
    expect(error.message).to.contain('64 % of the processor').and.to.contain('1.25 per core');
    expect(error.suggestions.join(' ')).to.contain('--allow-busy');
  });

  it('is told and not waited for where that is allowed', async () => {
    expect(await awaitCalm({allowBusy: true, measure: loads(busy, calm)})).to.equal(busy);
  });

  it('is not waited for by one who was told to stop', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    const error = await awaitCalm({allowBusy: false, measure: loads(busy), signal}).catch((thrown) => thrown);
    expect(error.message).to.equal('stopped');
  });
});

describe('benchmarking: the machine', () => {
  const folder = temporaryFolder();
  const sys = (name: string, files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder(), name, path, '..'), {recursive: true});
      writeFileSync(join(folder(), name, path), `${text}\n`);
    }
    return join(folder(), name);
  };
  const GOVERNOR = 'devices/system/cpu/cpu0/cpufreq/scaling_governor';
  const supply = (name: string) => `class/power_supply/${name}`;

  it('is described', async () => {
    const {cpu, cores, memory, gpu, os, node, onnxruntime, rice} = await describeMachine();
    expect(gpu).to.equal(null);
    expect(cpu).to.equal(cpus()[0].model.trim());
    expect([cores, memory].every((each) => each > 0)).to.equal(true);
    expect(os).to.contain(process.arch);
    expect(node).to.equal(process.version);
    expect(onnxruntime).to.match(/^\d+\.\d+/);
    expect(rice).to.match(/^\d+\.\d+/);
  });

  it('has the GPUs that nvidia-smi names, where one was used', async function () {
    if (process.platform === 'win32') return this.skip();
    const programs = join(folder(), 'programs');
    mkdirSync(programs);
    writeFileSync(join(programs, 'nvidia-smi'), '#!/bin/sh\nprintf "NVIDIA H200\\nNVIDIA L4\\n"\n', {mode: 0o755});
    const {PATH} = process.env;
    try {
      process.env.PATH = `${programs}${delimiter}${PATH}`;
      expect((await describeMachine(true)).gpu).to.equal('NVIDIA H200, NVIDIA L4');
      expect((await describeMachine(false)).gpu).to.equal(null);
      process.env.PATH = folder();
      expect((await describeMachine(true)).gpu).to.equal(null);
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('has nothing to be warned of in a steady state, or where the system does not tell', () => {
    expect(powerWarnings(join(folder(), 'nowhere'))).to.deep.equal([]);
    const desktop = sys('desktop', {
      [GOVERNOR]: 'performance',
      [`${supply('AC')}/type`]: 'Mains',
      [`${supply('AC')}/online`]: '1',
      [`${supply('BAT0')}/type`]: 'Battery',
    });
    expect(powerWarnings(desktop)).to.deep.equal([]);
  });

  it('is not steady on a battery, or where the frequency follows the load', () => {
    const laptop = sys('laptop', {
      [GOVERNOR]: 'powersave',
      [`${supply('AC')}/type`]: 'Mains',
      [`${supply('AC')}/online`]: '0',
      [`${supply('BAT0')}/type`]: 'Battery',
    });
    const [battery, frequency] = powerWarnings(laptop);
    expect(battery).to.contain('battery');
    expect(frequency).to.contain('powersave');
  });
});
