/**
 * A name as it is compared with others: without case, accents and the space around it, so that `Karacadağ` is `karacadag`
 * and `İpsala` is `ipsala`. Compatibility decomposition (Unicode NFKD) takes letters and their marks apart; the Turkish
 * dotless i has no mark to take away.
 */
export function foldName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ı', 'i').trim();
}
