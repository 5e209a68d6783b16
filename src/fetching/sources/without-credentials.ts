/**
 * Text without the user and password of an address in it, well formed or not, so that it can be shown:
 * `https://***@server/`.
 */
export function withoutCredentials(text: string): string {
  return text.replace(/(:\/{1,2})[^/@\s]*@/g, '$1***@');
}
