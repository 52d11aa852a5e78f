//! Known signatures, and what holds for any.

use proptest::prelude::*;
use regex_syntax::ast::{self, Ast};

use super::*;

/// The pattern proposed for a signature that stands alone, with a blank for each `\s+`.
fn alone(signature: &str) -> Result<String, Refusal> {
    let proposal = Signatures::default().propose("x/y", signature)?;
    Ok(proposal.pattern.replace(r"\s+", " "))
}

#[test]
fn what_varies_is_left_open() {
    let known = [
        // Quotes keep their names apart from the message, unless they hold words of it.
        (
            "ModuleNotFoundError: No module named 'numpy'",
            r"ModuleNotFoundError: No module named '[^']+'",
        ),
        (
            "TS2345: Argument of type 'X' is not assignable",
            r"TS2345: Argument of type '[^']+' is not assignable",
        ),
        (
            "pip's resolver doesn't take `x==1` at “y”",
            r"pip's resolver doesn't take `[^`]+` at “[^“”]+”",
        ),
        ("JWT: algorithm \"none\" is not allowed", "JWT: algorithm \"[^\"]+\" is not allowed"),
        (
            "returns 'position is not valid at 7' for it",
            r"returns 'position is not valid at [0-9]+' for it",
        ),
        (
            "{\"type\":\"missing\",\"msg\":\"Field required\"}",
            "\\{\"type\":\"[^\"]+\",\"msg\":\"Field required\"\\}",
        ),
        // Sizes, counts, places.
        (
            "CUDA out of memory. Tried to allocate 2.00 GiB",
            r"CUDA out of memory\. Tried to allocate [0-9.]+ [kKMGTP]iB",
        ),
        (
            "Allowed memory size of 134217728 bytes exhausted",
            "Allowed memory size of [0-9]+ bytes exhausted",
        ),
        (
            "limit of 16MB after 30s and 1,024 tries, -1 left",
            "limit of [0-9]+[kKMGTP]B after [0-9]+s and [0-9,]+ tries, -?[0-9]+ left",
        ),
        (
            "shapes (1,768) and [32,128] not aligned",
            r"shapes \([0-9]+,[0-9]+\) and \[[0-9]+,[0-9]+\] not aligned",
        ),
        ("DataLoader worker (pid 12345) is killed", r"DataLoader worker \(pid [0-9]+\) is killed"),
        (
            "worker-3 lost at 2024-05-01T10:00:00Z, 10:00:01.5",
            r"worker-[0-9]+ lost at [0-9TZ:.,\/+\-]+, [0-9TZ:.,\/+\-]+",
        ),
        // Versions, addresses, hexadecimals.
        (
            "running version 3.10.2, not v1.5 or 2.0.0-rc1",
            r"running version [0-9.]+, not v[0-9.]+ or [0-9A-Za-z.+\-]+",
        ),
        ("dial tcp 10.0.0.1:5432: i/o timeout", "dial tcp [0-9A-Fa-f.:]+: i/o timeout"),
        ("address already in use :::3000", "address already in use [0-9A-Fa-f.:]+"),
        ("bind to http://0.0.0.0:80: in use", r#"bind to http://[^\s"':]+:[0-9]+: in use"#),
        (
            "bus fault at 0x00000000, object 3fa85f64c1",
            "bus fault at 0x[0-9A-Fa-f]+, object [0-9A-Fa-f]+",
        ),
        // Paths, with the line in them.
        ("not found in /var/www/a.php:15", r#"not found in /[^\s"':]+:[0-9]+"#),
        (
            "opening ../etc/passwd, C:\\x\\y.txt on line 5",
            r#"opening [^\s"',]+, [^\s"']+ on line [0-9]+"#,
        ),
        ("read(/srv/a.log): I/O error in CI/CD", r#"read\(/[^\s"'\)]+\): I/O error in CI/CD"#),
        // What an author writes for anything.
        ("requires X.Y.Z of <package>, not {name}", r"requires \S+ of [^\s,]+, not \S+"),
        ("Limit: N, Usage: M", r"Limit: [^\s,]+, Usage: \S+"),
        (
            "Target class [X] does not exist for foo",
            r"Target class \[[^\s\]]+\] does not exist for \S+",
        ),
        ("f() needs my_config at %s in $name", r"[^\s\(]\(\) needs \S+ at \S+ in \$[A-Za-z0-9_]+"),
        ("... policy CMP0XXX is not set ...", r"policy CMP0\S+ is not set"),
        ("unexpected … after it", r"unexpected [^\r\n]{1,200} after it"),
        // In front, one character of what varies.
        ("0/3 nodes are available", "[0-9]/[0-9]+ nodes are available"),
        // Chinese.
        ("内存不足：无法分配 4096 字节", "内存不足：无法分配 [0-9]+ 字节"),
        ("无法打开文件“a.txt”，第3行", "无法打开文件“[^“”]+”，第[0-9]+行"),
        // Blanks of all kinds.
        (
            "a message\n\tin two\u{a0} lines\u{3000}here",
            "a message in two[\\s\u{a0}]+lines[\\s\u{3000}]+here",
        ),
    ];
    for (signature, pattern) in known {
        assert_eq!(alone(signature).as_deref(), Ok(pattern), "{signature}");
    }
}

#[test]
fn what_names_the_error_is_kept() {
    let kept = [
        "429 Too Many Requests",
        "HTTP 400/404: Invalid cursor",
        "Slack API returns 429 on one method",
        "fails with 403, or auth changes",
        "550 5.1.1 User unknown",
        "[Errno 28] No space left on device",
        "cURL error 60: SSL certificate problem",
        "connect() failed (111: Connection refused) while connecting",
        "cv2.error: (-215:Assertion failed) empty",
        "SQLSTATE[HY000] [2002] Connection refused",
        "already exists: 1050 Table is there",
        "SSL: error:0A000086:SSL routines",
        "wrong status code '404' was sent",
        "ORA-00001: unique constraint violated",
        "the utf-8 codec, UTF-16, sha-256 or windows-1252 text",
        "device descriptor read/64, error -71 seen",
        "needs C++17 or HTTP/2, an N+1 query in 64-bit 3D",
        "endpoint returned non-2xx",
        "ISO 8601 date in Feb 1900 and TLS 1.2 only",
        "metadata endpoint (169.254.169.254) is open",
        "executable file not found in $PATH",
        "X-Cache-Status: MISS on Mac OS X",
        "See https://example.org/docs/troubleshooting",
    ];
    for signature in kept {
        let mut pattern = String::new();
        for c in signature.chars() {
            if r"^$\.*+?()[]{}|".contains(c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        assert_eq!(alone(signature), Ok(pattern), "{signature}");
    }
    assert_eq!(alone("returned exit status 1").as_deref(), Ok(r"returned exit status 1\b"));
}

#[test]
fn as_little_as_needed_is_spelled_out() {
    let base = [
        ("py/numpy", "ModuleNotFoundError: No module named 'numpy'"),
        ("py/keras", "ModuleNotFoundError: No module named 'keras' at line 5"),
        ("py/none", "AttributeError: 'NoneType' object has no attribute 'split'"),
        ("py/tensor", "AttributeError: 'Tensor' object has no attribute 'split'"),
        ("py/any", "AttributeError: 'Tensor' object has no attribute 'method'"),
        ("node/connect", "Error: connect ECONNREFUSED 127.0.0.1:3000"),
        ("mongo/connect", "MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017"),
        ("exit/1", "it ended with exit status 1"),
        ("exit/137", "it ended with exit status 137"),
    ];
    let signatures: Signatures<'_> = base.into_iter().collect();
    let propose = |id: &str| {
        let (_, signature) = base[base.iter().position(|(known, _)| *known == id).expect("known")];
        signatures.propose(id, signature).map(|proposal| {
            let kept = proposal.kept.iter().map(|range| signature[range.clone()].to_owned());
            (proposal.pattern.replace(r"\s+", " "), kept.collect::<Vec<String>>())
        })
    };
    let spelled = |pattern: &str, kept: &[&str]| {
        Ok((pattern.to_owned(), kept.iter().map(|text| (*text).to_owned()).collect()))
    };
    assert_eq!(
        propose("py/numpy"),
        spelled("ModuleNotFoundError: No module named 'numpy'", &["numpy"])
    );
    assert_eq!(
        propose("py/keras"),
        spelled("ModuleNotFoundError: No module named '[^']+' at line [0-9]+", &[])
    );
    assert_eq!(
        propose("py/none"),
        spelled("AttributeError: 'NoneType' object has no attribute '[^']+'", &["NoneType"])
    );
    assert_eq!(
        propose("py/tensor"),
        spelled("AttributeError: 'Tensor' object has no attribute 'split'", &["Tensor", "split"])
    );
    assert_eq!(
        propose("py/any"),
        Err(Refusal::AlsoFinds(vec!["py/tensor".to_owned()])),
        "a placeholder is not spelled out"
    );
    assert_eq!(
        propose("node/connect"),
        spelled(r"\bError: connect ECONNREFUSED [0-9A-Fa-f.:]+", &[]),
        "the end of another word"
    );
    assert_eq!(propose("exit/1"), spelled(r"it ended with exit status 1\b", &[]));
}

#[test]
fn refusals_say_why() {
    let base = [
        ("a/1", "Too many open files"),
        ("a/2", "nginx: socket() failed: TOO MANY open  files"),
        ("a/3", "accept: too many open files"),
        ("a/4", "too many open files in system"),
        ("a/5", "too many open files"),
    ];
    let signatures: Signatures<'_> = base.into_iter().collect();
    let refusal =
        |signature: &str| signatures.propose("a/1", signature).expect_err(signature).to_string();
    assert_eq!(
        refusal("Too many open files"),
        "any pattern of this signature also finds the one of `a/2`, `a/3`, `a/4` and 1 more: quote \
         more of the message, or merge the entries"
    );
    for nothing in ["", "  \n", "?!", "42", "'x' is 5", "Error: X", "Fatal error", "错误", "%s: %d"]
    {
        assert_eq!(
            refusal(nothing),
            "too little in the signature is sure not to vary: quote more of the message",
            "{nothing}"
        );
    }
    assert!(refusal(&"a ".repeat(500_000)).contains("1000000 bytes, more than 2000"));
    assert!(refusal("zero\u{200b}width of the message").contains("a zero-width space, U+200B"));
    assert!(refusal("a message with \u{1b}[1m colour").contains("U+001B"));
}

#[test]
fn a_name_is_kept_if_nothing_else_is_said() {
    assert_eq!(alone("'ECONNREFUSED'").as_deref(), Ok("'ECONNREFUSED'"));
    assert_eq!(alone("段错误").as_deref(), Ok("段错误"));
}

#[test]
fn hostile_signatures_take_no_time() {
    let others: Vec<(String, String)> =
        (0..200).map(|n| (format!("a/{n}"), "x'1 ".repeat(400) + &n.to_string())).collect();
    let signatures: Signatures<'_> =
        others.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    for part in ["'", "'a' ", "1 ", "1.", "/a", "\"{", "::", "a:", "X", "…", "<a>", "'1 ", "x'1 "]
    {
        let signature = part.repeat(1_990 / part.len());
        // Whatever the answer is, it comes.
        let _ = signatures.propose("b/1", &signature);
        let _ = signatures.propose("b/1", &format!("message {signature} end"));
    }
}

/// Pieces of signatures, put together at random.
fn signature() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-zA-Z]{2,8}[:,.]?",
        1 => "-?[0-9]{1,5}([.,:/][0-9]{1,4}){0,3}(ms|MB|%|s|xx)?",
        1 => "['\"`(\\[<{]{1,2}[a-zA-Z0-9_./\\\\ -]{0,8}['\"`)\\]>}]{1,2}",
        1 => "(code|status|error|line|HTTP|see) ?[:=#]? ?[0-9]{1,5}",
        1 => "0x[0-9a-fN]{2,8}|[0-9a-f]{8}|[0-9]{1,3}\\.0\\.0\\.1(:80)?|::1|:::80|std::abs",
        1 => "(https?://|/|\\./|C:\\\\)[a-z]{1,5}(/[a-z]{1,5}){0,3}(\\.php)?(:[0-9]{1,3})?",
        1 => "[NXYZTfx]|foo|<a b>|%s|\\$[a-z]{3}|\\.\\.\\.|my-a|f\\(\\)|CMP0XXX|X\\.Y|3\\.x",
        1 => "[ -~]{1,5}|\\{a: b\\}",
        1 => "[内存不足错误“”，：第行é\u{a0}\u{3000}Kſ😀]{1,4}",
    ];
    proptest::collection::vec((piece, "[ \n]?"), 1..9)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, blank)| piece + &blank).collect())
}

/// Whether a pattern holds nothing but what all engines read alike.
fn is_common(ast: &Ast) -> bool {
    match ast {
        Ast::Empty(_) => true,
        Ast::Concat(concat) => concat.asts.iter().all(is_common),
        Ast::Repetition(repetition) => {
            let one = matches!(
                *repetition.ast,
                Ast::ClassBracketed(_) | Ast::ClassPerl(_) | Ast::Literal(_)
            );
            repetition.greedy && one
        }
        Ast::Literal(literal) => match literal.kind {
            ast::LiteralKind::Verbatim => !r"^$\.*+?()[]{}|".contains(literal.c),
            ast::LiteralKind::Meta => r"^$\.*+?()[]{}|".contains(literal.c),
            _ => false,
        },
        Ast::ClassPerl(class) => class.kind == ast::ClassPerlKind::Space,
        Ast::Assertion(assertion) => assertion.kind == ast::AssertionKind::WordBoundary,
        // No nested classes, no operators; `[` and the like are escaped there.
        Ast::ClassBracketed(class) => match &class.kind {
            ast::ClassSet::BinaryOp(_) => false,
            ast::ClassSet::Item(ast::ClassSetItem::Union(union)) => {
                union.items.iter().all(is_plain)
            }
            ast::ClassSet::Item(item) => is_plain(item),
        },
        _ => false,
    }
}

fn is_plain(item: &ast::ClassSetItem) -> bool {
    match item {
        ast::ClassSetItem::Literal(literal) => match literal.kind {
            ast::LiteralKind::Verbatim => !r"()[]{}/-\|^".contains(literal.c),
            ast::LiteralKind::Meta | ast::LiteralKind::Superfluous => {
                r"()[]{}/-\|^".contains(literal.c)
            }
            ast::LiteralKind::Special(_) => true,
            _ => false,
        },
        ast::ClassSetItem::Range(range) => range.start.c.is_ascii() && range.end.c.is_ascii(),
        ast::ClassSetItem::Perl(class) => class.kind == ast::ClassPerlKind::Space,
        _ => false,
    }
}

proptest! {
    /// What is proposed is proven, whatever the signatures are.
    #[test]
    fn proposals_find_their_own_and_no_other(
        texts in proptest::collection::vec(signature(), 1..6),
        upper in any::<bool>(),
    ) {
        let text = |text: &String| if upper { text.to_uppercase() } else { text.clone() };
        let numbered = texts.iter().map(text).enumerate();
        let known: Vec<(String, String)> =
            numbered.map(|(number, text)| (number.to_string(), text)).collect();
        let signatures: Signatures<'_> =
            known.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        for (id, text) in &known {
            let proposal = signatures.propose(id, text);
            prop_assert!(proposal != Err(Refusal::Unproven), "{:?}", text);
            let Ok(proposal) = proposal else { continue };
            let pattern = &proposal.pattern;
            let ast = ast::parse::Parser::new().parse(pattern).expect("a pattern");
            prop_assert!(is_common(&ast), "{}", pattern);
            let with_case = regex::Regex::new(pattern).expect("a pattern");
            prop_assert!(with_case.is_match(text), "{} on {:?}", pattern, text);
            prop_assert!(!with_case.is_match(""));
            let mut ignoring = regex::RegexBuilder::new(pattern);
            let ignoring = ignoring.case_insensitive(true).build().expect("a pattern");
            for (other, text) in &known {
                prop_assert!(other == id || !ignoring.is_match(text), "{} on {:?}", pattern, text);
            }
        }
    }

    /// The parts of a signature leave nothing out.
    #[test]
    fn parts_cover_the_signature(text in signature()) {
        let mut end = 0;
        for part in parts::split(&text) {
            prop_assert_eq!(part.range.start, end);
            prop_assert!(part.range.end > end);
            end = part.range.end;
        }
        prop_assert_eq!(end, text.len());
    }
}
