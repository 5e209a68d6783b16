import {byId} from '../../../../server/page/browser/elements.ts';

/**
 * The camera as a part of the page: what it sees, and a button that takes a still. Where the browser has no camera for pages, or
 * the page was loaded without encryption, the button that opens the phone's own camera stays instead.
 */
export function watchCamera(onStill: (still: File) => void, onFailure: (message: string) => void): void {
  if (!navigator.mediaDevices?.getUserMedia) return;
  const dialog = byId<HTMLDialogElement>('camera');
  const video = byId<HTMLVideoElement>('view');
  const open = byId<HTMLButtonElement>('open-camera');
  let stream: MediaStream | undefined;
  let taken = 0;
  open.hidden = false;
  byId('photograph-choice').hidden = true;

  open.addEventListener('click', async () => {
    open.disabled = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: {facingMode: {ideal: 'environment'}, width: {ideal: 1920}, height: {ideal: 1080}},
      });
      video.srcObject = stream;
      dialog.showModal();
      await video.play();
    } catch (error) {
      dialog.close();
      byId('photograph-choice').hidden = false;
      onFailure(`The camera cannot be used: ${(error as Error).message}`);
    } finally {
      open.disabled = false;
    }
  });
  byId('take').addEventListener('click', async () => {
    const still = await stillOf(video);
    if (still) onStill(new File([still], `photo-${++taken}.png`, {type: 'image/png'}));
  });
  byId('close-camera').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  });
}

/** Without loss; null before the camera sees anything. */
async function stillOf(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  if (canvas.width === 0) return null;
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
