// Vejviser in a test of yours by Testcontainers (npm install --save-dev testcontainers), with Node's own runner:
//
//   HUB_IMAGE=registry.example/vejviser:0.1.0 node --test testcontainers.test.mjs
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { GenericContainer, Wait } from "testcontainers";
import { logIn } from "./visitor.mjs";

/** A port that nobody has at the moment. */
const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

let hub;
let site;

before(async () => {
  // The hub's addresses stand in every message, so it must know its port before it starts. Testcontainers' random port
  // is known afterwards only: choose one here, publish 7878 as that, and say it in VEJVISER_PUBLIC_URL.
  const port = await freePort();
  site = (name) => `http://${name}.localhost:${port}`;
  const image = process.env.HUB_IMAGE;
  assert.ok(image, "HUB_IMAGE says which image");
  hub = await new GenericContainer(image)
    .withEnvironment({ VEJVISER_PUBLIC_URL: site("hub") })
    // Your own federation instead of the demo's, with your system in it:
    // .withCopyDirectoriesToContainer([{ source: "federation", target: "/work" }])
    // .withEnvironment({ VEJVISER_CONFIG: "federation.toml" })
    .withExposedPorts({ container: 7878, host: port })
    .withWaitStrategy(Wait.forHealthCheck()) // of the image; /healthz answers inside the container only
    .start();
});

after(async () => {
  await hub?.stop();
});

test("somebody who can do everything gets in", async () => {
  const page = await logIn(`${site("borgerportal")}/log-ind`, `${site("eksempelstrup")}/metadata`, "anna");
  assert.equal(page.status, 200);
  assert.match(page.body, /Logget ind/);
});

test("somebody without an NSIS identity does not, and the hub says why", async () => {
  const page = await logIn(`${site("borgerportal")}/log-ind`, `${site("eksempelstrup")}/metadata`, "carla");
  assert.doesNotMatch(page.body, /Logget ind/);
  const { exitCode, output } = await hub.exec(["/vejviser", "flows", "list", "--outcome", "refused"]);
  assert.equal(exitCode, 0);
  assert.match(output, /Borgerportalen/);
});
