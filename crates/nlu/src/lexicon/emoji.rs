//! Emoji: the word lists of exports name them (`:thumbsup:`), people send them (👍).

use std::borrow::Cow;

/// The names in the word lists that every export has, with the emoji.
const NAMES: [(&str, &str); 43] = [
    (":+1:", "👍"),
    (":-1:", "👎"),
    (":blush:", "😊"),
    (":bow:", "🙇"),
    (":grin:", "😁"),
    (":grinning:", "😀"),
    (":grinning_face_with_star_eyes:", "🤩"),
    (":handshake:", "🤝"),
    (":heart_eyes:", "😍"),
    (":heart_eyes_cat:", "😻"),
    (":hugging_face:", "🤗"),
    (":i_love_you_hand_sign:", "🤟"),
    (":joy:", "😂"),
    (":joy_cat:", "😹"),
    (":kissing:", "😗"),
    (":kissing_heart:", "😘"),
    (":laughing:", "😆"),
    (":left-facing_fist:", "🤛"),
    (":man-bowing:", "🙇‍♂"),
    (":man-gesturing-no:", "🙅‍♂"),
    (":ok_hand:", "👌"),
    (":pray:", "🙏"),
    (":relieved:", "😌"),
    (":right-facing_fist:", "🤜"),
    (":satisfied:", "😆"),
    (":smile:", "😄"),
    (":smile_cat:", "😸"),
    (":smiley:", "😃"),
    (":smiley_cat:", "😺"),
    (":star-struck:", "🤩"),
    (":stuck_out_tongue:", "😛"),
    (":stuck_out_tongue_closed_eyes:", "😝"),
    (":stuck_out_tongue_winking_eye:", "😜"),
    (":sweat_smile:", "😅"),
    (":the_horns:", "🤘"),
    (":thumbsdown:", "👎"),
    (":thumbsup:", "👍"),
    (":wave:", "👋"),
    (":wink:", "😉"),
    (":woman-bowing:", "🙇‍♀"),
    (":woman-gesturing-no:", "🙅‍♀"),
    (":yum:", "😋"),
    (":slightly_smiling_face:", "🙂"),
];

/// The member of a word list with the emoji itself in the place of its name; `None` where it names none.
pub(super) fn spelt_out(member: &str) -> Option<String> {
    let start = member.find(':')?;
    let end = start + 1 + member[start + 1..].find(':')? + 1;
    let (_, emoji) = NAMES.iter().find(|(name, _)| *name == &member[start..end])?;
    Some(format!("{}{emoji}{}", &member[..start], &member[end..]))
}

/// A text without the colour of skins and the marks that ask for a picture: 👍🏽 is 👍.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let is_variant = |c: char| matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    if text.contains(is_variant) { Cow::Owned(text.replace(is_variant, "")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_emoji() {
        for (member, expected) in [
            (":+1:", Some("👍")),
            ("< :wave: >", Some("< 👋 >")),
            (":no_such_thing:", None),
            ("< :) >", None),
            ("plain", None),
            (":", None),
        ] {
            assert_eq!(spelt_out(member).as_deref(), expected, "{member}");
        }
        assert_eq!(plain("👍🏽"), "👍");
    }
}
