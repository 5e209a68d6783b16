import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import type {Run} from '../read-run.ts';
import {differencesFromDefault, type SettingValue, settingsOf, usualSettings} from '../settings.ts';

/** Every setting, with what differs from the default first and marked. */
export function settingsSection({record: {configuration}}: Run): Html {
  const differing = differencesFromDefault(configuration);
  const names = new Set(differing.map(({name}) => name));
  const rest = [...settingsOf(configuration)].filter(([name]) => !names.has(name));
  const usual = usualSettings(configuration);
  const differences =
    differing.length === 0
      ? html`<p>Everything as by default.</p>`
      : dataTable({
          label: 'Table of the settings that differ from the default',
          kind: 'settings differing',
          note: 'What differs from the default.',
          columns: [{title: 'Setting'}, {title: 'Value', number: true}, {title: 'Default', number: true}],
          rows: differing.map(
            ({name, value}) =>
              html`<tr><th scope="row"><code>${name}</code></th><td class="number"><mark>${shown(value)}</mark></td><td class="number">${shown(usual.get(name) ?? (value === true ? false : null))}</td></tr>
`,
          ),
        });
  return html`<section aria-labelledby="settings">
<h2 id="settings">Settings</h2>
${differences}
<details><summary>The other settings, all as by default</summary>
${dataTable({
  label: 'Table of the other settings',
  kind: 'settings',
  note: 'Named like the flags of rice train.',
  columns: [{title: 'Setting'}, {title: 'Value', number: true}],
  rows: rest.map(
    ([name, value]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td class="number">${shown(value)}</td></tr>
`,
  ),
})}
</details>
</section>`;
}

/** A share of a split is what others leave, so it may have a long tail of digits. */
export function shown(value: SettingValue | undefined): string {
  if (value === undefined) return '-';
  if (value === null) return 'auto';
  return typeof value === 'number' ? String(Number(value.toPrecision(12))) : String(value);
}
