import type {Benchmark, Configuration, Result} from '../../benchmarking/types.ts';
import {csvRow} from '../../cli/csv-row.ts';

type Field = string | number | boolean | null;

/** One row for each speed, with all that belongs to it. */
export function benchmarkCsv(measured: Benchmark): string {
  const rows = measured.configurations.flatMap((configuration) =>
    configuration.results.map((result) => fieldsOf(measured, configuration, result)),
  );
  const cell = (value: Field) => value ?? '';
  return csvRow(Object.keys(rows[0])) + rows.map((row) => csvRow(Object.values(row).map(cell))).join('');
}

function fieldsOf(measured: Benchmark, configuration: Configuration, result: Result): Record<string, Field> {
  const {date, machine, models} = measured;
  const {model, device, threads, startUpSeconds, peakMemory, accuracy} = configuration;
  const {version, sha256, bytes, parameters} = models.find(({label}) => label === model)!;
  const {decoding, batchSize, imagesPerSecond, processorMilliseconds, milliseconds, ratio, processorRatio, busy} =
    result;
  return {
    model,
    version,
    sha256,
    device,
    threads,
    decoding,
    batchSize,
    imagesPerSecond: imagesPerSecond.value,
    imagesPerSecondLow: imagesPerSecond.low,
    imagesPerSecondHigh: imagesPerSecond.high,
    processorMilliseconds: processorMilliseconds.value,
    p50Milliseconds: milliseconds.p50,
    p90Milliseconds: milliseconds.p90,
    p99Milliseconds: milliseconds.p99,
    ratio: ratio?.value ?? null,
    ratioLow: ratio?.low ?? null,
    ratioHigh: ratio?.high ?? null,
    processorRatio: processorRatio?.value ?? null,
    processorRatioLow: processorRatio?.low ?? null,
    processorRatioHigh: processorRatio?.high ?? null,
    startUpSeconds: startUpSeconds.value,
    peakMemory,
    fileBytes: bytes,
    parameters,
    accuracy: accuracy?.accuracy ?? null,
    accuracyLow: accuracy?.interval.low ?? null,
    accuracyHigh: accuracy?.interval.high ?? null,
    accuracyImages: accuracy?.images ?? null,
    busy,
    cpu: machine.cpu,
    cores: machine.cores,
    gpu: machine.gpu,
    os: machine.os,
    node: machine.node,
    onnxruntime: machine.onnxruntime,
    rice: machine.rice,
    date,
  };
}
