/** Makes `dist/`, as published: `npm run build`. */
import { build } from "./compile.ts";

await build();
