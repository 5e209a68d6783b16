/**
 * The loops over pixels, in AssemblyScript: `scripts/build.js` compiles this file to `dist/image/kernels.wasm`. WebAssembly
 * because its SIMD instructions do in one step what takes JavaScript sixteen, on every system, without a native package.
 * All arithmetic is on integers, or of IEEE 754's basic operations, so that every machine computes the same pixels; test/image/kernels/kernels.test.ts holds each
 * function against a plain one. All arguments that end in `At` are addresses; the caller lays the memory out.
 */

export {averageNeighbours, measureLengths, sumProducts, takeSurface} from './background';
export {countBorder, countBorderDistances} from './border';
export {averageBoxes} from './boxes';
export {classifyCells, findRuns} from './cells';
export {measureDistances} from './distances';
export {placeOnBlack} from './on-black';
export {sampleGrain} from './sample';
export {shrink} from './shrink';
