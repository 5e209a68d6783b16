import type {Random} from '../../src/training/random.ts';
import {Canvas, softened} from './canvas.ts';
import type {GrainPictures} from './grain-pictures.ts';
import {makeGround} from './grounds.ts';
import {fullMask, sharedPixels, visibleMask} from './masks.ts';
import {Occupancy} from './occupancy.ts';
import {makeSprite, type Sprite} from './sprite.ts';
import {drawThing, planThing, type ThingPlan} from './things.ts';
import type {Mask, Scene, SceneGrain, SceneOptions, ThingKind} from './types.ts';

/** The longest grain of the dataset is about this many pixels long. */
const LONGEST = 235;
const TRIES = 60;
/** A grain at the border shows at least this share of itself. */
const LEAST_WITHIN = 0.35;
/** How far from the asked overlap it may be. */
const TOLERANCE = 0.008;
/** Touching grains cover at most this share of each other. */
const TOUCH = 0.012;

interface Laid {
  sprite: Sprite;
  mask: Mask;
  cluster: number;
  joinedTo: number[];
}

/**
 * Composes a photograph of many grains, of which everything is known. The same options, pictures and random numbers give the
 * same scene.
 *
 * @param pictures grains to choose from
 */
export function composeScene(options: SceneOptions, random: Random, pictures: GrainPictures): Scene {
  const {width, height, ground, scale, shadow = 0, gradient = 0, unevenness = 0, brightness = 1, things = []} = options;
  const canvas = new Canvas(width, height, makeGround(ground, {width, height, scale}, random));
  const plans = things.map((kind) => placeThing(kind, options, random));
  const laid = placeGrains(options, plans, random, pictures);
  const shown = plans
    .filter(({thing}) => thing.kind !== 'thread')
    .map((plan) => drawThing(canvas, plan, scale, random));
  const light = random.uniform(0, 2 * Math.PI);
  const reach = random.uniform(4, 14) * scale;
  const softness = Math.max(1, Math.round(random.uniform(5, 22) * scale));
  const shift = {x: Math.round(reach * Math.cos(light)), y: Math.round(reach * Math.sin(light))};
  laid.forEach(({sprite, mask: {x, y}}, i) => {
    if (shadow > 0) {
      const cast = softened(sprite, softness);
      const margin = (cast.width - sprite.width) / 2;
      canvas.shade(cast, x - margin + shift.x, y - margin + shift.y, shadow);
    }
    canvas.lay(sprite, x, y, i + 1, brightness * (1 + random.uniform(-unevenness, unevenness)));
  });
  for (const plan of plans) if (plan.thing.kind === 'thread') shown.push(drawThing(canvas, plan, scale, random));
  const turn = random.uniform(0, 2 * Math.PI);
  const [slopeX, slopeY] = [gradient * Math.cos(turn), gradient * Math.sin(turn)];
  const {blur = 0.5, noise = 1.5, gains = [1, 1, 1]} = options;
  // As bright as without a gradient where it is brightest: cameras are exposed so that rice isn't burnt out.
  const lamp = (x: number, y: number) => 1 - gradient / 2 + slopeX * x + slopeY * y - gradient * 0.4 * (x * x + y * y);
  const frame = canvas.expose({lamp, blur, noise, gains}, random);
  const grains = laid.map((each, i) => describe(each, i, canvas));
  return {frame, grains, things: shown, labels: canvas.labels, options};
}

function describe({sprite, mask, joinedTo}: Laid, index: number, {labels, width, height}: Canvas): SceneGrain {
  const {source, shape, keptShare, pixels} = sprite;
  const {mask: visible, visible: seen, within} = visibleMask(mask, labels, width, height, index + 1);
  return {
    label: source.label,
    file: source.file,
    x: mask.x + shape.x,
    y: mask.y + shape.y,
    length: shape.length,
    width: shape.width,
    angle: shape.angle,
    axis: shape.axis,
    feret: shape.feret,
    area: shape.area,
    broken: keptShare < 1,
    keptShare,
    mask,
    visible,
    coveredShare: within === 0 ? 1 : 1 - seen / within,
    border: within < pixels || touchesBorder(mask, width, height),
    joinedTo,
  };
}

/** Whether a pixel of the mask is one of the scene's outermost. */
function touchesBorder({x, y, width, height, data}: Mask, sceneWidth: number, sceneHeight: number): boolean {
  if (x > 0 && y > 0 && x + width < sceneWidth && y + height < sceneHeight) return false;
  return data.some((inside, i) => {
    if (!inside) return false;
    const [px, py] = [x + (i % width), y + Math.floor(i / width)];
    return px <= 0 || py <= 0 || px >= sceneWidth - 1 || py >= sceneHeight - 1;
  });
}

function placeThing(kind: ThingKind, {width, height, scale}: SceneOptions, random: Random): ThingPlan {
  const plan = planThing(kind, 0, 0, scale, random);
  const free = (side: number) =>
    side > 2 * plan.radius ? random.uniform(plan.radius, side - plan.radius) : random.uniform(0, side);
  const [x, y] = [free(width), free(height)];
  return {...plan, x, y, thing: {...plan.thing, x: x - plan.radius, y: y - plan.radius}};
}

function placeGrains(
  options: SceneOptions,
  plans: readonly ThingPlan[],
  random: Random,
  pictures: GrainPictures,
): Laid[] {
  const {width, height, scale, overlap = 0, joined = 1, cluster = 4} = options;
  const gap = options.gap ?? Math.max(3, 8 * scale);
  const occupancy = new Occupancy(width, height, gap, Math.ceil(LONGEST * scale));
  const solid = plans.filter(({radius}) => radius > 0);
  const clear = (sprite: Sprite, left: number, top: number) =>
    solid.every(({x, y, radius}) => {
      const dx = Math.max(left - x, 0, x - left - sprite.width);
      const dy = Math.max(top - y, 0, y - top - sprite.height);
      return Math.hypot(dx, dy) > radius + gap;
    });
  const batches = options.mixedBatches ? {} : pictures.drawBatches(random);
  const laid: Laid[] = [];
  let clusters = 0;
  let failures = 0;
  const put = (sprite: Sprite, left: number, top: number, own: number, joinedTo: number[]) => {
    for (const other of joinedTo) laid[other].joinedTo.push(laid.length);
    laid.push({sprite, mask: fullMask(sprite, left, top), cluster: own, joinedTo});
    occupancy.take(sprite, left, top, own + 1);
  };
  while (laid.length < options.grains && failures < TRIES) {
    const last = laid.at(-1);
    const join =
      overlap !== 0 &&
      last !== undefined &&
      laid.filter((each) => each.cluster === last.cluster).length < cluster &&
      random.chance(joined);
    if (join && joinOne(last)) continue;
    if (!placeAlone()) failures++;
  }
  return laid;

  function nextSprite(): Sprite {
    const {broken = 0, kept = [0.2, 0.6], scaleSpread = 0, varieties} = options;
    const source = pictures.draw(random, varieties, batches);
    return makeSprite(
      source,
      {
        scale: scale * (1 + random.uniform(-scaleSpread, scaleSpread)),
        angle: random.uniform(0, 2 * Math.PI),
        kept: random.chance(broken) ? random.uniform(...kept) : 1,
      },
      random,
    );
  }

  function inside(sprite: Sprite, left: number, top: number): boolean {
    const {border = true} = options;
    const whole = left >= 1 && top >= 1 && left + sprite.width <= width - 1 && top + sprite.height <= height - 1;
    if (whole) return true;
    if (!border) return false;
    let within = 0;
    for (let y = Math.max(0, -top); y < Math.min(sprite.height, height - top); y++)
      for (let x = Math.max(0, -left); x < Math.min(sprite.width, width - left); x++)
        if (sprite.cover[y * sprite.width + x] >= 128) within++;
    return within >= LEAST_WITHIN * sprite.pixels;
  }

  function placeAlone(): boolean {
    const sprite = nextSprite();
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const left = Math.round(random.uniform(0, width) - sprite.width / 2);
      const top = Math.round(random.uniform(0, height) - sprite.height / 2);
      if (!inside(sprite, left, top) || !clear(sprite, left, top) || !occupancy.isFree(sprite, left, top)) continue;
      put(sprite, left, top, clusters++, []);
      return true;
    }
    return false;
  }

  /** Lays a grain at another one of the last group, as near as the overlap says. */
  function joinOne(last: Laid): boolean {
    const sprite = nextSprite();
    const wanted = overlap === 'touching' ? 0 : options.overlapVaries ? random.uniform(0, overlap) : overlap;
    const group = laid.flatMap((each, i) => (each.cluster === last.cluster ? [i] : []));
    const own = fullMask(sprite, 0, 0);
    for (let attempt = 0; attempt < TRIES / 4; attempt++) {
      const anchor = options.heaps ? group[random.below(group.length)] : group[group.length - 1];
      const place = besides(laid[anchor], sprite, own, wanted, random);
      if (!place) continue;
      const {left, top} = place;
      if (!inside(sprite, left, top) || !clear(sprite, left, top)) continue;
      if (!occupancy.isFree(sprite, left, top, last.cluster + 1)) continue;
      const mask = {...own, x: left, y: top};
      const covers = (other: number) => sharedPixels(laid[other].mask, mask) / laid[other].sprite.pixels;
      const others = group.filter((other) => other !== anchor && covers(other) > 0);
      if (others.length > 0 && !options.heaps) continue;
      if (others.some((other) => covers(other) > Math.max(wanted, TOUCH))) continue;
      put(sprite, left, top, last.cluster, [anchor, ...others]);
      return true;
    }
    return false;
  }
}

/** Where a sprite covers the share `wanted` of another grain, in a random direction from it; the nearest that is found. */
function besides(
  {mask, sprite: other}: Laid,
  sprite: Sprite,
  own: Mask,
  wanted: number,
  random: Random,
): {left: number; top: number} | undefined {
  const direction = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  const at = (distance: number) => ({
    left: Math.round(mask.x + other.shape.x + distance * cos - sprite.shape.x),
    top: Math.round(mask.y + other.shape.y + distance * sin - sprite.shape.y),
  });
  const covered = (distance: number): number => {
    const {left, top} = at(distance);
    return sharedPixels(mask, {...own, x: left, y: top}) / other.pixels;
  };
  let [near, far] = [0, (other.shape.length + sprite.shape.length) / 2 + 2];
  if (covered(near) < wanted) return undefined;
  // Touching is the least cover that is not none.
  for (let i = 0; i < 12 && far - near > 0.4; i++) {
    const middle = (near + far) / 2;
    if (covered(middle) > (wanted === 0 ? 0 : wanted)) near = middle;
    else far = middle;
  }
  const [inner, outer] = [covered(near), covered(far)];
  const distance = wanted === 0 || Math.abs(inner - wanted) < Math.abs(outer - wanted) ? near : far;
  const share = distance === near ? inner : outer;
  if (wanted === 0 ? share > TOUCH : Math.abs(share - wanted) > TOLERANCE) return undefined;
  return at(distance);
}
