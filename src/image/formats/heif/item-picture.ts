import {type ByteReader, corrupt, unsupported} from '../bytes.ts';
import {itemData} from '../isobmff/item-location.ts';
import type {Meta} from '../isobmff/meta.ts';
import type {PixelCost, SizeCheck} from '../types.ts';
import {auxiliariesOf, isAlpha} from './auxiliaries.ts';
import {codecOf, nameItemType} from './codecs.ts';
import type {Color} from './color.ts';
import {checkTiles, readGrid} from './grid.ts';
import type {CodedPicture, GridPicture, Picture} from './picture.ts';
import {type PictureProperties, readProperties} from './properties.ts';
import type {Transform} from './transforms.ts';

/** A photograph of 200 megapixels has about 800. */
const MOST_TILES = 2000;

interface Size {
  width: number;
  height: number;
}

type Properties = PictureProperties & {size: Size};

/** The primary item of a file, and what is to be done with it before it is shown. */
export interface ItemPicture {
  picture: Picture;
  transforms: readonly Transform[];
  /** How many other pictures the file shows by themselves. */
  others: number;
}

/** @param check sees the size before anything else is looked at */
export function readItemPicture(reader: ByteReader, meta: Meta, id: number, check?: SizeCheck): ItemPicture {
  const items = new ItemReader(reader, meta, check);
  return {...items.readShown(id), others: countOthers(meta, id)};
}

/** A decoded picture, in the decoder's memory and outside, as RGBA and as RGB; measured. */
const CODED_COST: PixelCost = {bytes: 24, nanoseconds: 60};
/** The same of more than 8 bits. */
const DEEP_COST: PixelCost = {bytes: 34, nanoseconds: 90};
/** Tiles are decoded one after the other. */
const GRID_COST: PixelCost = {bytes: 12, nanoseconds: 60};
const AV1 = 'av1C';
/** In the third byte of the configuration of AV1. */
const HIGH_BIT_DEPTH = 0x40;

function codedCost({bytes}: ByteReader, {configurations}: Properties): PixelCost {
  const box = configurations.get(AV1);
  return box && (bytes[box.start + 2] & HIGH_BIT_DEPTH) !== 0 ? DEEP_COST : CODED_COST;
}

class ItemReader {
  readonly #reader: ByteReader;
  readonly #format: string;
  readonly #meta: Meta;
  readonly #check: SizeCheck | undefined;
  readonly #auxiliaries: ReadonlyMap<number, readonly number[]>;

  constructor(reader: ByteReader, meta: Meta, check: SizeCheck | undefined) {
    this.#reader = reader;
    this.#format = reader.format;
    this.#meta = meta;
    this.#check = check;
    this.#auxiliaries = auxiliariesOf(meta.references);
  }

  readShown(id: number): Pick<ItemPicture, 'picture' | 'transforms'> {
    const properties = this.#propertiesOf(id);
    const cost = this.#typeOf(id) === 'grid' ? GRID_COST : codedCost(this.#reader, properties);
    this.#check?.(properties.size.width, properties.size.height, cost);
    const picture = this.#readPicture(id, properties, true);
    return {picture, transforms: properties.transforms};
  }

  #propertiesOf(id: number): Properties {
    const properties = readProperties(this.#reader, this.#meta.properties.get(id) ?? []);
    if (!properties.size) throw corrupt(this.#format, 'a picture in it does not state its size');
    return {...properties, size: properties.size};
  }

  /** @param withAlpha an alpha channel has none of its own */
  #readPicture(id: number, properties: Properties, withAlpha: boolean): Picture {
    const isGrid = this.#typeOf(id) === 'grid';
    const picture = isGrid ? this.#readGrid(id, properties, withAlpha) : this.#readCoded(id, properties, undefined);
    return {...picture, alpha: withAlpha ? this.#alphaOf(id, properties.size) : undefined};
  }

  #typeOf(id: number): string {
    const item = this.#meta.items.get(id);
    if (!item) throw corrupt(this.#format, 'a picture in it is missing');
    if (item.encrypted) throw unsupported(`encrypted ${this.#format}`);
    return item.type;
  }

  /** @param inherited colors of the grid that it is in */
  #readCoded(id: number, properties: Properties, inherited: Color | undefined): CodedPicture {
    const format = this.#format;
    const type = this.#typeOf(id);
    const codec = codecOf(type);
    if (!codec) throw unsupported(`${format} with ${nameItemType(type)}`);
    const {size, color = inherited, configurations} = properties;
    const box = configurations.get(codec.configurationType);
    if (!box) throw corrupt(format, 'a picture in it does not say how it is coded');
    const configuration = this.#reader.bytes.subarray(box.start, box.end);
    const stream = codec.readStream({format, configuration, data: this.#dataOf(id), ...size});
    return {kind: 'coded', ...size, codec: codec.name, stream, color, alpha: undefined};
  }

  #readGrid(id: number, {size, color}: Properties, withAlpha: boolean): GridPicture {
    const format = this.#format;
    const grid = readGrid(this.#dataOf(id), format);
    if (grid.width !== size.width || grid.height !== size.height) throw corrupt(format, 'it states two sizes');
    const ids = this.#meta.references.filter(({type, from}) => type === 'dimg' && from === id).flatMap(({to}) => to);
    const places = grid.rows * grid.columns;
    if (ids.length !== places) throw corrupt(format, `it has ${ids.length} tiles for ${places} places`);
    if (places > MOST_TILES) throw unsupported(`${format} of more than ${MOST_TILES.toLocaleString('en')} tiles`);
    const {size: tile} = this.#propertiesOf(ids[0]);
    this.#check?.(tile.width, tile.height, CODED_COST);
    checkTiles(grid, tile, format);
    // The same one may be in several places.
    const tiles = new Map<number, CodedPicture>();
    for (const tileId of new Set(ids)) tiles.set(tileId, this.#readTile(tileId, tile, color, withAlpha));
    return {
      ...{kind: 'grid', ...size, columns: grid.columns, tileWidth: tile.width, tileHeight: tile.height},
      tiles: ids.map((tileId) => tiles.get(tileId)!),
      alpha: undefined,
    };
  }

  #readTile(id: number, {width, height}: Size, inherited: Color | undefined, withAlpha: boolean): CodedPicture {
    const properties = this.#propertiesOf(id);
    const {size, transforms} = properties;
    if (size.width !== width || size.height !== height) throw corrupt(this.#format, 'its tiles differ in size');
    if (transforms.length > 0) throw unsupported(`${this.#format} with tiles that are turned or cropped`);
    const tile = this.#readCoded(id, properties, inherited);
    return {...tile, alpha: withAlpha ? this.#alphaOf(id, size) : undefined};
  }

  #dataOf(id: number): Uint8Array {
    return itemData(this.#reader, this.#meta.locations.get(id), this.#meta.idat);
  }

  /** The alpha channel of a picture, none where its colors are multiplied by it already: over black, that is all. */
  #alphaOf(id: number, size: Size): Picture | undefined {
    for (const auxiliary of this.#auxiliaries.get(id) ?? []) {
      const {auxiliary: type} = readProperties(this.#reader, this.#meta.properties.get(auxiliary) ?? []);
      if (!isAlpha(type)) continue;
      if (this.#isMultiplied(id, auxiliary)) return undefined;
      const properties = this.#propertiesOf(auxiliary);
      if (properties.size.width !== size.width || properties.size.height !== size.height)
        throw unsupported(`${this.#format} with an alpha channel of another size`);
      return this.#readPicture(auxiliary, properties, false);
    }
    return undefined;
  }

  #isMultiplied(id: number, alpha: number): boolean {
    return this.#meta.references.some(({type, from, to}) => type === 'prem' && from === id && to.includes(alpha));
  }
}

/** Pictures that are neither hidden, nor part of another, nor something about another. */
function countOthers({items, references}: Meta, primary: number): number {
  const dependent = new Set<number>();
  for (const {type, from, to} of references)
    if (type === 'dimg') for (const id of to) dependent.add(id);
    else if (type === 'auxl' || type === 'thmb') dependent.add(from);
  const isShown = (id: number) => id !== primary && !dependent.has(id);
  const isPicture = (type: string) => type === 'grid' || codecOf(type) !== undefined;
  return [...items.values()].filter(({id, type, hidden}) => isPicture(type) && !hidden && isShown(id)).length;
}
