import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { ok } from '@commonweal/protocol'
import { type FixtureResponse, LLMock } from '@copilotkit/aimock'
import { z } from 'zod'
import { ask } from './ask.ts'
import { createLanguageModel, type LanguageModel } from './language-model.ts'
import { modelConfigSchema } from './model-config.ts'
import type { ModelFailureCode } from './model-failure.ts'
import { TestClock } from './test-clock.ts'

const GOOD = { content: '{"request": 7}' }
const schema: z.ZodType<{ request: number }> = z.strictObject({ request: z.int().min(0) })

const running: { stop: () => unknown }[] = []
after(() => Promise.all(running.map((server) => server.stop())))

type Step = FixtureResponse | (() => Promise<FixtureResponse>)

/** A server that answers by a list, the last for ever, and the model that asks it. */
async function serve(
  steps: readonly Step[],
  config: object = {},
): Promise<{ model: LanguageModel; clock: TestClock; mock: LLMock }> {
  const mock = new LLMock({ port: 0 })
  let index = 0
  mock.on({}, async () => {
    const step = steps[Math.min(index++, steps.length - 1)]
    assert.ok(step !== undefined)
    return typeof step === 'function' ? step() : step
  })
  await mock.start()
  running.push(mock)
  return { ...connect(`${mock.url}/v1`, config), mock }
}

function connect(baseUrl: string, config: object): { model: LanguageModel; clock: TestClock } {
  const clock = new TestClock()
  const model = createLanguageModel(modelConfigSchema.parse({ name: `m@${baseUrl}`, ...config }), {
    clock,
    environment: {},
    signal: new AbortController().signal,
    random: () => 0,
  })
  return { model, clock }
}

function put({ questioner }: LanguageModel): Promise<{ request: number }> {
  return ask(questioner, {
    name: 'answer',
    messages: [{ role: 'user', content: 'How much?' }],
    schema,
    epoch: 1,
    check: async (said) => ok(said),
  })
}

function faultsOf({ counter }: LanguageModel): unknown {
  return counter.read().faults
}

async function failsWith(model: LanguageModel, code: ModelFailureCode): Promise<void> {
  await assert.rejects(put(model), { code })
}

/** A bare server, for what the mock cannot do. */
async function serveBare(answer: RequestListener): Promise<ReturnType<typeof connect>> {
  const server: Server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  running.push({
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  const { port } = server.address() as AddressInfo
  return connect(`http://127.0.0.1:${port}/v1`, {})
}

const limited = (retryAfter: number): Step => ({
  error: { message: 'slow down', type: 'rate_limit_error' },
  status: 429,
  retryAfter,
})
const broken: Step = { error: { message: 'oh' }, status: 500 }

describe('a server that answers', () => {
  it('is asked with the schema, once, and its tokens are counted', async () => {
    const { model, mock } = await serve([
      { ...GOOD, usage: { prompt_tokens: 11, completion_tokens: 5 } },
    ])
    assert.deepEqual(await put(model), { request: 7 })
    const [entry] = mock.getRequests()
    assert.ok(entry !== undefined)
    const body = z
      .looseObject({ response_format: z.looseObject({ type: z.string() }) })
      .parse(entry.body)
    assert.equal(body.response_format.type, 'json_schema')
    const { calls, promptTokens, completionTokens, faults } = model.counter.read()
    assert.deepEqual([calls, promptTokens, completionTokens, faults], [1, 11, 5, {}])
  })

  it('429 with Retry-After is waited for as long as it says, and asked again', async () => {
    const { model, clock } = await serve([limited(7), GOOD])
    const answer = put(model)
    await clock.untilAlarms(2)
    assert.deepEqual(clock.waitsMs, [7_000, 50_000])
    clock.advance(7_000)
    assert.deepEqual(await answer, { request: 7 })
    assert.deepEqual(faultsOf(model), { 'rate-limited': 1 })
  })

  it('429 that asks for longer than a turn is worth fails at once', async () => {
    const { model } = await serve([limited(31)])
    await failsWith(model, 'rate-limited')
  })

  it('500 is asked four times, with waits that double', async () => {
    const { model, clock, mock } = await serve([broken])
    const answer = put(model)
    const waits: (number | undefined)[] = []
    for (let attempt = 0; attempt < 3; attempt++) {
      await clock.untilAlarms(2)
      const [waitMs = 0] = clock.waitsMs
      waits.push(waitMs)
      clock.advance(waitMs)
    }
    await assert.rejects(answer, { code: 'server-failed' })
    assert.deepEqual(waits, [500, 1_000, 2_000])
    assert.equal(mock.getRequests().length, 4)
    assert.deepEqual(faultsOf(model), { 'server-failed': 4 })
  })

  it('nothing at all is ended at the deadline of the turn', async () => {
    const asked = Promise.withResolvers<void>()
    const never = Promise.withResolvers<typeof GOOD>()
    const { model, clock } = await serve([
      () => {
        asked.resolve()
        return never.promise
      },
    ])
    const answer = put(model)
    await asked.promise
    clock.advance(49_999)
    clock.advance(1)
    await assert.rejects(answer, { code: 'timed-out' })
    never.resolve(GOOD)
  })

  it('half a body is asked again', async () => {
    let times = 0
    const { model, clock } = await serveBare((_, response) => {
      times += 1
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
      response.write('{"choices": [{"message": {"conte')
      setImmediate(() => response.destroy())
    })
    const answer = put(model)
    for (let attempt = 0; attempt < 3; attempt++) {
      await clock.untilAlarms(2)
      clock.advance(clock.waitsMs[0] ?? 0)
    }
    await assert.rejects(answer, { code: 'connection-lost' })
    assert.equal(times, 4)
    assert.deepEqual(faultsOf(model), { 'connection-lost': 4 })
  })

  it('malformed JSON as its response is asked again', async () => {
    const { model, clock, mock } = await serve([GOOD])
    mock.setChaos({ malformedRate: 1 })
    const answer = put(model)
    await clock.untilAlarms(2)
    mock.clearChaos()
    clock.advance(500)
    assert.deepEqual(await answer, { request: 7 })
    assert.deepEqual(faultsOf(model), { 'malformed-response': 1 })
  })

  it('a reply of the wrong shape is told what is wrong, twice, and may put it right', async () => {
    const wrong = { content: '{"request": "many"}' }
    const { model, mock } = await serve([wrong, { content: 'many' }, GOOD])
    assert.deepEqual(await put(model), { request: 7 })
    assert.deepEqual(faultsOf(model), { 'wrong-shape': 1, 'not-json': 1 })
    const last = mock.getLastRequest()
    assert.match(JSON.stringify(last?.body), /cannot be used \(not-json\)/)
  })

  it('a third bad reply is a failure, and no choice', async () => {
    const { model, mock } = await serve([{ content: '{"request": -1}' }])
    await failsWith(model, 'wrong-shape')
    assert.equal(mock.getRequests().length, 3)
  })

  it('a refusal or an empty reply counts as a bad reply', async () => {
    for (const [content, code] of [
      [{ content: null, refusal: 'I would rather not.' }, 'refused'],
      [{ content: '' }, 'empty-reply'],
    ] as const) {
      const { model } = await serveBare((_, response) => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ choices: [{ message: content, finish_reason: 'stop' }] }))
      })
      await failsWith(model, code)
      assert.deepEqual(faultsOf(model), { [code]: 3 })
    }
  })

  it('a megabyte is not read to its end', async () => {
    const { model, mock } = await serve([{ content: 'x'.repeat(1_000_000) }])
    await failsWith(model, 'reply-too-large')
    assert.equal(mock.getRequests().length, 1)
  })

  it('a refused form of structured output is asked in the next form', async () => {
    const refusal: Step = {
      error: { message: "'response_format.type' must be 'text'", type: 'invalid_request_error' },
      status: 400,
    }
    const { model, mock } = await serve([refusal, refusal, refusal, GOOD, GOOD])
    assert.deepEqual(await put(model), { request: 7 })
    await put(model)
    assert.equal(mock.getRequests().length, 5)
    const body = JSON.stringify(mock.getLastRequest()?.body)
    assert.doesNotMatch(body, /response_format/)
    assert.match(body, /one JSON object of this JSON Schema/)
  })

  it('an error in a body with status 200 is an error', async () => {
    const { model } = await serveBare((_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ error: { code: 401, message: 'no key' } }))
    })
    await failsWith(model, 'unauthorized')
  })

  it('is asked nothing that the budget cannot bear', async () => {
    const { model, mock } = await serve([GOOD], { tokensMax: 100 })
    await failsWith(model, 'over-budget')
    assert.equal(mock.getRequests().length, 0)
  })

  it('that lost a call may have billed it: it counts beside the one that was tried again', async () => {
    // Room for one call at its most, and for no second.
    const { model, clock, mock } = await serve([GOOD], { tokensMax: 5_000 })
    mock.setChaos({ malformedRate: 1 })
    const answer = put(model)
    await clock.untilAlarms(2)
    mock.clearChaos()
    clock.advance(500)
    await assert.rejects(answer, { code: 'over-budget' })
    assert.equal(mock.getRequests().length, 1)
  })
})

describe('a server of a known kind', () => {
  async function bodyFor(
    preset: string,
    path = '/v1',
  ): Promise<{ readonly text: string; readonly model: LanguageModel }> {
    const { mock } = await serve([{ ...GOOD, usage: { cost: 0.0000015 } }])
    const { model } = connect(`${mock.url}${path}`, { name: `${preset}:a/b@${mock.url}${path}` })
    await put(model)
    const entry = mock.getLastRequest()
    assert.ok(entry !== null)
    return { text: JSON.stringify(entry.body), model }
  }

  it('is asked in its own way', async () => {
    const openai = await bodyFor('openai')
    assert.match(
      openai.text,
      /"strict":true.*"max_completion_tokens"|"max_completion_tokens".*"strict":true/,
    )
    assert.doesNotMatch(openai.text, /"max_tokens"|"temperature"/)
    for (const preset of ['ollama', 'vllm', 'llama.cpp', 'lmstudio']) {
      const { text } = await bodyFor(preset)
      assert.match(text, /"max_tokens"/)
      assert.match(text, /"json_schema"/)
      assert.doesNotMatch(text, /"strict"/)
    }
  })

  it('that says what a call cost is believed', async () => {
    const { text, model } = await bodyFor('openrouter', '/api/v1')
    assert.match(text, /"require_parameters":true/)
    assert.equal(model.counter.read().costMicroUsd, 2n)
  })
})

describe('a model whose cost is limited', () => {
  it('needs a price, unless its server is free or says what calls cost', () => {
    const create = (config: object): LanguageModel =>
      createLanguageModel(modelConfigSchema.parse({ costMicroUsdMax: '1', ...config }), {
        clock: new TestClock(),
        environment: { OPENAI_API_KEY: 'k', OPENROUTER_API_KEY: 'k' },
        signal: new AbortController().signal,
      })
    assert.throws(() => create({ name: 'gpt-5-mini' }), /a price, where cost is limited/)
    create({ name: 'ollama:m' })
    create({ name: 'openrouter:a/b' })
    create({ name: 'gpt-5-mini', price: { promptMicroUsd: '1', completionMicroUsd: '1' } })
  })
})
