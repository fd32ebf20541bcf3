// The networks' own libraries, asked over standard input: one JSON request a line, one JSON answer a line.
//   {"text": "…"}                                  → lengths and entities by both libraries
//   {"time": "x" | "bluesky", "texts": ["…", …]}   → {"seconds": …} for counting all of them once
import { createInterface } from "node:readline";
import { RichText } from "@atproto/api";
import twitter from "twitter-text";

function x(text) {
  const entities = twitter.extractEntitiesWithIndices(text);
  return {
    length: twitter.parseTweet(text).weightedLength,
    valid: twitter.parseTweet(text).valid,
    entities: entities.filter((entity) => !entity.cashtag).map((entity) => xEntity(text, entity)),
  };
}

function xEntity(text, { url, screenName, hashtag, indices }) {
  // twitter-text's own conversion to code points errs where a pair of surrogates is inside an entity.
  const [start, end] = indices.map((index) => [...text.slice(0, index)].length);
  if (url !== undefined) return { type: "link", start, end };
  if (screenName !== undefined) return { type: "mention", target: screenName, start, end };
  return { type: "hashtag", target: hashtag, start, end };
}

function bluesky(text) {
  const rich = new RichText({ text });
  rich.detectFacetsWithoutResolution();
  return {
    length: rich.graphemeLength,
    bytes: rich.length,
    facets: (rich.facets ?? []).map(({ index, features: [feature] }) => ({
      type: { mention: "mention", link: "link", tag: "hashtag" }[feature.$type.split("#")[1]],
      target: feature.did ?? feature.uri ?? feature.tag,
      byte_start: index.byteStart,
      byte_end: index.byteEnd,
    })),
  };
}

const count = {
  x: (text) => twitter.parseTweet(text).weightedLength,
  bluesky: (text) => new RichText({ text }).graphemeLength,
};

function answer(request) {
  if (request.time === undefined) return { x: x(request.text), bluesky: bluesky(request.text) };
  const begin = process.hrtime.bigint();
  for (const text of request.texts) count[request.time](text);
  return { seconds: Number(process.hrtime.bigint() - begin) / 1e9 };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
