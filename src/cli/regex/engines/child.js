// Takes patterns and searches texts for them: one JSON object a line in, one a line out. What comes in
// is data for `RegExp` and nothing else: the only code that is run is what stands here.
const fs = require('fs');
const vm = require('vm');

const LIMIT = Number(process.argv[1]) * 1000;
const box = vm.createContext({});
const answer = new vm.Script(`(() => {
    let regex;
    try {
        regex = new RegExp(pattern, flags);
    } catch (error) {
        return JSON.stringify({ refuses: String(error.message).slice(0, 200) });
    }
    return JSON.stringify({ finds: JSON.parse(texts).map(text => regex.test(text)) });
})()`);

const respond = line => {
    const asked = JSON.parse(line);
    box.pattern = asked.pattern;
    box.flags = asked.flags;
    box.texts = JSON.stringify(asked.texts);
    // A search that takes longer ends the process, even where nobody is left to end it.
    const said = JSON.parse(answer.runInContext(box, { timeout: LIMIT }));
    fs.writeSync(1, JSON.stringify({ n: asked.n, ...said }) + '\n');
};

const chunk = Buffer.alloc(1 << 16);
let pieces = [];
for (;;) {
    const length = fs.readSync(0, chunk);
    if (length === 0) break;
    let rest = Buffer.from(chunk.subarray(0, length));
    for (let end; (end = rest.indexOf(10)) >= 0; rest = rest.subarray(end + 1)) {
        pieces.push(rest.subarray(0, end));
        respond(Buffer.concat(pieces).toString());
        pieces = [];
    }
    pieces.push(rest);
}
