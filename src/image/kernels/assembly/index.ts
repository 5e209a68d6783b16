/**
 * The loops over pixels, in AssemblyScript: `scripts/build.js` compiles this file to `dist/image/kernels.wasm`. One of
 * WebAssembly's SIMD instructions replaces sixteen steps of JavaScript, on every system and without a native package. All
 * arithmetic uses integers or IEEE 754's basic operations, so that every machine computes the same pixels;
 * test/image/kernels/kernels.test.ts compares each function with a plain one. Arguments that end in `At` are addresses; the
 * caller allocates the memory.
 */

export {averageNeighbours, measureLengths, sumProducts, takeSurface} from './background';
export {countBorder, countBorderDistances} from './border';
export {averageBoxes} from './boxes';
export {classifyCells, findRuns} from './cells';
export {measureDistances} from './distances';
export {placeOnBlack} from './on-black';
export {multiplyRows} from './products';
export {sampleGrain} from './sample';
export {shrink} from './shrink';
