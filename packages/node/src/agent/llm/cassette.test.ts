import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Cassette, digestOfRequest, formatHeading, recorded } from './cassette.ts'
import { ModelFailure } from './model-failure.ts'
import { scripted, someRequest } from './scripted-chat.ts'

const folder = mkdtempSync(join(tmpdir(), 'commonweal-cassette-'))
after(() => rmSync(folder, { recursive: true }))
const call = { signal: new AbortController().signal, epoch: 1 }
let files = 0
const newPath = (): string => join(folder, `${files++}.jsonl`)

describe('a cassette', () => {
  it('answers again what was recorded, each repeat with its own answer, and asks nobody', async () => {
    const path = newPath()
    const live = recorded(
      scripted((_, index) => ({ text: `answer ${index}`, promptTokens: 3, costMicroUsd: 5n })),
      new Cassette(path, 'record'),
    )
    const requests = [someRequest(9), someRequest(9, 'Other?'), someRequest(9)]
    const said = []
    for (const request of requests) said.push(await live.complete(request, call))
    const silent = scripted(() => assert.fail('nobody is asked'))
    const replay = recorded(silent, new Cassette(path, 'replay-only'))
    for (const [index, request] of requests.entries()) {
      assert.deepEqual(await replay.complete(request, call), said[index])
    }
    await assert.rejects(replay.complete(someRequest(9), call), { code: 'not-recorded' })
  })

  it('fails again where the model failed, with what the failure cost', async () => {
    const path = newPath()
    const reply = { text: '', promptTokens: 7, completionTokens: 1, costMicroUsd: null }
    const failing = scripted(() => {
      throw new ModelFailure('empty-reply', 'the reply is empty', { reply })
    })
    await assert.rejects(
      recorded(failing, new Cassette(path, 'record')).complete(someRequest(9), call),
    )
    const replay = recorded(failing, new Cassette(path, 'replay-only'))
    await assert.rejects(replay.complete(someRequest(9), call), { code: 'empty-reply', reply })
  })

  it('in replay asks for what is missing, and adds it', async () => {
    const path = newPath()
    await recorded(
      scripted(() => ({ text: 'a' })),
      new Cassette(path, 'record'),
    ).complete(someRequest(9), call)
    const live = scripted(() => ({ text: 'b' }))
    const replay = recorded(live, new Cassette(path, 'replay'))
    assert.equal((await replay.complete(someRequest(9), call)).text, 'a')
    assert.equal((await replay.complete(someRequest(9, 'New?'), call)).text, 'b')
    assert.equal(live.requests.length, 1)
    const whole = recorded(live, new Cassette(path, 'replay-only'))
    assert.equal((await whole.complete(someRequest(9, 'New?'), call)).text, 'b')
  })

  it('counts repeats in each of many runs by itself, in any order, and skips what is said of the whole', async () => {
    const path = newPath()
    appendFileSync(path, formatHeading({ note: 'of nobody' }))
    const live = scripted((_, index) => ({ text: `answer ${index}` }))
    const recording = new Cassette(path, 'replay')
    const said = new Map<string, readonly string[]>()
    for (const run of ['a', 'b']) {
      const chat = recorded(live, recording.ofRun(run))
      const texts = [someRequest(9), someRequest(9)].map((request) => chat.complete(request, call))
      said.set(
        run,
        (await Promise.all(texts)).map(({ text }) => text),
      )
    }
    assert.deepEqual([...said.values()].flat(), ['answer 0', 'answer 1', 'answer 2', 'answer 3'])
    const replay = new Cassette(path, 'replay-only')
    for (const run of ['b', 'a']) {
      const chat = recorded(live, replay.ofRun(run))
      for (const text of said.get(run) ?? []) {
        assert.equal((await chat.complete(someRequest(9), call)).text, text)
      }
      await assert.rejects(chat.complete(someRequest(9), call), { code: 'not-recorded' })
    }
  })

  it('tells requests apart by all that decides a reply', () => {
    const base = someRequest(9)
    const others = [
      { ...base, model: 'other' },
      { ...base, messages: [...base.messages, ...base.messages] },
      { ...base, schema: { ...base.schema, json: { type: 'array' } } },
      { ...base, parameters: { ...base.parameters, seed: 1 } },
    ]
    assert.equal(new Set([base, ...others].map(digestOfRequest)).size, 5)
  })

  it('that is no cassette is refused with its line', () => {
    const path = newPath()
    appendFileSync(path, '{"digest": "x"}\n')
    assert.throws(() => new Cassette(path, 'replay-only'), /line 1/)
    assert.throws(() => new Cassette(newPath(), 'replay-only'), /a file that was recorded/)
  })
})
