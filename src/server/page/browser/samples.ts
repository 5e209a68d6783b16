/** Hands over a sample of the page as if it had been chosen. */
export function takeSamples(onPicture: (file: File) => void): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.sample'))
    button.addEventListener('click', () => onPicture(sampleFile(button)));
}

/** The bytes in the address of the picture: the page's policy lets nothing be fetched but from the server. */
function sampleFile(button: HTMLButtonElement): File {
  const [, base64] = button.querySelector('img')!.src.split(',');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new File([bytes], button.dataset.name!, {type: 'image/jpeg'});
}
