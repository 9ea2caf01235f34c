import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { z } from 'zod'
import { type Asked, startModelServer } from '../model-server.ts'
import { Command, MAIN, withFolder } from './command.ts'

const SEAT = 4
const ROUNDS = 3

const viewSchema = z.object({
  questions: z.array(z.object({ id: z.string(), asks: z.string() })),
})

const callSchema = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.object({ text: z.string() })),
  structuredContent: z.looseObject({}),
})

/** What one call of a tool came to. */
interface Called {
  readonly isError: boolean
  readonly text: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A person's assistant: a client of the official SDK that decides by a script. */
class ScriptedAssistant {
  readonly harvests: number[] = []
  readonly refusals: string[] = []
  readonly #client = new Client({ name: 'script', version: '1' })

  /** Starts `commonweal mcp`, as a desktop assistant does. */
  async attach(data: string): Promise<void> {
    const args = ['--conditions=source', MAIN, 'mcp', '--data', data]
    await this.#client.connect(new StdioClientTransport({ command: process.execPath, args }))
  }

  /** Answers until the signal aborts. */
  async play(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { text, data } = await this.#call('wait_for_question', { seconds: 1 })
      // One seat is asked one thing at a time.
      const [question] = viewSchema.parse(data).questions
      if (question === undefined) continue
      if (question.asks === 'request') await this.#harvest(question.id, text)
      else await this.#negotiate(question.id, text)
    }
  }

  async detach(): Promise<void> {
    await this.#client.close()
  }

  /** Asks for more than there is, and then for a little less than the law allows. */
  async #harvest(question: string, words: string): Promise<void> {
    const [, round = '', stock = ''] = /^Round (\d+)\. There are (\d+) units/m.exec(words) ?? []
    const greedy = await this.#call('harvest', { question, request: Number(stock) + 1 })
    this.#keepRefusal(greedy)
    const request = Math.floor(Number(stock) / 10) - (Number(round) % 3)
    const modest = await this.#call('harvest', { question, request, reason: 'Enough for me.' })
    if (!modest.isError) this.harvests.push(request)
  }

  /** Tries to give its seat away, and then takes what is on the table. */
  async #negotiate(question: string, words: string): Promise<void> {
    const limit = `self == ${SEAT} ? 0 : stock / 4`
    this.#keepRefusal(await this.#call('propose', { question, law: cap(limit) }))
    const isEmpty = /Terms on the table:\nnone/.test(words)
    await this.#call(isEmpty ? 'propose' : 'accept', {
      question,
      ...(isEmpty ? { law: cap('stock / 10') } : {}),
    })
  }

  #keepRefusal({ isError, data }: Called): void {
    if (isError) this.refusals.push(String(data['code']))
  }

  async #call(name: string, input: Record<string, unknown>): Promise<Called> {
    const { isError, content, structuredContent } = callSchema.parse(
      await this.#client.callTool({ name, arguments: input }),
    )
    return { isError, text: content[0]?.text ?? '', data: structuredContent }
  }
}

function cap(limit: string): object {
  return { clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit } }] }
}

/** The two models: a tenth of the stock, by law and by deed. */
function decide({ kind, stock, prompt }: Asked): object {
  if (kind === 'request') return { request: Math.floor(stock / 10), reason: null }
  const isEmpty = /Terms on the table:\nnone/.test(prompt)
  const move = isEmpty ? 'propose' : /Held by:.*you/.test(prompt) ? 'pass' : 'accept'
  const law = {
    clauses: [
      {
        at: 'submission',
        when: 'true',
        then: { primitive: 'cap', limit: 'stock / 10', over: null },
      },
    ],
  }
  return { move, law: isEmpty ? law : null, words: null, text: null }
}

const resultSchema = z.object({
  rows: z.array(z.object({ requests: z.array(z.int()), absent: z.array(z.boolean()) })),
  contracts: z.array(
    z.object({
      words: z.array(z.string()),
      signers: z.array(z.string()),
      talks: z.array(
        z.object({ speaker: z.string(), move: z.string(), words: z.array(z.string()) }),
      ),
    }),
  ),
  agents: z.array(
    z.object({
      policy: z.string(),
      model: z
        .object({
          model: z.string(),
          turns: z.int(),
          choices: z.int(),
          failures: z.record(z.string(), z.int()),
          faults: z.record(z.string(), z.int()),
        })
        .nullable(),
    }),
  ),
})

test('two models, two closed-form agents and one client of the Model Context Protocol finish a run', () =>
  withFolder(async (folder) => {
    await using server = await startModelServer(decide)
    const up = new Command(
      ['up', '--json', '--data', 'runs', '--rounds', String(ROUNDS), '--law', 'stock / 10']
        .concat(['--agent', 'utility,utility,llm,llm,assistant', '--think', '30'])
        .concat(['--model', `tester@${server.url}`]),
      folder,
    )
    await up.document('started')
    const assistant = new ScriptedAssistant()
    const over = new AbortController()
    await assistant.attach(`${folder}/runs`)
    const playing = assistant.play(over.signal)
    // Its last question may be open when the network ends.
    playing.catch(() => undefined)
    const result = resultSchema.parse(await up.document('result'))
    over.abort()
    await assistant.detach()
    assert.equal(await up.exit, 0, up.stderr)

    assert.equal(result.rows.length, ROUNDS)
    assert.ok(result.rows.every(({ absent }) => !absent.includes(true)))
    assert.deepEqual(
      result.rows.map(({ requests }) => requests[SEAT]),
      assistant.harvests,
    )
    assert.ok(new Set(assistant.harvests).size > 1, 'the script asks for different amounts')

    const models = result.agents.map(({ model }) => model)
    assert.deepEqual(
      models.map((model) => model?.model ?? null),
      [null, null, `tester@${server.url}`, `tester@${server.url}`, 'assistant'],
    )
    const own = models[SEAT]
    assert.deepEqual(own?.failures, {})
    assert.deepEqual(own?.faults, { 'outside-mandate': assistant.refusals.length })
    assert.ok(assistant.refusals.length > ROUNDS)
    assert.equal(own?.turns, own?.choices)

    const [contract] = result.contracts
    assert.ok(contract !== undefined && contract.signers.includes(`node-${SEAT}`))
    const said = contract.talks.filter(({ speaker }) => speaker === `node-${SEAT}`)
    assert.ok(said.length > 0)
    assert.doesNotMatch(said.flatMap(({ words }) => words).join(' '), /stock \/ 4/)
  }))

const servingSchema = z.object({ url: z.string(), tokenFile: z.string() })

test('over HTTP it serves whoever has the token, says that no network runs, and ends with Ctrl-C', () =>
  withFolder(async (folder) => {
    const command = new Command(['mcp', '--http', '0', '--json', '--data', 'runs'], folder)
    const { url, tokenFile } = servingSchema.parse(await command.document('serving'))
    const ask = async (headers: Readonly<Record<string, string>>): Promise<string> => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'get_situation', arguments: {} },
        }),
      })
      return `${response.status} ${await response.text()}`
    }
    assert.equal(await ask({}), '401 {"code":"token-required"}')
    const token = (await readFile(tokenFile, 'utf8')).trim()
    const said = await ask({ authorization: `Bearer ${token}` })
    assert.match(said, /^200 .*no network found in runs; start one.*"isError":true/)
    command.signal('SIGINT')
    assert.equal(await command.exit, 130)
    assert.equal(command.stderr, '')
  }))
