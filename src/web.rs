//! What can be said of a web address without going there.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why an address must not stand in an entry, if it must not.
pub fn fault(address: &str) -> Option<String> {
    if is_plain(address) {
        return None;
    }
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(error) => return Some(format!("the address cannot be used: {error}")),
    };
    // A browser reads `https:/a.org` and `https:a.org` as well; other programs take them for a path.
    let names_host = |rest: &str| rest.starts_with("//") && !rest[2..].starts_with('/');
    if matches!(url.scheme(), "http" | "https")
        && !address.split_once(':').is_some_and(|(_, rest)| names_host(rest))
    {
        return Some("the address has no `//` before its host".to_owned());
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Some(format!(
            "the address is {}, not http or https",
            crate::visible::quote(url.scheme())
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("the address carries credentials".to_owned());
    }
    let what = match url.host()? {
        Host::Domain(name) => kind_of_name(name),
        Host::Ipv4(ip) => kind_of_v4(ip),
        Host::Ipv6(ip) => kind_of_v6(ip),
    }?;
    Some(format!(
        "the host {} is {what}",
        crate::visible::quote(url.host_str().unwrap_or_default())
    ))
}

/// Whether an address is beyond doubt: https, and a host of plain labels below a public top level.
/// Most are; parsing is for the others.
fn is_plain(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://") else { return false };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let letters = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase());
    let plain = host
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let is_public = |top| letters(top) && top != "arpa" && !LOCAL.contains(&top);
    // A backslash counts as a slash in a browser, and blanks vanish; leave those to the parser.
    let no_tricks = !rest.bytes().any(|b| b == b'\\' || b == b'@' || b <= b' ');
    plain
        && no_tricks
        && host.rsplit_once('.').is_some_and(|(_, top)| is_public(top))
        && !host.split('.').any(str::is_empty)
}

/// Top-level names that no public server has: RFC 6761, RFC 6762, RFC 8375 and custom.
const LOCAL: &[&str] = &[
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "test",
    "invalid",
    "example",
];

fn kind_of_name(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    match name.rsplit_once('.') {
        _ if !name.split('.').all(label) => Some("no name of a host"),
        _ if name == "localhost" => Some("this machine"),
        None => Some("a name without a domain"),
        Some((_, top)) if LOCAL.contains(&top) => Some("a local name"),
        Some((left, "arpa")) if left.rsplit('.').next() == Some("home") => Some("a local name"),
        Some(_) => None,
    }
}

fn kind_of_v4(ip: Ipv4Addr) -> Option<&'static str> {
    match ip.octets() {
        _ if ip.is_loopback() => Some("this machine"),
        _ if ip.is_private() => Some("a private address"),
        _ if ip.is_link_local() => Some("a link-local address"),
        [0, ..] => Some("no address"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Some("an address for documentation")
        }
        [198, 18 | 19, ..] => Some("an address for tests"),
        [100, 64..=127, ..] => Some("a private address"),
        [first, ..] if first >= 224 => Some("no address of a server"),
        _ => None,
    }
}

fn kind_of_v6(ip: Ipv6Addr) -> Option<&'static str> {
    if let Some(ip) = embedded_v4(ip) {
        return kind_of_v4(ip);
    }
    if let [0x2001, 0xdb8, ..] = ip.segments() {
        return Some("an address for documentation");
    }
    match ip.segments()[0] {
        _ if ip.is_loopback() => Some("this machine"),
        _ if ip.is_unspecified() => Some("no address"),
        0xfc00..=0xfdff => Some("a private address"),
        0xfe80..=0xfeff => Some("a link-local address"),
        0xff00.. => Some("no address of a server"),
        _ => None,
    }
}

/// The IPv4 address within an IPv6 one: mapped (RFC 4291), translated (RFC 6052) or 6to4 (RFC 3056).
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = ip.segments();
    let from =
        |at: usize| Ipv4Addr::from(u32::from(segments[at]) << 16 | u32::from(segments[at + 1]));
    match segments {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(from(6)),
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => Some(from(6)),
        [0x2002, ..] => Some(from(1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn every_spelling_of_a_local_host() {
        for address in [
            "http://localhost/",
            "https://LOCALHOST:8080",
            "https://localhost./",
            "https://a.localhost/",
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
            "http://１２７.０.０.１/",
            "http://127。0。0。1/",
            "http://%31%32%37.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://10.0.0.8/",
            "http://172.16.3.4/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://0/",
            "http://100.64.0.1/",
            "https://printer.local/",
            "https://wiki/",
            "https://db.internal/x",
            "https:\\\\127.0.0.1\\x",
            "https://example.org@127.0.0.1/",
            "https://u:p@example.org/",
            "https://u@example.org/",
            "ftp://example.org/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://",
            "https://router.home.arpa/",
            "http://192.0.2.1/",
            "https://[2001:db8::1]/",
            "https://docs.example/",
            "https:/example.org/",
            "https:example.org",
            "https:///example.org/",
            "https://example..org/",
            "https://.org/",
            "https://example.org,https://example.com/",
            "https://example.org:99999/",
            "https://https://example.org/",
        ] {
            assert!(fault(address).is_some(), "{address}");
        }
        for address in [
            "https://example.org/",
            "http://example.org:8080/a?b#c",
            "https://мвд.рф/",
            "https://8.8.8.8/",
            "https://172.32.0.1/",
            "https://[2606:4700::1111]/",
            "https://localhost.run/docs",
            "https://en.wikipedia.org/wiki/127.0.0.1",
            "https://example.org/@scope/pkg",
            "https://example.org./",
            "https://my_site.example.org/",
        ] {
            assert_eq!(fault(address), None, "{address}");
        }
    }
}
