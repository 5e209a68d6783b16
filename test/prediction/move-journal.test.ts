import {chownSync, existsSync, linkSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {temporaryName} from '../../src/common/files/temporary-folder.ts';
import {finishMoves, MoveJournal} from '../../src/prediction/move-journal.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';

/** No process has this number. */
const NOBODY = 2 ** 30;

describe('the journal of moves', () => {
  const temporary = useTemporaryFolder();
  const at = (...names: string[]) => join(temporary(), ...names);
  const move = () => ({from: at('in', 'a.jpg'), temporary: at('out', 'Red', '.t'), to: at('out', 'Red', 'a.jpg')});
  const left = () => ({
    in: readdirSync(at('in')),
    red: readdirSync(at('out', 'Red')).sort(),
    out: readdirSync(at('out')),
  });

  /** The journal of a process that was killed. */
  function abandon(content: object = move()): string {
    const path = temporaryName(at('out', '.rice-move')).replace(`-${process.pid}-`, `-${NOBODY}-`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  beforeEach(() => writeTree(temporary(), {'in/a.jpg': 'a', 'out/Red/': ''}));

  it('says what is under way, and goes with the process', () => {
    const journal = new MoveJournal(at('out'));
    journal.run(move(), () => {
      const [name] = readdirSync(at('out')).filter((entry) => entry.startsWith('.'));
      expect(JSON.parse(readFileSync(at('out', name), 'utf8'))).to.deep.equal(move());
      // It is this process's, which lives.
      finishMoves(at('out'));
    });
    expect(existsSync(at('in', 'a.jpg'))).to.equal(true);
    journal.close();
    expect(readdirSync(at('out'))).to.deep.equal(['Red']);
  });

  it('removes an incomplete copy, and keeps the original', () => {
    abandon();
    writeTree(temporary(), {'out/Red/.t': ''});
    finishMoves(at('out'));
    expect(left()).to.deep.equal({in: ['a.jpg'], red: [], out: ['Red']});
  });

  it('removes a complete copy without a name of its own, also where another file has that', () => {
    abandon();
    writeTree(temporary(), {'out/Red/.t': 'a', 'out/Red/a.jpg': 'a'});
    finishMoves(at('out'));
    expect(left()).to.deep.equal({in: ['a.jpg'], red: ['a.jpg'], out: ['Red']});
  });

  for (const named of [true, false])
    it(`removes the original once its copy has its name${named ? '' : ', also without hard links'}`, () => {
      abandon();
      writeTree(temporary(), {'out/Red/a.jpg': 'a'});
      if (named) linkSync(at('out', 'Red', 'a.jpg'), at('out', 'Red', '.t'));
      finishMoves(at('out'));
      expect(left()).to.deep.equal({in: [], red: ['a.jpg'], out: ['Red']});
    });

  it('keeps an original that is another picture by now', () => {
    abandon();
    writeTree(temporary(), {'out/Red/a.jpg': 'a', 'in/a.jpg': 'b'});
    finishMoves(at('out'));
    expect(left()).to.deep.equal({in: ['a.jpg'], red: ['a.jpg'], out: ['Red']});
  });

  it('removes nothing because of a journal that names other folders, or is not written whole', () => {
    writeTree(temporary(), {'elsewhere/a.jpg': 'a', 'out/Red/a.jpg': 'a'});
    abandon({...move(), to: at('elsewhere', 'a.jpg')});
    abandon({...move(), temporary: at('elsewhere', 'a.jpg')});
    writeFileSync(abandon(), '{"from":');
    finishMoves(at('out'));
    expect(left()).to.deep.equal({in: ['a.jpg'], red: ['a.jpg'], out: ['Red']});
    expect(existsSync(at('elsewhere', 'a.jpg'))).to.equal(true);
  });

  it('removes nothing because of the journal of another user', function () {
    // Only root can give a file to another user.
    if (process.getuid?.() !== 0) this.skip();
    writeTree(temporary(), {'out/Red/a.jpg': 'a'});
    chownSync(abandon(), 12345, 12345);
    finishMoves(at('out'));
    expect(left().in).to.deep.equal(['a.jpg']);
  });
});
