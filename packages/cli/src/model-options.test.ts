import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseAdversaries } from './experiment-options.ts'
import {
  createModels,
  describeModelHint,
  isAnyoneAsked,
  type ModelFlags,
  type Models,
  parseAgentKinds,
  parseDollars,
  parseModelNames,
  parsePrices,
} from './model-options.ts'
import { UsageError } from './usage-error.ts'

const KEY = { OPENAI_API_KEY: 'k' }
const folder = mkdtempSync(join(tmpdir(), 'commonweal-models-'))
after(() => rmSync(folder, { recursive: true }))

function create(change: Partial<ModelFlags>, environment: Record<string, string> = KEY): Models {
  const flags = { agent: parseAgentKinds('llm'), adversary: [], mandate: false }
  return createModels({ ...flags, ...change }, 5, environment)
}

const names = ({ byNode }: Models): unknown => byNode.map((model) => model?.name ?? null)

test('without models everything is as it was, whatever keys are set', () => {
  const models = create({ agent: parseAgentKinds('utility') })
  const nobody = Array(5).fill(null)
  const isAssistant = Array(5).fill(false)
  assert.deepEqual(models, { byNode: nobody, plugins: nobody, isAssistant, thinkMs: null })
  assert.equal(isAnyoneAsked(models), false)
})

test('one model stands for all, and a list for those that have one', () => {
  assert.deepEqual(names(create({ model: parseModelNames('a') })), ['a', 'a', 'a', 'a', 'a'])
  const agent = parseAgentKinds('llm,utility,llm,utility,utility')
  assert.deepEqual(names(create({ agent, model: parseModelNames('a,ollama:b:8b') })), [
    'a',
    null,
    'ollama:b:8b',
    null,
    null,
  ])
  assert.throws(() => create({ model: parseModelNames('a,b') }), /2 entries for 5 agents/)
})

test('an adversary plays its part, and no model decides for it', () => {
  const adversary = parseAdversaries('authority:4')
  assert.deepEqual(names(create({ adversary, model: ['a'] })), ['a', 'a', 'a', 'a', null])
  assert.deepEqual(names(create({ adversary, model: ['a', 'b', 'c', 'd'] })), [
    'a',
    'b',
    'c',
    'd',
    null,
  ])
})

test('an assistant decides where it is wanted, beside models and without one, and has time to', () => {
  const agent = parseAgentKinds('utility,llm,assistant,llm,assistant')
  const mixed = create({ agent, model: ['a'], adversary: parseAdversaries('authority:4') })
  assert.deepEqual(names(mixed), [null, 'a', null, 'a', null])
  assert.deepEqual(mixed.isAssistant, [false, false, true, false, false])
  const alone = create({ agent: parseAgentKinds('assistant') }, {})
  assert.deepEqual([alone.thinkMs, isAnyoneAsked(alone)], [60_000, true])
  assert.equal(create({ agent: parseAgentKinds('assistant'), think: 5 }).thinkMs, 5_000)
  assert.throws(
    () => create({ agent: parseAgentKinds('assistant'), model: ['a'] }),
    /--model needs/,
  )
  assert.throws(() => parseAgentKinds('human'), /Accepted: utility, llm, assistant/)
})

test('a file of one’s own decides where it is wanted, in the time of policies unless more is given', () => {
  const agent = parseAgentKinds('utility,./own.ts,utility,/mine/own.mjs,utility')
  const models = create({ agent, adversary: parseAdversaries('authority:3') })
  const own = { path: join(process.cwd(), 'own.ts') }
  assert.deepEqual(models.plugins, [null, own, null, null, null])
  assert.deepEqual([models.thinkMs, isAnyoneAsked(models)], [null, true])
  const guarded = create({ agent, mandate: true }).plugins
  assert.deepEqual(guarded.slice(1, 4), [
    { ...own, mandate: {} },
    null,
    { path: '/mine/own.mjs', mandate: {} },
  ])
  assert.throws(
    () => create({ agent: ['utility'], mandate: true }),
    /--mandate needs --agent <file>/,
  )
  assert.throws(
    () => parseAgentKinds('own.txt'),
    /«own\.txt» is no agent\. Accepted: .*\.\/my-agent\.ts/,
  )
})

test('a network of policies gives the time that somebody who joins it will need', () => {
  const models = create({ agent: parseAgentKinds('utility'), think: 90 })
  assert.deepEqual([models.thinkMs, isAnyoneAsked(models)], [90_000, false])
})

test('a model that cannot be asked is refused before anything starts', () => {
  assert.throws(() => create({}), /--agent llm needs --model/)
  assert.throws(() => create({ model: ['a'] }, {}), /the model a needs OPENAI_API_KEY/)
  assert.throws(() => create({ agent: ['utility'], model: ['a'] }), /--model needs --agent llm/)
  assert.deepEqual(names(create({ model: ['ollama:a'] }, {})), Array(5).fill('ollama:a'))
})

test('a limit of cost is shared out, and needs a price where nobody knows it', () => {
  const [model] = create({
    model: ['a'],
    maxCost: parseDollars('1'),
    price: parsePrices('0.25/2'),
  }).byNode
  assert.equal(model?.costMicroUsdMax, '200000')
  assert.deepEqual(model?.price, { promptMicroUsd: '250000', completionMicroUsd: '2000000' })
  assert.throws(() => create({ model: ['a'], maxCost: 1n }), /--max-cost needs --price for a/)
  create({ model: ['ollama:a'], maxCost: 1n })
})

test('a recording is not overwritten, a replay needs one, and asks nobody', () => {
  const file = join(folder, 'tape.jsonl')
  const modeOf = (change: Partial<ModelFlags>, environment = KEY): unknown =>
    create({ model: ['a'], ...change }, environment).byNode[0]?.cassette?.mode
  assert.throws(() => modeOf({ replay: file }), UsageError)
  assert.equal(modeOf({ record: file }), 'record')
  assert.equal(modeOf({ record: file, replay: file }), 'replay')
  writeFileSync(file, '')
  assert.throws(() => modeOf({ record: file }), /there already/)
  assert.equal(create({ model: ['a'], replay: file }, {}).byNode[0]?.cassette?.mode, 'replay-only')
})

test('who has a key is told how to switch', () => {
  const none = create({ agent: ['utility'] })
  assert.match(describeModelHint(none, KEY) ?? '', /OPENAI_API_KEY is set: with --agent llm/)
  assert.equal(describeModelHint(none, {}), undefined)
  assert.equal(describeModelHint(create({ model: ['a'] }), KEY), undefined)
})

test('what is no agent, model, sum or price is refused with what is accepted', () => {
  assert.throws(() => parseAgentKinds('robot'), /Accepted: utility, llm/)
  assert.throws(() => parseModelNames('a b'), /names no model/)
  for (const text of ['', '-1', '1.0000001', 'free'])
    assert.throws(() => parseDollars(text), /Accepted/)
  for (const text of ['1', '1/2/3', 'a/b']) assert.throws(() => parsePrices(text), /Accepted/)
  assert.equal(parseDollars('0.25'), 250_000n)
})
