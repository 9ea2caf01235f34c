import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it } from 'node:test'
import { createNobleSigner, networkIdOf, present, secretKeyOf } from '@commonweal/protocol'
import { run, withFolder } from './command.ts'
import { LocalNetwork } from './local-network.ts'

const SEED = 'a2a-card'

/** What a node's card would be if somebody on the way changed it. */
async function serveChanged(
  change: (card: string) => string,
  card: unknown,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, response) => response.end(change(JSON.stringify(card))))
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
  }
}

describe('commonweal a2a card', () => {
  it('shows who signed a card, and fails where somebody else did or it was changed', async () => {
    await using network = new LocalNetwork({ nodes: 1, seed: SEED })
    const node = present(network.nodes[0], 'there is one')
    await node.start()
    const card = await node.get('/.well-known/agent-card.json')
    const { agent } = createNobleSigner(secretKeyOf(SEED, 0))
    await using same = await serveChanged((text) => text, card)
    await using changed = await serveChanged((text) => text.replace('node-0', 'node-1'), card)
    await using none = await serveChanged(() => 'no card', card)
    await withFolder(async (folder) => {
      const shown = await run(['a2a', 'card', same.url, '--agent', agent, '--json'], folder)
      assert.equal(shown.code, 0, shown.stderr)
      const told = JSON.parse(shown.stdout)
      assert.deepEqual([told.isSigned, told.agent], [true, agent])
      assert.equal(told.network, networkIdOf(network.genesis))
      for (const [args, code, sentence] of [
        [[same.url, '--agent', '0'.repeat(64)], 1, /is signed by/],
        [[same.url, '--agent', 'nobody'], 2, /64 hex digits/],
        [[changed.url], 1, /somebody has changed/],
        [[none.url], 1, /no JSON/],
      ] as const) {
        const refused = await run(['a2a', 'card', ...args], folder)
        assert.equal(refused.code, code, refused.stderr)
        assert.match(refused.stderr, sentence)
      }
    })
  })
})
