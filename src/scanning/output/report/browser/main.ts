import {Filters} from './filters.ts';
import {Panel} from './panel.ts';
import {Scene} from './scene.ts';

/** The picture answers to pointing, tapping and filters; without this script the page shows the same, but stands still. */
document.documentElement.classList.add('live');
const scenes = [...document.querySelectorAll<HTMLElement>('.scene')].map((element) => {
  const panel = new Panel(element);
  return new Scene(element, panel);
});
const filters = new Filters(() => {
  for (const scene of scenes) scene.refresh(filters);
});
for (const scene of scenes) scene.refresh(filters);
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-grain]'))
  button.addEventListener('click', () => {
    const key = button.dataset.grain!;
    const scene = scenes.find((each) => each.has(key));
    scene?.select(key);
    scene?.show();
  });
