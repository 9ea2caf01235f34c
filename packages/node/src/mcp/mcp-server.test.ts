import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present } from '@commonweal/protocol'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { z } from 'zod'
import { fine, gameOf, withDeposit } from '../agent/llm/game/test-game.ts'
import { situationOf, termsOf, withProposal } from '../agent/llm/test-situation.ts'
import { capLaw } from '../agent/utility/candidate.ts'
import type { AssistantPort } from './assistant-port.ts'
import { createMcpServer } from './mcp-server.ts'
import { createTestPort } from './test-port.ts'

async function connect(port: AssistantPort): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const [own, other] = InMemoryTransport.createLinkedPair()
  await createMcpServer(port).connect(other)
  await client.connect(own)
  return client
}

const calledSchema = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.object({ type: z.literal('text'), text: z.string() })).length(1),
})

async function call(
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
): Promise<{ readonly isError: boolean; readonly text: string }> {
  const { isError, content } = calledSchema.parse(await client.callTool({ name, arguments: input }))
  return { isError, text: content[0]?.text ?? '' }
}

async function idOf(port: AssistantPort): Promise<string> {
  const { questions } = await port.look()
  return present(questions[0], 'something is asked').id
}

describe('the server that an assistant speaks to', () => {
  it('offers tools whose forms are those of a model’s replies', async () => {
    const client = await connect(createTestPort().port)
    const { tools } = await client.listTools()
    const forms = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema]))
    assert.deepEqual(
      [...forms.keys()],
      ['get_situation', 'wait_for_question', 'get_mandate'].concat([
        'harvest',
        'play',
        'propose',
        'accept',
        'reject',
        'pass',
        'forecast',
        'pay',
      ]),
    )
    assert.deepEqual(forms.get('harvest')?.required, ['question', 'request'])
    assert.equal(forms.get('harvest')?.['additionalProperties'], false)
    const propose = JSON.stringify(forms.get('propose'))
    for (const word of ['clauses', 'submission', 'graduatedSanction', 'multiplier', 'words']) {
      assert.ok(propose.includes(word), word)
    }
    const changing = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)
    assert.deepEqual(
      changing.map(({ name }) => name),
      ['harvest', 'play', 'propose', 'accept', 'reject', 'pass', 'forecast', 'pay'],
    )
  })

  it('tells what is asked, takes an answer, and refuses a wrong one so that it can be put right', async () => {
    const { agent, port } = createTestPort({ mandate: { requestPercentMax: 20 } })
    const client = await connect(port)
    const waiting = call(client, 'wait_for_question')
    const action = Promise.resolve(agent.act(situationOf()))
    const { text } = await waiting
    const question = await idOf(port)
    assert.ok(text.includes(`Question ${question}, 60 seconds left. Answer with \`harvest\``))
    assert.match(text, /How many units do you request\? You may request from 0 to 20\./)

    const wrong = await call(client, 'harvest', { question, request: 'all' })
    assert.ok(wrong.isError && /expected number, received string at request/.test(wrong.text))
    const greedy = await call(client, 'harvest', { question, request: 21 })
    assert.deepEqual(greedy, {
      isError: true,
      text: `The answer to ${question} cannot be used (outside-mandate): the request 21 is not from 0 to 20. Nothing is signed yet: 7 more answers may be given.`,
    })
    const good = await call(client, 'harvest', { question, request: 20, reason: 'It is allowed.' })
    assert.equal(good.isError, false)
    assert.equal(await action, 20n)
    const late = await call(client, 'harvest', { question, request: 3 })
    assert.ok(late.isError && /no-such-question.*nothing is asked now/.test(late.text))
  })

  it('takes every move of a negotiation', async () => {
    const { agent, port } = createTestPort()
    const client = await connect(port)
    const situation = situationOf()
    const law = capLaw('stock / 10')
    const offered = withProposal(situation, termsOf(situation, law))
    const moves: [string, object, object][] = [
      [
        'propose',
        { law, text: 'A tenth each.' },
        { move: 'propose', terms: { ...termsOf(situation, law), text: 'A tenth each.' } },
      ],
      ['accept', {}, { move: 'accept' }],
      ['reject', { text: 'Too little.' }, { move: 'reject', reason: 'terms', text: 'Too little.' }],
      ['pass', {}, { move: 'pass' }],
    ]
    for (const [tool, input, expected] of moves) {
      const move = Promise.resolve(agent.negotiate(tool === 'propose' ? situation : offered))
      const question = await idOf(port)
      assert.equal((await call(client, tool, { question, ...input })).isError, false)
      assert.deepEqual(await move, expected)
    }
  })

  it('plays a game, and sets aside what its law needs', async () => {
    const { agent, port } = createTestPort({ mandate: { game: { actions: [0, 1] } } })
    const client = await connect(port)
    const action = Promise.resolve(agent.act(gameOf()))
    const question = await idOf(port)
    assert.match(
      (await call(client, 'get_situation')).text,
      /You decide for seat 1.*Question .*Answer with `play`/s,
    )
    const wrong = await call(client, 'play', { question, action: 2 })
    assert.ok(wrong.isError && wrong.text.includes('the action 2 is none of 0, 1'))
    assert.equal((await call(client, 'play', { question, action: 1 })).isError, false)
    assert.equal(await action, 1n)

    const law = fine('base != 0', 13_000_000)
    const move = Promise.resolve(agent.negotiate(gameOf({ round: 2 })))
    const deposit = 13_000_000
    await call(client, 'propose', { question: await idOf(port), law, deposit })
    assert.deepEqual(await move, {
      move: 'propose',
      terms: withDeposit(gameOf({ round: 2 }), law, 3n * 13_000_000n),
    })
  })

  it('tells the role once where several things are asked', async () => {
    const { agent, port, clock } = createTestPort()
    const client = await connect(port)
    const actions = [1, 2].map((round) => Promise.resolve(agent.act(situationOf({ round }))))
    const { text } = await call(client, 'wait_for_question')
    assert.equal(text.match(/You decide for seat 1 of 5/g)?.length, 1)
    assert.equal(text.match(/How many units do you request/g)?.length, 2)
    clock.advance(60_000)
    await Promise.all(actions)
  })

  it('refuses a law of another form before it reaches the agent', async () => {
    const { agent, port, clock } = createTestPort()
    const client = await connect(port)
    const move = Promise.resolve(agent.negotiate(situationOf()))
    const question = await idOf(port)
    const law = { clauses: [{ at: 'dawn', when: 'true', then: { primitive: 'cap', limit: '1' } }] }
    const { isError, text } = await call(client, 'propose', { question, law })
    assert.ok(isError && text.includes('law.clauses[0].at'), text)
    assert.deepEqual(agent.usage?.().faults, {})
    clock.advance(60_000)
    await move
  })

  it('shows where the agent stands while nothing is asked, and what it may sign', async () => {
    const client = await connect(createTestPort({ mandate: { harvestPercentMin: 33 } }).port)
    const { text } = await call(client, 'get_situation')
    assert.match(text, /Nothing is asked of you now\.\n\nRound 1\. There are 100 units/)
    assert.match(text, /decided by utility λ=0\.6/)
    assert.match((await call(client, 'get_mandate')).text, /at least 33 % of an equal part/)
    const { resources } = await client.listResources()
    const texts = await Promise.all(
      resources.map(async ({ uri }) => JSON.stringify(await client.readResource({ uri }))),
    )
    assert.equal(texts.length, 2)
    assert.match(texts.join(), /There are 100 units.*at least 33 %/)
    const { messages } = await client.getPrompt({ name: 'decide' })
    assert.match(JSON.stringify(messages), /never an instruction to you/)
    assert.match(client.getInstructions() ?? '', /Call wait_for_question/)
  })

  it('says what is not there instead of failing', async () => {
    const nobody = (): Promise<never> => Promise.reject(new Error('no node runs here'))
    const client = await connect({ look: nobody, wait: nobody, answer: nobody })
    for (const name of ['get_situation', 'wait_for_question', 'get_mandate']) {
      assert.deepEqual(await call(client, name), { isError: true, text: 'no node runs here' })
    }
  })
})
