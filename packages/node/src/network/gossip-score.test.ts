import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPeerScoreParams, defaultTopicScoreParams } from '@chainsafe/libp2p-gossipsub/score'
import { computeGossipOptions } from './gossip.ts'
import { computeConvergence, computeDecay, computeTopicScore } from './gossip-score.ts'
import { DEFAULT_LIMITS } from './limits.ts'

test('a counter that decays over a time is a hundredth after it', () => {
  assert.ok(Math.abs(computeDecay(60) ** 60 - 0.01) < 1e-12)
})

test('a decaying counter settles where the formula says', () => {
  const decay = computeDecay(30)
  let counter = 0
  for (let second = 0; second < 1_000; second += 1) counter = counter * decay + 5
  assert.ok(Math.abs(counter - computeConvergence(decay, 5)) < 1e-6)
})

test('a steady topic that is silent everywhere takes nobody out of the mesh', () => {
  const topic = computeTopicScore({ ratePerSecond: 20, isSteady: true })
  const silentMs = topic.meshMessageDeliveriesActivation
  const timeInMesh = (silentMs / topic.timeInMeshQuantum) * topic.timeInMeshWeight
  const deficit = topic.meshMessageDeliveriesThreshold ** 2 * topic.meshMessageDeliveriesWeight
  assert.ok(deficit < 0)
  assert.ok(timeInMesh + deficit > 0, `${timeInMesh} ${deficit}`)
})

test('five rejected messages put their sender below the graylist, four do not', () => {
  const options = computeGossipOptions(someOptions())
  const graylist = options.scoreThresholds?.graylistThreshold ?? 0
  const topic = computeTopicScore({ ratePerSecond: 20, isSteady: false })
  const loss = (count: number): number => count ** 2 * topic.invalidMessageDeliveriesWeight
  assert.ok(loss(5) <= graylist && loss(4) > graylist)
})

test('every topic is scored, and nothing is left to the defaults that cover none', () => {
  const options = computeGossipOptions(someOptions())
  const scored = Object.keys(options.scoreParams?.topics ?? {})
  assert.deepEqual(scored, [...(options.allowedTopics ?? [])])
  assert.equal(scored.length, 3)
  for (const topic of Object.values(options.scoreParams?.topics ?? {})) {
    assert.deepEqual(Object.keys(topic).toSorted(), Object.keys(defaultTopicScoreParams).toSorted())
    assert.ok(topic.invalidMessageDeliveriesWeight < 0 && topic.firstMessageDeliveriesWeight > 0)
    assert.ok(topic.meshMessageDeliveriesWindow >= 1_000)
  }
})

test('our reputation is the application score, and loopback is not one crowded address', () => {
  const options = computeGossipOptions({
    ...someOptions(),
    reputationOf: (peerId) => -peerId.length,
  })
  const params = createPeerScoreParams(options.scoreParams)
  assert.equal(params.appSpecificWeight * params.appSpecificScore('four'), -4)
  assert.deepEqual([...params.IPColocationFactorWhitelist], ['127.0.0.1'])
})

test('peer exchange is for boot nodes', () => {
  assert.equal(computeGossipOptions(someOptions()).doPX, false)
  assert.equal(computeGossipOptions({ ...someOptions(), isBootNode: true }).doPX, true)
})

function someOptions(): Parameters<typeof computeGossipOptions>[0] {
  return {
    networkId: 'score-test',
    limits: DEFAULT_LIMITS,
    isBootNode: false,
    reputationOf: () => 0,
  }
}
