/** The capture engine as one script that a test puts into a page, to capture faster than hands can. */
import * as capture from "../../src/capture";
import { db } from "../../src/capture/db";

Object.assign(globalThis, { engine: { ...capture, db } });
