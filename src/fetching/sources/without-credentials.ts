/**
 * Redacts the user and password of a URL in a text, even if the URL is malformed: `https://***@server/`.
 */
export function withoutCredentials(text: string): string {
  return text.replace(/(:\/{1,2})[^/@\s]*@/g, '$1***@');
}
