import assert from 'node:assert/strict'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { followLines, readTail } from './log-tail.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonweal-log-'))
})
after(() => rm(folder, { recursive: true, force: true }))

test('the last lines are whole even where the file is larger than what is read at once', async () => {
  const path = join(folder, 'large')
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'λ'.repeat(20)}`)
  await writeFile(path, `${lines.join('\n')}\n`)
  assert.deepEqual((await readTail(path, 3)).lines, lines.slice(-3))
  assert.deepEqual((await readTail(path, 4_000)).lines, lines.slice(-4_000))
  assert.deepEqual((await readTail(path, 9_000)).lines, lines)
})

test('a last line without an end counts as a line', async () => {
  const path = join(folder, 'open')
  await writeFile(path, 'one\ntwo')
  assert.deepEqual(await readTail(path, 1), { lines: ['two'], end: 7 })
})

test('an empty file and no file have no lines', async () => {
  const path = join(folder, 'empty')
  await writeFile(path, '')
  assert.deepEqual(await readTail(path, 5), { lines: [], end: 0 })
  assert.deepEqual(await readTail(join(folder, 'none'), 5), { lines: [], end: 0 })
})

test('following gives whole lines from a position on, those that come later too', async () => {
  const path = join(folder, 'followed')
  await writeFile(path, 'before\nfirst\nλa')
  const stop = new AbortController()
  const lines = followLines(path, 'before\n'.length, stop.signal)[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, 'first')
  const second = lines.next()
  await appendFile(path, 'te\n')
  assert.equal((await second).value, 'λate')
  stop.abort()
  assert.equal((await lines.next()).done, true)
})
