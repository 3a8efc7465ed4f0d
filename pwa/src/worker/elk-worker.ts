/**
 * The layered layout of the trace, away from the screen's thread.
 *
 * The library's own worker file answers the messages of `elk-api` as soon as it is loaded in a worker; it needs
 * nothing of ours. Loaded only when somebody looks at a graph.
 */
import "elkjs/lib/elk-worker.min.js";
