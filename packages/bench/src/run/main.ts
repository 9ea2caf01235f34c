import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { measureRounds } from './speed.ts'

/** Decisions that one run measures: some seconds without a law, and fewer with one. */
const DECISION_COUNT = 120_000
const LAW_DECISION_COUNT = 6_000
const ROUND_COUNT = 12

process.stdout.write(
  'Rounds alone, one core: decisions a second, agents and recording included\n\n',
)
process.stdout.write(
  `  ${'agents'.padStart(7)}  ${'seats'.padStart(5)}  ${'law'.padEnd(8)}${'decisions/s'.padStart(12)}${'settleRound alone'.padStart(20)}${'of that'.padStart(9)}\n`,
)
for (const hasLaw of [false, true]) {
  for (const [seatCount, agentCount] of [
    [5, 100],
    [5, 1_000],
    [5, 10_000],
    [64, 9_984],
  ] as const) {
    // A negotiation among 64 takes minutes: every one of 128 turns looks ahead over all seats.
    if (hasLaw && (seatCount > 5 || agentCount > 1_000)) continue
    const budget = hasLaw ? LAW_DECISION_COUNT : DECISION_COUNT
    // Ten thousand agents are that many seats in runs one after the other; a subnet instance has at most 64.
    const runCount = Math.min(agentCount / seatCount, Math.ceil(budget / (ROUND_COUNT * seatCount)))
    const speed = await measureRounds({ seatCount, runCount, hasLaw })
    const { decisionsPerSecond, limitPerSecond } = speed
    process.stdout.write(
      `  ${String(runCount * seatCount).padStart(7)}  ${String(seatCount).padStart(5)}  ${(hasLaw ? 'one cap' : 'none').padEnd(8)}` +
        `${decisionsPerSecond.toFixed(0).padStart(12)}${limitPerSecond.toFixed(0).padStart(20)}` +
        `${`${((100 * decisionsPerSecond) / limitPerSecond).toFixed(0)} %`.padStart(9)}\n`,
    )
  }
}
process.stdout.write(
  `\n  For comparison, Ed25519 signatures verified a second by this machine: ${measureVerify().toFixed(0)}\n`,
)

function measureVerify(): number {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = createPublicKey(
    createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
  )
  const message = new Uint8Array(200)
  const signature = sign(null, message, privateKey)
  const count = 2_000
  const startedAtMs = performance.now()
  for (let index = 0; index < count; index++) verify(null, message, publicKey, signature)
  return (1_000 * count) / (performance.now() - startedAtMs)
}
