// A real Bluesky PDS (@atproto/pds) with an in-memory PLC directory (@did-plc/server), on loopback.
//
//   PDS_DIR=/some/dir PDS_JWT_SECRET=… [RATE_LIMITS=1] [LOG_ENABLED=1 LOG_DESTINATION=/a/file]
//
// Prints one line of JSON when both answer: {"url": "http://localhost:PORT", "pid": …}.
// Stops on SIGTERM, on SIGINT and when stdin closes, so that it cannot outlive whoever started it.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { PDS, envToCfg, envToSecrets, readEnv } from '@atproto/pds'
import plc from '@did-plc/server'

// Both servers take a port, no address, and must know the port before they listen. So we bind free
// ports on loopback ourselves and hand the bound sockets over: nobody can take them in between.
const reserved = new Map()

async function reservePort() {
  const socket = net.createServer().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  reserved.set(port, socket)
  return port
}

const listen = http.Server.prototype.listen
http.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, reserved.get(Number(port)), ...rest)
}

function setting(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

const secret = () => randomBytes(32).toString('hex')
const dir = setting('PDS_DIR')
const plcPort = await reservePort()
const pdsPort = await reservePort()

Object.assign(process.env, {
  PDS_PORT: String(pdsPort),
  PDS_HOSTNAME: 'localhost', // makes the public URL http://localhost:PORT and the handles *.test
  PDS_DATA_DIRECTORY: dir,
  PDS_BLOBSTORE_DISK_LOCATION: path.join(dir, 'blobs'),
  PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
  PDS_INVITE_REQUIRED: 'false',
  PDS_DEV_MODE: 'true', // allows http and loopback targets
  PDS_RATE_LIMITS_ENABLED: process.env.RATE_LIMITS === '1' ? 'true' : 'false',
  PDS_JWT_SECRET: setting('PDS_JWT_SECRET'), // chosen outside: tests make expired tokens with it
  PDS_ADMIN_PASSWORD: secret(),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret(),
})

const plcServer = plc.PlcServer.create({ db: new plc.MockDatabase(), port: plcPort })
await plcServer.start()
const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()

async function stop() {
  await pds.destroy()
  await plcServer.destroy()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.stdin.once('close', stop).resume()

console.log(JSON.stringify({ url: `http://localhost:${pdsPort}`, pid: process.pid }))
