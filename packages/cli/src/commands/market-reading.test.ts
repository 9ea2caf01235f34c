import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { PlayedMarket, type PlayedQuestions, playMarket } from '../forecast/played-market.ts'
import type { NodeApi } from '../node-api.ts'
import { createOutput, formatJson } from '../output.ts'
import { createProgram } from '../program.ts'
import { saveRecord } from '../run-folder.ts'
import { CommandError, UsageError } from '../usage-error.ts'
import { runEmissionsTrace } from './emissions-trace.ts'
import { runForecastExplain } from './forecast-explain.ts'
import { runForecastLeaderboard } from './forecast-leaderboard.ts'
import { runForecastQuestions } from './forecast-questions.ts'

const servers: Server[] = []
let base = ''
let played: PlayedQuestions
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'commonweal-market-'))
  played = playMarket()
  await serve('played', played.market.api())
  await serve('young', new PlayedMarket().api())
  const { get, ...rest } = played.market.api()
  const { height } = played.market.stored.find(({ event }) => isEmission(event)) ?? { height: 0 }
  await serve('joined', { ...rest, get: (path) => get(path.replace('=0', `=${height}`)) }, 'shared')
  await serve('launched', played.market.api(), 'shared', 2)
  await serve('none', {
    ...rest,
    get: (path) => get(path.startsWith('/forecast') ? '/nothing' : path),
  })
})
after(async () => {
  for (const server of servers) server.close()
  await rm(base, { recursive: true, force: true })
})

function isEmission(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'emissionMicro' in event
}

/** A network on this machine, of which commands find the record; its nodes tell the same. */
async function serve(
  folderName: string,
  api: NodeApi,
  name: string = folderName,
  nodeCount = 1,
): Promise<void> {
  const server = createServer((request, response) => {
    api.get(request.url ?? '').then(
      (answer) => response.end(formatJson(answer)),
      () => response.writeHead(404).end('{"code":"no-market"}'),
    )
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const folder = join(base, folderName)
  await mkdir(folder)
  await saveRecord(folder, {
    version: 1,
    name,
    networkId: name,
    pid: process.pid,
    startedAtMs: 1,
    nodes: Array.from({ length: nodeCount }, (_, index) => ({
      index,
      name: `node-${index}`,
      peerId: 'p',
      pid: process.pid,
      api: `http://127.0.0.1:${address.port}`,
      address: '/ip4/127.0.0.1/tcp/1/p2p/p',
      dataFolder: folder,
      logFile: '/l',
    })),
  })
}

interface Flags {
  readonly data: string
  readonly network: string
  readonly json: boolean
}

/** What a command writes on standard output. */
async function written(
  run: (flags: Flags, output: ReturnType<typeof createOutput>) => Promise<void>,
  { network = 'played', json = false, columns }: Partial<Flags> & { columns?: number } = {},
): Promise<string> {
  let text = ''
  const sink = {
    write: (part: string) => {
      text += part
    },
    ...(columns === undefined ? {} : { isTTY: true, columns }),
  }
  const flags = { data: base, network, json }
  await run(flags, createOutput({ json, color: false }, sink, sink))
  return text
}

describe('commonweal forecast leaderboard', () => {
  it('shows the best first, and how many more there are', async () => {
    const text = await written((flags, output) =>
      runForecastLeaderboard({ ...flags, top: 2, by: 'weight' }, output),
    )
    assert.match(text, /^Leaderboard after 3 settled questions, by weight\n/)
    assert.match(text, /\n1 {2}forecaster-1 +forecaster +3 /)
    assert.match(text, /and 4 more; --top 6 shows all/)
    assert.doesNotMatch(text, /signal-3/)
  })

  it('asks those who were there from the start, or says that a node was not', async () => {
    const run = (flags: Flags, output: ReturnType<typeof createOutput>): Promise<void> =>
      runForecastLeaderboard({ ...flags, top: 20, by: 'weight' }, output)
    assert.equal(await written(run, { network: 'shared' }), await written(run))
    assert.match(
      await written(run, { network: 'joined' }),
      /joined later: it knows nothing from before epoch 2/,
    )
  })

  it('leaves columns out on a narrow terminal', async () => {
    const text = await written(
      (flags, output) => runForecastLeaderboard({ ...flags, top: 9, by: 'K' }, output),
      { columns: 80 },
    )
    const table = text.split('\n').slice(0, 8)
    assert.ok(table.every((line) => line.length <= 80))
    assert.match(text, /keeps n/)
    assert.doesNotMatch(text, /passed on {2}/)
  })

  it('prints one JSON document, amounts as decimal text', async () => {
    const text = await written(
      (flags, output) => runForecastLeaderboard({ ...flags, top: 20, by: 'weight' }, output),
      { json: true },
    )
    assert.equal(text.split('\n').length, 2)
    assert.match(text, /"weightFirstMicro":"1000000000"/)
  })

  it('says so where no question is settled, and where there is no market', async () => {
    const run = (flags: Flags, output: ReturnType<typeof createOutput>): Promise<void> =>
      runForecastLeaderboard({ ...flags, top: 20, by: 'weight' }, output)
    assert.match(
      await written(run, { network: 'young' }),
      /No question is settled yet: 0 questions/,
    )
    await assert.rejects(
      written(run, { network: 'none' }),
      (error) => error instanceof CommandError && /no forecasting market/.test(error.message),
    )
  })
})

describe('commonweal forecast questions', () => {
  it('shows those that are live with their heights, and the latest that are over', async () => {
    const text = await written((flags, output) =>
      runForecastQuestions({ ...flags, last: 2 }, output),
    )
    assert.match(text, /rain on 2014-03-06 +open +\d+ +\d+ +\d+ +\d+ +0 +0\n/)
    assert.match(text, /who\/won +second/)
    assert.match(text, /rain on 2014-03-04 +void/)
    assert.match(text, /and 2 before/)
  })

  it('fits a narrow terminal', async () => {
    const text = await written(
      (flags, output) => runForecastQuestions({ ...flags, last: 9 }, output),
      { columns: 76 },
    )
    assert.ok(text.split('\n').every((line) => line.length <= 76))
    assert.match(text, /rain on 2014-03-02 +rain/)
  })

  it('says so where there are none', async () => {
    const text = await written(
      (flags, output) => runForecastQuestions({ ...flags, last: 2 }, output),
      { network: 'young' },
    )
    assert.match(text, /none is open/)
    assert.match(text, /none so far/)
  })
})

describe('a market of whose history a part is not on the node', () => {
  it('is shown all the same, wherever the part lies, and what is missing is said', async () => {
    const heightMax = played.market.stored.at(-1)?.height ?? 0
    const step = Math.ceil(heightMax / 8)
    for (let first = 1; first <= heightMax; first += step) {
      const name = `gap-${first}`
      const { market } = playMarket()
      market.passOver(first, first + step)
      await serve(name, market.api())
      const flags = { network: name }
      const texts = [
        await written(
          (given, output) => runForecastQuestions({ ...given, last: 9 }, output),
          flags,
        ),
        await written(
          (given, output) => runForecastLeaderboard({ ...given, top: 9, by: 'weight' }, output),
          flags,
        ),
      ]
      texts.push(
        await written(
          (given, output) => runEmissionsTrace('forecaster-1', { ...given, dot: false }, output),
          flags,
        ),
      )
      for (const { event } of market.stored) {
        const asked = z
          .object({ kind: z.literal('question-asked'), question: z.string() })
          .safeParse(event)
        if (!asked.success) continue
        const { question } = asked.data
        texts.push(
          await written((given, output) => runForecastExplain(question, given, output), flags),
        )
      }
      for (const text of texts) {
        assert.match(
          text,
          new RegExp(`history of heights ${first} to ${first + step} is not on this`),
        )
      }
    }
  })
})

describe('commonweal forecast explain', () => {
  it('takes a topic, an id, and the beginning of one that `questions` shows', async () => {
    const explain = (question: string): Promise<string> =>
      written((flags, output) => runForecastExplain(question, flags, output))
    const text = await explain('seattle/2014-03-02/rain')
    assert.match(text, /^rain on 2014-03-02\n/)
    assert.equal(await explain(played.rain), text)
    const list = await written((flags, output) =>
      runForecastQuestions({ ...flags, last: 9 }, output),
    )
    const short = /^(\S+) +rain on 2014-03-02/m.exec(list)?.[1] ?? ''
    assert.ok(short.length < played.rain.length)
    assert.equal(await explain(short), text)
  })

  it('prints JSON with what was said as it was said', async () => {
    const text = await written((flags, output) => runForecastExplain(played.rain, flags, output), {
      json: true,
    })
    assert.match(text, /"reasoning":"warm front\\u001b\[31m/)
  })

  it('names near ones where there is no such question', async () => {
    await assert.rejects(
      written((flags, output) => runForecastExplain('seattle/2014-03-22/rain', flags, output)),
      (error) =>
        error instanceof UsageError && /\n {2}seattle\/2014-03-02\/rain/.test(error.message),
    )
  })
})

describe('commonweal emissions trace', () => {
  const trace = (of: string | undefined, dot = false, json = false): Promise<string> =>
    written((flags, output) => runEmissionsTrace(of, { ...flags, dot }, output), { json })

  it('shows the latest epoch that paid, an epoch, or an agent by name or beginning of id', async () => {
    const latest = await trace(undefined)
    const epoch = /^Epoch (\d+) /.exec(latest)?.[1]
    assert.match(latest, /who\/won/)
    assert.equal(await trace(epoch), latest)
    const agent = await trace('signal-3')
    const id = /^signal-3 {2}(\S+)/.exec(agent)?.[1] ?? ''
    assert.equal(await trace(id.slice(0, 12)), agent)
  })

  it('prints a graph, or JSON, and not both', async () => {
    assert.match(await trace(undefined, true), /^digraph emissions \{\n[^]*\n\}\n$/)
    assert.match(await trace('1', false, true), /"emissionMicro":"100000001"/)
    await assert.rejects(trace('1', true, true), UsageError)
  })

  it('names the epochs that there are', async () => {
    await assert.rejects(
      trace('999'),
      /epoch 999: it has no emission so far; accepted are 1 to \d+/,
    )
    await assert.rejects(
      written((flags, output) => runEmissionsTrace(undefined, { ...flags, dot: false }, output), {
        network: 'young',
      }),
      /no epoch has ended with an emission so far/,
    )
  })
})

it('every command that reads the market has a help text with an example', () => {
  const program = createProgram()
  const names = [
    ['forecast', 'leaderboard'],
    ['forecast', 'questions'],
    ['forecast', 'explain'],
    ['emissions', 'trace'],
  ]
  for (const [group, name] of names) {
    const command = program.commands
      .find((one) => one.name() === group)
      ?.commands.find((one) => one.name() === name)
    let help = ''
    command?.configureOutput({
      writeOut: (text) => {
        help += text
      },
    })
    command?.outputHelp()
    assert.match(help, new RegExp(`Examples?:\\n +\\S+.* ${group} ${name}`))
  }
})
