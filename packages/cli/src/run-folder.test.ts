import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  chooseNetwork,
  chooseNode,
  createRunFolder,
  findNetworks,
  type NetworkRecord,
  type NodeRecord,
  removeRunFolder,
  saveRecord,
} from './run-folder.ts'
import { CommandError, UsageError } from './usage-error.ts'

let base = ''
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'commonweal-cli-'))
})
after(() => rm(base, { recursive: true, force: true }))

function record(name: string, startedAtMs: number, pid = process.pid): NetworkRecord {
  const nodes = [nodeRecord(0), nodeRecord(1)]
  return { version: 1, name, networkId: 'n', pid, startedAtMs, nodes }
}

function nodeRecord(index: number): NodeRecord {
  return {
    index,
    name: `node-${index}`,
    peerId: 'p',
    pid: 1,
    api: 'http://127.0.0.1:1',
    address: '/ip4/127.0.0.1/tcp/1/p2p/p',
    dataFolder: '/d',
    logFile: '/l',
  }
}

test('the latest network that runs is chosen before a later one that does not', async () => {
  const place = join(base, 'choose')
  await mkdir(join(place, 'a'), { recursive: true })
  await mkdir(join(place, 'b'))
  await saveRecord(join(place, 'a'), record('first', 1))
  // No process has this id: Linux ids end at 2^22.
  await saveRecord(join(place, 'b'), record('second', 2, 2 ** 22 + 1))
  const found = await findNetworks(place)
  assert.deepEqual(
    found.map((network) => [network.record.name, network.isRunning]),
    [
      ['second', false],
      ['first', true],
    ],
  )
  assert.equal((await chooseNetwork(place, undefined)).record.name, 'first')
  assert.equal((await chooseNetwork(place, 'second')).record.name, 'second')
  assert.equal((await chooseNetwork(place, 'b')).record.name, 'second')
})

test('a name that no network has is refused with the names that there are', async () => {
  const place = join(base, 'names')
  await mkdir(join(place, 'a'), { recursive: true })
  await saveRecord(join(place, 'a'), record('first', 1))
  await assert.rejects(chooseNetwork(place, 'other'), (error) => {
    assert(error instanceof UsageError)
    assert.match(error.message, /no such network.*there are: first/)
    return true
  })
})

test('where no network is, the message says how to start one', async () => {
  await assert.rejects(chooseNetwork(join(base, 'empty'), undefined), (error) => {
    assert(error instanceof CommandError)
    assert.match(error.message, /commonweal up --keep/)
    return true
  })
})

test('a record that is broken or of another version is passed over', async () => {
  const place = join(base, 'broken')
  await mkdir(join(place, 'a'), { recursive: true })
  await writeFile(join(place, 'a', 'network.json'), '{ "version": 1')
  await mkdir(join(place, 'b'))
  await writeFile(join(place, 'b', 'network.json'), '{ "version": 2 }')
  assert.deepEqual(await findNetworks(place), [])
})

test('a node is found by index or name, and others are refused with what is accepted', () => {
  const network = record('first', 1)
  assert.equal(chooseNode(network, '1').index, 1)
  assert.equal(chooseNode(network, 'node-0').index, 0)
  assert.throws(() => chooseNode(network, '2'), /accepted: 0, 1/)
})

test('removing the last run removes the base folder too, and nothing else', async () => {
  const place = join(base, 'remove')
  const first = await createRunFolder(place, 0)
  await mkdir(join(place, 'mine'))
  await removeRunFolder(place, first)
  assert.deepEqual(await readdir(place), ['mine'])
  await rm(join(place, 'mine'), { recursive: true })
  const second = await createRunFolder(place, 0)
  await removeRunFolder(place, second)
  await assert.rejects(readdir(place))
})
