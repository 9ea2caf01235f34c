import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

/** Two hosts that talk in every way there is, then stop, with nothing that ends the process but an empty event loop. */
const PROGRAM = `
import { createHost } from ${JSON.stringify(new URL('host.ts', import.meta.url).href)}
const networkId = 'stop-test'
const up = Promise.withResolvers()
const a = await createHost({ secretKey: new Uint8Array(32).fill(1), networkId })
const b = await createHost({
  secretKey: new Uint8Array(32).fill(2),
  networkId,
  limits: { dialDeferMs: 0, redialMsMin: 60_000, redialMsMax: 60_000 },
  bootNodes: [...a.addresses(), a.addresses()[0].replace(/p2p.*/, 'p2p/12D3KooWCu2sMmJtNdzJcTkvUPDmbYjzRNeGqzaAmBUmzpRqR9NU')],
  onPeer: (event) => event.kind === 'up' && up.resolve(),
})
await up.promise
a.onRequest(async function* () { yield new Uint8Array(3) })
for await (const frame of b.request(a.peerId, new Uint8Array(1))) console.log(frame.length)
await b.send(a.peerId, 'consensus', new Uint8Array(10))
await b.publish('negotiation', new Uint8Array(10))
b.setBlocked([a.peerId])
while (b.peers().length > 0) await new Promise((resolve) => setImmediate(resolve))
a.ban(b.peerId, 'test')
b.setBlocked([])
await Promise.all([a.stop(), b.stop()])
console.log('stopped')
`

test('a process whose hosts have stopped ends by itself', { timeout: 20_000 }, async (t) => {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--input-type=module', '--eval', PROGRAM],
    { stdio: ['ignore', 'pipe', 'inherit'], signal: t.signal },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.equal(output, '3\nstopped\n')
})
