/** The largest difference of the three channels. */
export function distance(at: usize, background: u32): u8 {
  const r = abs(<i32>load<u8>(at) - <i32>(background & 255));
  const g = abs(<i32>load<u8>(at, 1) - <i32>((background >> 8) & 255));
  const b = abs(<i32>load<u8>(at, 2) - <i32>(background >> 16));
  return <u8>max(max(r, g), b);
}
