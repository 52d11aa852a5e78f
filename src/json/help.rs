//! What to do about what JSON does not have, where people often write it.

/// What to do about a word or a character that JSON does not have; `rest` begins with it.
pub(super) fn help_for(shown: &str, rest: &[u8]) -> Option<&'static str> {
    let begins = |mark: &str| rest.starts_with(mark.as_bytes());
    Some(match shown {
        "'" | "`" | "“" | "”" | "„" | "‘" | "’" | "«" | "»" | "＂" | "「" | "」" | "『" | "』" => {
            "JSON quotes with \""
        }
        "：" => "this is a full-width mark; write :",
        "，" | "、" => "this is a full-width mark; write ,",
        "｛" => "this is a full-width mark; write {",
        "｝" => "this is a full-width mark; write }",
        "［" | "【" => "this is a full-width mark; write [",
        "］" | "】" => "this is a full-width mark; write ]",
        "０" | "１" | "２" | "３" | "４" | "５" | "６" | "７" | "８" | "９" => {
            "this is a full-width digit; write it as 0 to 9"
        }
        "/" | "#" => "JSON has no comments; keep a remark in a key that begins with `x-`",
        "NaN" | "nan" | "Infinity" | "inf" | "undefined" | "None" | "nil" => {
            "write null for a value that is not known"
        }
        "True" | "False" | "Null" | "TRUE" | "FALSE" | "NULL" => {
            "JSON writes true, false and null in lower case"
        }
        "+" => "JSON writes no + before a number",
        "." => "JSON writes 0.5, not .5",
        "version" if begins("version https://git-lfs") => {
            "this is a pointer of Git LFS; `git lfs pull` fetches the file"
        }
        _ if ["<<<<<<<", "=======", ">>>>>>>"].into_iter().any(begins) => {
            "this is a conflict that git left; resolve it first"
        }
        "\0" => "the file holds NUL bytes; it may be damaged, UTF-16 or UTF-32, or no text",
        _ => return None,
    })
}
