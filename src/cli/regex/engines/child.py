# Takes patterns and searches texts for them: one JSON object a line in, one a line out. What comes in
# is data for `re` and nothing else.
import json
import re
import sys
import warnings

warnings.simplefilter("ignore")
LIMIT = int(sys.argv[1])

try:
    import resource

    # No core, no file that is written to, a gigabyte of memory.
    limits = ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, 1 << 30))
    for what, most in limits:
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            pass
except ImportError:
    pass

# A search cannot be interrupted, but the system can end it, even where nobody is left to ask it to.
try:
    import signal

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    alarm = signal.alarm
except (ImportError, AttributeError):
    alarm = lambda seconds: None


def answer(asked):
    try:
        pattern = re.compile(asked["pattern"], re.IGNORECASE if "i" in asked["flags"] else 0)
    except MemoryError:
        return {"fails": "ran out of memory"}
    except Exception as error:
        return {"refuses": str(error)[:200]}
    try:
        return {"finds": [pattern.search(text) is not None for text in asked["texts"]]}
    except Exception as error:
        return {"fails": "failed with a " + type(error).__name__}


for line in sys.stdin.buffer:
    asked = json.loads(line)
    alarm(LIMIT)
    said = answer(asked)
    alarm(0)
    print(json.dumps({"n": asked["n"], **said}), flush=True)
