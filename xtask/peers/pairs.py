"""What other tools make of judged pairs: `pairs.py PEER ENTRIES PAIRS`, or `pairs.py PEER --time ENTRIES N`.

With pairs it prints, for the threshold with the best F1 and for the one that reaches a recall of 0.70, what is
compared, the threshold, precision and recall. With `--time` the seconds to find candidates among N texts, which are
the messages and causes of the entries over and over with some words changed.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time


def text(entry):
    """What a reader would compare: the message and the cause."""
    return entry["signature"] + "\n" + entry["root_cause"]


def whole(entry):
    advice = [item["action"] + " " + item.get("how", "") for item in entry["workarounds"]]
    ends = [item["action"] + " " + item.get("why_fails", "") for item in entry["dead_ends"]]
    return "\n".join([text(entry), *advice, *ends])


def grams(of):
    padded = " " + " ".join(of.lower().split()) + " "
    return {padded[at : at + 4] for at in range(len(padded) - 3)}


def tf_idf(texts, pairs):
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 5)).fit_transform(texts)
    return [float(vectors[a].multiply(vectors[b]).sum()) for a, b in pairs]


def datasketch(texts, pairs):
    from datasketch import MinHash

    def sketch(of):
        found = MinHash(num_perm=128)
        found.update_batch([gram.encode() for gram in grams(of)])
        return found

    return scores(texts, pairs, sketch, lambda a, b: a.jaccard(b))


def rensa(texts, pairs):
    from rensa import RMinHash

    def sketch(of):
        found = RMinHash(num_perm=128, seed=42)
        found.update(list(grams(of)))
        return found

    return scores(texts, pairs, sketch, lambda a, b: a.jaccard(b))


def scores(texts, pairs, sketch, alike):
    sketches = {at: sketch(texts[at]) for at in {at for pair in pairs for at in pair}}
    return [alike(sketches[a], sketches[b]) for a, b in pairs]


def splink(texts, pairs):
    """Untuned: one comparison a field, its weights estimated without labels."""
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rows = pandas.DataFrame(
        {
            "unique_id": range(len(ENTRIES)),
            "signature": [entry["signature"] for entry in ENTRIES],
            "root_cause": [entry["root_cause"] for entry in ENTRIES],
            "domain": [entry["domain"] for entry in ENTRIES],
        }
    )
    fields = ["signature", "root_cause"]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.JaroWinklerAtThresholds(field, [0.9, 0.8, 0.7]) for field in fields],
        blocking_rules_to_generate_predictions=["1=1"],
    )
    linker = Linker(DuckDBAPI().register(rows), settings)
    linker.training.estimate_u_using_random_sampling(1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("domain"))
    found = linker.inference.predict(threshold_match_probability=0.0).as_pandas_dataframe()
    of = dict(zip(zip(found.unique_id_l, found.unique_id_r), found.match_probability))
    return [float(of.get((min(pair), max(pair)), 0.0)) for pair in pairs]


def jscpd(pairs, labels):
    """Copied pieces of the files as they are; of at least so many tokens and lines, its own limits first."""
    program = pathlib.Path(sys.prefix, "node_modules/.bin/jscpd")
    number = {str(file.resolve()): at for at, file in enumerate(FILES)}
    for tokens, lines in [(50, 5), (25, 3)]:
        with tempfile.TemporaryDirectory() as out:
            options = ["--min-tokens", tokens, "--min-lines", lines, "--format", "json", "--reporters", "json"]
            command = [program, *options, "--silent", "--absolute", "--output", out, pathlib.Path(sys.argv[2])]
            subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
            report = json.loads(pathlib.Path(out, "jscpd-report.json").read_text(encoding="utf-8"))
        files = [[number[clone[side]["name"]] for side in ("firstFile", "secondFile")] for clone in report["duplicates"]]
        found = {tuple(sorted(both)) for both in files}
        said = [label for pair, label in zip(pairs, labels) if tuple(sorted(pair)) in found]
        print(f"the files\t{tokens} tokens\t{sum(said) / (len(said) or 1):.3f}\t{sum(said) / sum(labels):.3f}")


def figures(found, labels):
    """Precision and recall from each threshold on."""
    for threshold in sorted(set(found), reverse=True):
        said = [is_duplicate for score, is_duplicate in zip(found, labels) if score >= threshold]
        yield threshold, sum(said) / len(said), sum(said) / sum(labels)


def measure(peer, pairs_file):
    number = {entry["id"]: at for at, entry in enumerate(ENTRIES)}
    judged = [json.loads(line) for line in open(pairs_file, encoding="utf-8")]
    pairs = [(number[pair["a"]], number[pair["b"]]) for pair in judged]
    labels = [pair["label"] == "duplicate" for pair in judged]
    if peer == "jscpd":
        return jscpd(pairs, labels)
    kinds = [("message and cause", text), ("all texts", whole)]
    for what, of in kinds[:1] if peer == "splink" else kinds:
        rows = list(figures(PEERS[peer]([of(entry) for entry in ENTRIES], pairs), labels))
        best = max(rows, key=lambda row: 2 * row[1] * row[2] / (row[1] + row[2] or 1))
        wide = next(row for row in rows if row[2] >= 0.7)
        for threshold, precision, recall in [best, wide]:
            print(f"{what}\t{threshold:.3f}\t{precision:.3f}\t{recall:.3f}")


def candidates(peer, count):
    texts = []
    for copy in range(-(-count // len(ENTRIES))):
        for entry in ENTRIES:
            words = text(entry).split(" ")
            texts.append(" ".join(w + str(copy) if len(w) > 5 and at % 3 == 0 else w for at, w in enumerate(words)))
    texts = texts[:count]
    start = time.perf_counter()
    if peer == "datasketch":
        from datasketch import MinHash, MinHashLSH

        index = MinHashLSH(threshold=0.5, num_perm=128)
        sketches = MinHash.bulk([[gram.encode() for gram in grams(of)] for of in texts], num_perm=128)
        for at, sketch in enumerate(sketches):
            index.insert(at, sketch)
        for sketch in sketches:
            index.query(sketch)
    elif peer == "rensa":
        from rensa import RMinHash, RMinHashLSH

        index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
        sketches = []
        for at, of in enumerate(texts):
            sketch = RMinHash(num_perm=128, seed=42)
            sketch.update(list(grams(of)))
            index.insert(at, sketch)
            sketches.append(sketch)
        for sketch in sketches:
            index.query(sketch)
    print(f"{time.perf_counter() - start:.1f}")


PEERS = {"tf-idf": tf_idf, "datasketch": datasketch, "rensa": rensa, "splink": splink}

if __name__ == "__main__":
    is_timed = sys.argv[2] == "--time"
    folder = pathlib.Path(sys.argv[3] if is_timed else sys.argv[2])
    FILES = sorted(folder.rglob("*.json"))
    ENTRIES = [json.loads(file.read_text(encoding="utf-8")) for file in FILES]
    if is_timed:
        candidates(sys.argv[1], int(sys.argv[4]))
    else:
        measure(sys.argv[1], sys.argv[3])
