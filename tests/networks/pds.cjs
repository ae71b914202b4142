// The official server of Bluesky on loopback, with a directory of its own: prints its address once it is ready.
// Usage: node pds.cjs FOLDER_OF_NODE_MODULES FOLDER_FOR_ITS_DATA FREE_PORT; it ends when its input does.
const path = require("node:path");

const [modules, data, port] = process.argv.slice(2);
const load = (name) => require(require.resolve(name, { paths: [path.resolve(modules)] }));

async function start() {
  const { Database, PlcServer } = load("@did-plc/server");
  const directory = PlcServer.create({ db: Database.mock(), port: 0 });
  const listening = await directory.start();
  Object.assign(process.env, {
    LOG_ENABLED: "false",
    PDS_ADMIN_PASSWORD: "admin",
    PDS_BLOBSTORE_DISK_LOCATION: path.join(data, "blobs"),
    PDS_DATA_DIRECTORY: data,
    PDS_DEV_MODE: "true",
    PDS_DID_PLC_URL: `http://127.0.0.1:${listening.address().port}`,
    PDS_HOSTNAME: "localhost",
    PDS_INVITE_REQUIRED: "false",
    PDS_JWT_SECRET: "a secret of this test alone",
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: "11".repeat(32),
    PDS_PORT: port,
    PDS_SERVICE_HANDLE_DOMAINS: ".test",
  });
  const { PDS, envToCfg, envToSecrets, readEnv } = load("@atproto/pds");
  const env = readEnv();
  const pds = await PDS.create(envToCfg(env), envToSecrets(env));
  await pds.start();
  console.log(`http://127.0.0.1:${port}`);
}

process.stdin.resume().on("end", () => process.exit(0));
start().catch((error) => {
  console.error(error);
  process.exit(1);
});
