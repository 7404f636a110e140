// Reference CIDs from the JavaScript implementation of UnixFS.
// stdin: {"chunk_size_bytes": n, "entries": [{"path": "dir/name" or "name", "file": "<where its bytes are>"}]}
// stdout: {"<path>": "<cid>"} for every file and, under its name, every directory.
import { readFileSync } from "node:fs";
import { MemoryBlockstore } from "blockstore-core";
import { importer } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";

const request = JSON.parse(readFileSync(0, "utf8"));
const source = request.entries.map(({ path, file }) => ({ path, content: readFileSync(file) }));
const options = {
  cidVersion: 1,
  rawLeaves: true,
  chunker: fixedSize({ chunkSize: request.chunk_size_bytes }),
  layout: balanced({ maxChildrenPerNode: 174 }),
};
const cids = {};
for await (const entry of importer(source, new MemoryBlockstore(), options)) cids[entry.path] = entry.cid.toString();
process.stdout.write(JSON.stringify(cids));
