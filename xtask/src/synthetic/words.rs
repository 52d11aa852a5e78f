//! Words and sentences of one entry, the same for the same number.

/// Where they are drawn from.
pub(super) struct Words {
    state: u64,
    /// How many words are in use by then.
    known: f64,
    /// The words of the message, which the texts speak of.
    topic: Vec<String>,
}

/// How many of the words of a text are words of the message. In real entries a third of those come up in the
/// root cause, and four in ten in the advice.
const ON_TOPIC: f64 = 0.15;

/// A word that names an error is one of so many times as many.
const RARE: f64 = 20.0;

impl Words {
    pub(super) fn new(seed: u64, number: u32) -> Self {
        let known = 3_000.0 + 250.0 * f64::from(number).sqrt();
        Self { state: mix(seed ^ mix(u64::from(number))), known, topic: Vec::new() }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(1);
        mix(self.state)
    }

    /// A number from 0 to 1, not itself.
    fn part(&mut self) -> f64 {
        let bits = u32::try_from(self.next() >> 32).unwrap_or_default();
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    /// A word, the nth as often as one in n.
    fn word(&mut self) -> String {
        let rank = self.known.powf(self.part());
        spelled(rank)
    }

    /// A word that is seldom used elsewhere.
    fn rare(&mut self) -> String {
        let rank = self.known + self.part() * self.known * RARE;
        spelled(rank)
    }

    pub(super) fn domain(&mut self) -> String {
        let rank = 700.0_f64.powf(self.part());
        format!("{}d", spelled(rank))
    }

    fn pick(&mut self, from: &[String]) -> Option<String> {
        let place = self.below(from.len().max(1) as u64);
        from.get(usize::try_from(place).ok()?).cloned()
    }

    /// A slug for what has this message and this root cause: two words of the one and one of the other, as
    /// many as in real entries.
    pub(super) fn slug(&mut self, message: &str, root_cause: &str) -> String {
        let (message, cause) = (content(message), content(root_cause));
        let mut words: Vec<String> = Vec::new();
        for from in [&message, &message, &cause] {
            let left: Vec<String> =
                from.iter().filter(|word| !words.contains(word)).cloned().collect();
            words.extend(self.pick(&left));
        }
        words.join("-")
    }

    pub(super) fn sentence(&mut self, words: usize) -> String {
        let mut all: Vec<String> = Vec::new();
        for _ in 0..words {
            let topic = self.topic.clone();
            let told = if self.part() < ON_TOPIC { self.pick(&topic) } else { None };
            all.push(told.unwrap_or_else(|| self.word()));
        }
        all.insert(words / 2, self.rare());
        let text = all.join(" ");
        text[..1].to_uppercase() + &text[1..] + "."
    }

    /// A message, and the pattern that finds it: what varies are numbers and files.
    pub(super) fn message(&mut self) -> (String, String) {
        let name = [self.word(), self.rare()].map(|word| word[..1].to_uppercase() + &word[1..]);
        let start = format!("{}Error: {} {}", name.concat(), self.word(), self.rare());
        let (middle, end) = (self.word(), [self.word(), self.word()].join(" "));
        let (number, file) = (self.below(100_000), self.word());
        let signature = format!("{start} {middle} /srv/{file}.dat: {end} after {number} ms");
        let regex = format!(r"{start} {middle} \S+: {end} after \d+ ms");
        self.topic = content(&signature);
        (signature, regex)
    }

    /// The same message of another run.
    pub(super) fn other_values(&mut self, signature: &str) -> String {
        let other = |word: &str| {
            if word.starts_with("/srv/") {
                format!("/srv/{}.dat:", self.word())
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                self.below(100_000).to_string()
            } else {
                word.to_owned()
            }
        };
        signature.split(' ').map(other).collect::<Vec<_>>().join(" ")
    }

    /// Another message that looks like it: the name and a word differ, in the pattern too.
    pub(super) fn another(&mut self, signature: &str, regex: &str) -> (String, String) {
        let name = [self.word(), self.rare()].map(|word| word[..1].to_uppercase() + &word[1..]);
        let (name, word) = (format!("{}Error:", name.concat()), self.rare());
        let other = |text: &str| {
            let mut words: Vec<&str> = text.split(' ').collect();
            (words[0], words[2]) = (&name, &word);
            words.join(" ")
        };
        (other(signature), other(regex))
    }

    /// The same message behind the name of a program.
    pub(super) fn prefixed(&mut self, signature: &str) -> String {
        format!("[{}] {signature}", self.word())
    }

    /// The same in other words: so large a part of them is kept, others are changed or left out.
    pub(super) fn retold(&mut self, text: &str, kept: f64) -> String {
        let mut told = Vec::new();
        for word in text.split(' ') {
            if self.part() < kept {
                told.push(word.to_owned());
            } else if self.part() < 0.8 {
                told.push(self.word());
            }
        }
        if told.is_empty() { text.to_owned() } else { told.join(" ") }
    }
}

/// The words of a text that tell something: neither numbers nor files nor what all messages say.
fn content(text: &str) -> Vec<String> {
    text.split(' ')
        .map(|word| word.trim_end_matches(['.', ':']).trim_end_matches("Error").to_lowercase())
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
        .filter(|word| !["", "after", "ms"].contains(&word.as_str()))
        .collect()
}

/// A pattern of less: without its last words.
pub(super) fn shortened(regex: &str) -> String {
    regex.split(": ").take(2).collect::<Vec<_>>().join(": ")
}

/// The word of a rank: syllables that are its digits.
fn spelled(rank: f64) -> String {
    const ONSETS: &[u8; 16] = b"bcdfghjklmnprtvz";
    const VOWELS: &[u8; 4] = b"aeio";
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ranks are small")]
    let mut rank = rank as u64;
    let mut word = String::new();
    loop {
        let digit = usize::try_from(rank % 64).unwrap_or(0);
        word.push(char::from(ONSETS[digit / 4]));
        word.push(char::from(VOWELS[digit % 4]));
        rank /= 64;
        if rank == 0 {
            // Whatever the rank, an ending such as `ed` is none.
            word.push('k');
            return word;
        }
    }
}

/// Spreads a difference in any bit over all: `SplitMix64` (Steele, Lea and Flood 2014).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
