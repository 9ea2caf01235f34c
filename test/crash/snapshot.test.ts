import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { JoinError, openReplica } from '@commonweal/node'
import { type Cid, present } from '@commonweal/protocol'
import {
  AbsenceScene,
  agent,
  context,
  openStore,
  STATEMENT,
  stayers,
  UNBONDING_EPOCHS,
} from './absence-scene.ts'
import { Crash } from './crashing-store.ts'

/** Commits of the life in which it comes back at which it is killed, from 1 to this. */
const COMMITS = 8

describe('a node that was away until its peers keep the blocks that it lacks no more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'commonweal-snapshot-'))
  const home = join(folder, 'home')
  let scene: AbsenceScene
  let question: Cid
  /** Of its last block when it went. */
  let leftHeight = 0
  let isMute = false

  before(async () => {
    scene = new AbsenceScene()
    scene.isLost = (from) => isMute && from === agent
    const store = openStore(home)
    const member = scene.start(store)
    await scene.run('the first blocks are made', () => member.finalHeight() >= 3)
    question = await scene.ask()
    void member.loop.submit({
      kind: 'command',
      command: { kind: 'state', question, snapshot: 0, statement: STATEMENT },
    })
    await scene.run('its statement is sealed', () => scene.hasSealed(question))
    await scene.run('it has the block', () => scene.hasSealed(question, member))
    leftHeight = member.finalHeight()
    scene.leave()
    store.close()
    await scene.pruneBeyond(leftHeight)
  })
  after(() => {
    scene.close()
    rmSync(folder, { recursive: true })
  })

  it('has on disk the state before or the state after, whenever it dies while it takes the snapshot', async () => {
    // What it signs here nobody may hear: its disk is taken back.
    isMute = true
    const found = new Set<'before' | 'after'>()
    for (let commit = 1; commit <= COMMITS; commit += 1) {
      for (const when of ['before', 'after'] as const) {
        const copy = join(folder, `${when}-${commit}`)
        cpSync(home, copy, { recursive: true })
        const fault = await scene.liveAndDie(copy, { commit, when })
        assert.ok(fault instanceof Crash, String(fault))
        found.add(checkDisk(copy, leftHeight))
      }
    }
    assert.deepEqual(found, new Set(['before', 'after']))
    isMute = false
  })

  it('takes no snapshot in which everybody is rich, holds it against the liars, and asks another', async () => {
    const copy = join(folder, 'lied-to')
    cpSync(home, copy, { recursive: true })
    isMute = true
    const truthful = present(stayers.at(-1), 'there are three')
    scene.answer = (frame, from) =>
      from !== truthful && frame.kind === 'entries'
        ? { ...frame, entries: frame.entries.map(([key, value]) => [key, enrich(value)]) }
        : frame
    const store = openStore(copy)
    const member = scene.start(store)
    await scene.run('it is back', () => member.finalHeight() > leftHeight)
    assert.ok(scene.blamed.length > 0)
    assert.ok(scene.blamed.every(([liar, code]) => liar !== truthful && code === 'bad-content'))
    assert.equal(member.stateDigest(), store.head()?.header.stateDigest)
    scene.leave()
    store.close()
    scene.answer = (frame) => frame
    isMute = false
  })

  it('stands where the others stand, says what it passed over, votes again and opens what it had sealed', async () => {
    const store = openStore(home)
    const member = scene.start(store)
    await scene.run('it is back', () => member.finalHeight() > leftHeight)
    const [gap, ...more] = store.missing()
    assert.equal(gap?.first, leftHeight + 1)
    assert.deepEqual(more, [])
    assert.ok((gap?.last ?? 0) >= scene.lowestKept() - 1)
    assert.notEqual(store.finalBlock(leftHeight), undefined, 'what it had it has')
    const from = member.finalHeight()
    await scene.run('it votes', () => scene.hasFinalised(store, from))
    await scene.run('its statement is opened', () => scene.isOpened(store, question))
    const slashed = store.events({ afterHeight: 0, kinds: ['slashed'], countMax: 9 })
    assert.deepEqual(slashed, [])
    const { header } = present(store.head(), 'it followed')
    const followed = scene.members().map((each) => scene.storeOf(each))
    await scene.run('all have its last block', () =>
      followed.every((each) => each.finalBlock(header.height) !== undefined),
    )
    for (const each of followed) assert.deepEqual(each.finalBlock(header.height)?.header, header)
    scene.leave()
    store.close()
  })

  it('stops and asks for a checkpoint where it was away for longer than stake stays bonded', async () => {
    const copy = join(folder, 'too-long')
    cpSync(home, copy, { recursive: true })
    const store = openStore(copy)
    const left = present(store.head(), 'it has blocks').header.epoch
    await scene.run('it is away', () => scene.epoch() > left + UNBONDING_EPOCHS + 1)
    let fault: Error | undefined
    isMute = true
    scene.start(store, (error) => {
      fault = error
    })
    await scene.run('it stops', () => fault !== undefined)
    assert.ok(fault instanceof JoinError)
    assert.equal(fault.code, 'absent-too-long')
    assert.match(fault.message, /hand it a newer checkpoint/)
    assert.equal(store.head()?.header.epoch, left)
    store.close()
  })
})

/** What a start finds: it stands at its last block, or at a snapshot beyond it, and still knows what it had sealed. */
function checkDisk(folder: string, leftHeight: number): 'before' | 'after' {
  const store = openStore(folder)
  try {
    const { header } = present(store.head(), 'it has blocks')
    const { replica } = openReplica(context, store, 0)
    const { finalHeight, stateDigest } = replica.view()
    assert.deepEqual([finalHeight, stateDigest], [header.height, header.stateDigest])
    const { records, snapshot } = store.restore()
    const sealed = records.filter(({ kind }) => kind === 'statement')
    assert.ok(sealed.length > 0, 'its statement is in the journal')
    const isBefore = finalHeight === leftHeight
    if (isBefore) assert.deepEqual(store.missing(), [])
    else assert.ok((snapshot?.height ?? 0) > leftHeight)
    return isBefore ? 'before' : 'after'
  } finally {
    store.close()
  }
}

function enrich(value: unknown): unknown {
  const isAccount = typeof value === 'object' && value !== null && 'balanceMicro' in value
  return isAccount ? { ...value, balanceMicro: 1_000_000_000_000 } : value
}
