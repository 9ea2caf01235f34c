import { parseArgs } from 'node:util'
import { createNodeSigner, createNodeVerify } from '@commonweal/node'
import { publicKeyOf, secretKeyOf } from '@commonweal/protocol'
import { processorMsSince, runScale } from './scale-run.ts'

const USAGE = `npm run bench:scale -- [options]

Plays a commons among validators with followers, all in one process and virtual time. Its limit is what the same signed messages
would cost real nodes in signature checks alone: deliveries × one Ed25519 check of node:crypto, measured in the same run.

  --validators N  (default 32)
  --followers N   (default 968)
  --heights N     final blocks at every replica (default 20)
  --json          print JSON
`
/** Goal: all that a simulated replica does with a message costs no more than the check of its signature. */
const RATIO_MAX = 1
const CHECKS = 5_000
const WARM_UP_CHECKS = 500
const MESSAGE_SIZE = 256

const { values } = parseArgs({
  options: {
    validators: { type: 'string', default: '32' },
    followers: { type: 'string', default: '968' },
    heights: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

/** Exit code 0 when every replica has all heights and the goal is met, 1 when not, 2 for a wrong option. */
function main(): number {
  const options = {
    validators: Number(values.validators),
    followers: Number(values.followers),
    heights: Number(values.heights),
  }
  const isGood = Object.values(options).every((count) => Number.isInteger(count) && count >= 0)
  if (values.help || !isGood || options.validators < 1 || options.validators > 64) {
    process.stdout.write(USAGE)
    return values.help ? 0 : 2
  }
  const checkUs = measureCheckUs()
  const { failures, ...report } = runScale(options)
  const limitMs = (report.deliveries * checkUs) / 1_000
  const ratio = report.processorMs / limitMs
  const peakMib = process.resourceUsage().maxRSS / 1_024
  const count = options.validators + options.followers
  const isDone = failures.length === 0 && report.doneCount === count
  const figure = { ...options, ...report, checkUs, limitMs, ratio, peakMib, isDone }
  if (values.json) process.stdout.write(`${JSON.stringify(figure, null, 2)}\n`)
  else {
    process.stdout.write(
      `${report.doneCount} of ${count} replicas at height ${options.heights}, ${report.deliveries} deliveries, ${report.virtualMs} virtual ms
time         ${(report.processorMs / 1_000).toFixed(1)} s of a processor
limit        ${(limitMs / 1_000).toFixed(1)} s: as many Ed25519 checks of ${checkUs.toFixed(0)} µs
ratio        ${ratio.toFixed(2)}   goal ≤ ${RATIO_MAX}   ${ratio <= RATIO_MAX ? 'met' : 'not met'}
peak memory  ${peakMib.toFixed(0)} MiB, ${(peakMib / count).toFixed(2)} MiB a replica
`,
    )
    for (const { property, sentence } of failures) {
      process.stdout.write(`${property}: ${sentence}\n`)
    }
  }
  return isDone && ratio <= RATIO_MAX ? 0 : 1
}

/** One signature check of a node with the author's key at hand, in microseconds. */
function measureCheckUs(): number {
  const secretKey = secretKeyOf('scale', 0)
  const publicKey = publicKeyOf(createNodeSigner(secretKey).agent)
  const message = new Uint8Array(MESSAGE_SIZE)
  const signature = createNodeSigner(secretKey).sign(message)
  const verify = createNodeVerify(1)
  const check = (times: number): void => {
    for (let index = 0; index < times; index += 1) verify(publicKey, message, signature)
  }
  check(WARM_UP_CHECKS)
  const startedAt = process.cpuUsage()
  check(CHECKS)
  return (processorMsSince(startedAt) * 1_000) / CHECKS
}

process.exitCode = main()
