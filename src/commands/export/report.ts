import type {ChalkInstance} from 'chalk';
import {fromHere} from '../../cli/display-path.ts';
import {formatAmount, formatBytes, formatCount, formatPercent} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import type {ExportResult} from '../../exporting/export-model.ts';
import type {Comparison, Quantization} from '../../exporting/types.ts';

/** Of a page. */
const SERVE = 'any web server serves the folder; a phone wants HTTPS for its camera (docs/web-export.md)';

/** What was written, how large it is, and how far its answers differ. */
export function renderExport(
  {output, bytes, source, compared, quantization, tensors, card, signature, format}: ExportResult,
  style: ChalkInstance,
): string {
  const shrunk =
    bytes < source.bytes ? `, ${formatPercent(bytes / source.bytes, 0)} of ${formatBytes(source.bytes)}` : '';
  return [
    `written     ${style.bold(printable(fromHere(output)))}: ${formatBytes(bytes)}${shrunk}`,
    ...(compared ? [`answers     ${differences(compared)}`] : []),
    ...(quantization ? quantized(quantization) : []),
    ...(tensors ? [`tensors     ${formatCount(tensors.count)} with ${formatAmount(tensors.elements, 'number')}`] : []),
    ...(card === undefined ? [] : [`card        ${printable(fromHere(card))}`]),
    ...(format === 'web' ? [`open it     ${SERVE}`] : []),
    ...(signature === undefined ? [] : [`signature   ${printable(fromHere(signature))}`]),
  ].join('\n');
}

function differences({images, drawn, agreement, largestDifference}: Comparison): string {
  const same = Math.round(agreement * images);
  const pictures = drawn ? 'drawn grains' : 'pictures';
  const labels =
    same === images
      ? `the same label for all ${formatAmount(images, pictures, pictures)}`
      : `the same label for ${formatCount(same)} of ${formatAmount(images, pictures, pictures)}`;
  return `${labels}, probabilities ${apart(largestDifference)}`;
}

function apart(difference: number): string {
  if (difference === 0) return 'the same';
  return difference < 0.0001 ? 'less than 0.0001 apart' : `at most ${difference.toFixed(4)} apart`;
}

function quantized(quantization: Quantization): string[] {
  const {before, after, validationImages, calibrationImages, weightBits, layers, float32Layers} = quantization;
  const percent = (share: number) => formatPercent(share, 2);
  return [
    `accuracy    ${percent(after.accuracy)} of ${formatAmount(validationImages, 'picture')} that training did not learn from, ${percent(before.accuracy)} before`,
    `unknown     ${percent(after.rejected)} of these, ${percent(before.rejected)} before; ${percent(after.unlikeAccepted)} of what is no variety is accepted, ${percent(before.unlikeAccepted)} before`,
    `weights     ${weightBits} bits, ${float32Layers} of ${layers} layers stay float32, values calibrated by ${formatAmount(calibrationImages, 'picture')}`,
  ];
}
