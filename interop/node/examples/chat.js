// node examples/chat.js ENDPOINT NAME: lines of the keyboard go to everybody.

import { createInterface } from 'node:readline'
import { connect } from '../src/index.js'

const [, , endpoint = 'tcp:127.0.0.1:7481', name = 'node'] = process.argv
const client = await connect(endpoint)
const chat = await client.join('chat', {
  member: name,
  onMessage: ({ sender, payload }) => console.log(`${sender ?? 'outside'}: ${new TextDecoder().decode(payload)}`),
  onView: ({ members }) => console.log(`-- here: ${members.join(', ')}`),
})
for await (const line of createInterface({ input: process.stdin })) await (await chat.send(line)).delivered
await chat.leave()
client.close()
