/** Which grains are shown, and by what they are colored, as the form says it. */
export class Filters {
  readonly #boxes = [...document.querySelectorAll<HTMLInputElement>('.filters input[type=checkbox]')];
  readonly #colors = new Map(this.#boxes.map((box) => [`${box.name}:${box.value}`, box.dataset.color!]));

  constructor(onChange: () => void) {
    for (const input of document.querySelectorAll('.filters input')) input.addEventListener('change', onChange);
    document.getElementById('all')?.addEventListener('click', () => {
      for (const box of this.#boxes) box.checked = true;
      onChange();
    });
  }

  shows(variety: string, grade: string): boolean {
    return this.#isOn('variety', variety) && this.#isOn('grade', grade);
  }

  colorOf(variety: string, grade: string): string {
    const by = document.querySelector<HTMLInputElement>('.filters input[name=color]:checked')?.value ?? 'variety';
    return this.#colors.get(`${by}:${by === 'grade' ? grade : variety}`) ?? '#ffffff';
  }

  #isOn(name: string, value: string): boolean {
    return this.#boxes.every((box) => box.name !== name || box.value !== value || box.checked);
  }
}
