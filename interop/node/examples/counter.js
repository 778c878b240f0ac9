// node examples/counter.js ENDPOINT NAME TIMES: a counter that all replicas hold; a late one gets it by state transfer.

import { connect } from '../src/index.js'

const [, , endpoint = 'tcp:127.0.0.1:7481', name = 'node', times = '10'] = process.argv
let count = 0
const client = await connect(endpoint)
const counter = await client.join('counter', {
  member: name,
  onMessage: ({ payload }) => { count += Number(new TextDecoder().decode(payload)) },
  capture: () => String(count),
  restore: (state) => { count = Number(new TextDecoder().decode(state)) },
})
for (let i = 0; i < Number(times); i++) await (await counter.send('1')).safe
await counter.barrier()
console.log(`${name}: ${count}`)
await counter.leave()
client.close()
