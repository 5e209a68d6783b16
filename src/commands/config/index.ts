import {BaseCommand, flagDefinitions} from '../../cli/base-command.ts';
import {sharedFlags} from '../../cli/flags.ts';
import {toCamelCase} from '../../cli/names.ts';
import {printable} from '../../cli/printable.ts';
import {resolveSettings, type Setting} from '../../cli/settings.ts';
import {renderTable} from '../../cli/table.ts';
import {withoutCredentials} from '../../fetching/sources/without-credentials.ts';

export default class Config extends BaseCommand<typeof Config> {
  static override summary = 'show each setting and where it comes from';
  static override description =
    `A setting is the value of a flag that is not on the command line. It comes from an environment variable, a project file, a user file or the default, in this order.
Project files: .ricerc (YAML or JSON), .ricerc.json, .ricerc.yaml, .ricerc.yml, rice.config.json, rice.config.yaml, rice.config.yml, or the key "rice" of package.json, in the current folder or the nearest parent folder that has one, up to the root of the repository or the home folder.
User file: rice/config.json, rice/config.yaml or rice/config.yml under $XDG_CONFIG_HOME, by default ~/.config.
Keys are the flags in camelCase: maxPixels for --max-pixels. Keys for one command go under its name, as in "predict: {topK: 3}". Paths in a file are relative to that file.`;
  static override examples = [
    {description: 'All settings', command: '<%= config.bin %> config'},
    {description: 'As JSON, for scripts', command: '<%= config.bin %> config --json'},
  ];

  async run() {
    const settings = (await this.#allSettings()).map(withoutSecrets);
    const files = this.configFiles.map(({path, scope}) => ({path, scope}));
    const rows = settings.map(({name, value, origin}) => [
      name,
      value === null ? '-' : printable(String(value)),
      printable(origin),
    ]);
    const {style} = this;
    this.log(renderTable([['setting', 'value', 'from'].map((head) => style.dim(head)), ...rows], 'l'));
    if (files.length === 0)
      this.log(`\nNo configuration file was found; rice config --help says where rice looks for one.`);
    return {settings, files};
  }

  /** The shared settings, then each command's own. A shared one is repeated for a command that sets another value. */
  async #allSettings(): Promise<Setting[]> {
    const files = {env: process.env, files: this.configFiles};
    const sharedDefinitions = flagDefinitions({flags: sharedFlags, baseFlags: BaseCommand.baseFlags});
    const settings = await resolveSettings({flags: sharedDefinitions, ...files}, this);
    const shared = new Map(settings.map((setting) => [setting.name, setting]));
    for (const command of this.ownCommands()) {
      const flags = flagDefinitions(await command.load());
      for (const setting of await resolveSettings({command: command.id, flags, ...files}, this)) {
        const same = shared.get(setting.name);
        if (same?.value === setting.value && same?.origin === setting.origin) continue;
        settings.push({...setting, name: `${toCamelCase(command.id)}.${setting.name}`});
      }
    }
    return settings;
  }
}

/** A URL may contain a user name and a password. */
function withoutSecrets({value, ...setting}: Setting): Setting {
  const redact = (item: unknown) => (typeof item === 'string' ? withoutCredentials(item) : item);
  return {...setting, value: Array.isArray(value) ? value.map(redact) : redact(value)};
}
