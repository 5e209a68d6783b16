import {byId} from '../elements.ts';

/** How far a scan is: how much of the picture has been sent, and then for how long the server has looked at it. */
export class ScanProgress {
  readonly #place = byId('scan-progress');
  readonly #bar = byId<HTMLProgressElement>('scan-bar');
  readonly #step = byId('scan-step');
  #timer: number | undefined;

  /** @param onCancel called when the user does not want to wait any longer */
  constructor(onCancel: () => void) {
    byId('cancel').addEventListener('click', onCancel);
  }

  begin(): void {
    this.end();
    this.#place.hidden = false;
    byId('scan-status').textContent = 'The picture is sent and scanned.';
    this.sent(0);
  }

  /** @param share of the picture */
  sent(share: number): void {
    if (share < 1) {
      this.#bar.value = share;
      this.#step.textContent = `Sending: ${Math.round(share * 100)} %`;
      return;
    }
    if (this.#timer !== undefined) return;
    this.#bar.removeAttribute('value');
    const since = performance.now();
    const tell = () => {
      this.#step.textContent = `Looking at every grain: ${Math.round((performance.now() - since) / 1000)} s`;
    };
    tell();
    this.#timer = window.setInterval(tell, 1000);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#place.hidden = true;
  }
}
