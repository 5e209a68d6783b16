/** Writes the records of many folders: `node dataset-record-child.ts FOLDER FIRST COUNT RECORD`. */
import {join} from 'node:path';
import {writeDatasetRecord} from '../../src/dataset/dataset-record.ts';

const [folder, first, count, record] = process.argv.slice(2);
for (let i = 0; i < Number(count); i++)
  await writeDatasetRecord(join(folder, `set-${Number(first) + i}`), JSON.parse(record));
