/** Runs the stand-in model server on its own: `node test/support/run-upstream.ts [PORT [HOST]]`. */
import { startUpstream } from "./upstream.ts";

const [port = "8080", host = "127.0.0.1"] = process.argv.slice(2);
const upstream = await startUpstream({ host, port: Number(port) });
process.stdout.write(`stand-in model server on ${upstream.url.href}\n`);
