// Stands in for the package `testcontainers` where there is no container engine: starts the program itself where the
// example starts its image, so that the example's own lines are run. As much of the package as the example uses.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

const program = process.env.PROGRAM;

export const Wait = { forHealthCheck: () => "healthy" };

export class GenericContainer {
  constructor(image) {
    if (!image) throw new Error("no image");
    this.environment = {};
  }
  withEnvironment(environment) {
    Object.assign(this.environment, environment);
    return this;
  }
  withExposedPorts({ container, host }) {
    if (container !== 7878) throw new Error(`the image exposes 7878, not ${container}`);
    this.port = host;
    return this;
  }
  withWaitStrategy(strategy) {
    if (strategy !== "healthy") throw new Error("not by the image's health check");
    return this;
  }
  async start() {
    const listen = { VEJVISER_LISTEN: `127.0.0.1:${this.port}`, VEJVISER_MANAGE: "127.0.0.1:0", VEJVISER_READY_JSON: "1" };
    const child = spawn(program, ["demo"], { env: { ...this.environment, ...listen }, stdio: ["ignore", "pipe", "inherit"] });
    let line = "";
    for await (const piece of child.stdout) if ((line += piece).includes("\n")) break;
    return new Started(child, JSON.parse(line).manage_url);
  }
}

class Started {
  constructor(child, manage) {
    Object.assign(this, { child, manage });
  }
  async exec([file, ...rest]) {
    if (file !== "/vejviser") throw new Error(`there is no ${file} in the image`);
    const { status, stdout } = spawnSync(program, rest, { env: { VEJVISER_MANAGE: this.manage }, encoding: "utf8" });
    return { exitCode: status, output: stdout };
  }
  async stop() {
    const ended = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await ended;
  }
}
