//! What stays HTML and what becomes text.

use channels::html::{escape, sanitise};
use proptest::prelude::*;

const TAGS: &str = "a b br em h1 h2 h3 h4 h5 h6 i img li ol p span strong u ul";

#[test]
fn harmless_html_stays_and_the_rest_is_text() {
    let cases = [
        ("", ""),
        ("Hello *bold* ~it~ h\u{e9} \u{1f600}", "Hello *bold* ~it~ h\u{e9} \u{1f600}"),
        (r#"say "hi" & 'bye' 1 < 2 > 0"#, "say &quot;hi&quot; &amp; &#39;bye&#39; 1 &lt; 2 &gt; 0"),
        // Tags stay as written.
        ("<b>x</b> <i>y</i><br/>z<BR><br />", "<b>x</b> <i>y</i><br/>z<BR><br />"),
        ("<ul><li>one</li></ul><h3>t</h3 >", "<ul><li>one</li></ul><h3>t</h3 >"),
        ("<b>a & b</b>", "<b>a &amp; b</b>"),
        ("<b>no end", "<b>no end"),
        // Tags that are not in the list are text.
        ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
        ("<name>, <bold>", "&lt;name&gt;, &lt;bold&gt;"),
        ("<!-- c --> < b> </ b> <> </>", "&lt;!-- c --&gt; &lt; b&gt; &lt;/ b&gt; &lt;&gt; &lt;/&gt;"),
        ("<b", "&lt;b"),
        ("<b <i>x", "&lt;b <i>x"),
        ("<<b>", "&lt;<b>"),
        ("<svg/onload=alert(1)>", "&lt;svg/onload=alert(1)&gt;"),
        ("<b/onclick=x>", "&lt;b/onclick=x&gt;"),
        // Attributes of the list stay, in double quotes.
        (
            r#"<a href="https://x.y/?a=1&b=2" target='_blank' title=go>l</a>"#,
            r#"<a href="https://x.y/?a=1&amp;b=2" target="_blank" title="go">l</a>"#,
        ),
        (r#"<a href = "/p" >l</a>"#, r#"<a href="/p" >l</a>"#),
        (r#"<A HREF="/p">l</A>"#, r#"<A HREF="/p">l</A>"#),
        (r#"<a title='say "hi" <b>'>l</a>"#, r#"<a title="say &quot;hi&quot; &lt;b&gt;">l</a>"#),
        (r#"<img src="/p.png" alt="it's"/>"#, r#"<img src="/p.png" alt="it&#39;s"/>"#),
        ("<a href=x/>", r#"<a href="x/">"#),
        ("<img alt>", "<img alt>"),
        // Others are dropped.
        (r#"<b onclick="x()" style="color:red">t</b>"#, "<b>t</b>"),
        (r#"<img src="/p" onerror=alert(1) />"#, r#"<img src="/p" />"#),
        (r#"<span class="c">t</span class="c">"#, "<span>t</span>"),
        (r#"</a href="/p">"#, "</a>"),
        // A quote that does not end makes no tag.
        (r#"<a href="x>l</a>"#, "&lt;a href=&quot;x&gt;l</a>"),
        (r#"<a href="x"title="y">"#, "&lt;a href=&quot;x&quot;title=&quot;y&quot;&gt;"),
        // References are not escaped twice; what only looks like one is text.
        ("&amp; &lt;b&gt; &nbsp;&#39;&#x27;&#X1F600;", "&amp; &lt;b&gt; &nbsp;&#39;&#x27;&#X1F600;"),
        ("Caf&eacute; &CounterClockwiseContourIntegral; R&D; &colon; &#; &#x; &#+5; &#xD800; &#1114112; &amp", {
            "Caf&eacute; &CounterClockwiseContourIntegral; R&amp;D; &colon; &amp;#; &amp;#x; &amp;#+5; &amp;#xD800; &amp;#1114112; &amp;amp"
        }),
        ("&&amp;&#38;amp;", "&amp;&amp;&#38;amp;"),
    ];
    for (text, expected) in cases {
        assert_eq!(sanitise(text), expected, "{text}");
        assert_eq!(sanitise(expected), expected, "twice: {text}");
    }
}

#[test]
fn addresses_that_run_script_are_dropped() {
    let refused = [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " \u{1}javascript:x",
        "java\tscript:x",
        "java\nscript:x",
        "&#106;avascript:x",
        "&#x6A;avascript&#58;x",
        "java&#9;script:x",
        "java&#x0000a;script:x",
        "vbscript:x",
        "data:text/html,x",
    ];
    for address in refused {
        assert_eq!(sanitise(&format!("<a href=\"{address}\" title=\"t\">")), "<a title=\"t\">", "{address:?}");
        assert_eq!(sanitise(&format!("<img src='{address}'>")), "<img>", "{address:?}");
    }
    let kept = [
        "https://x.y/javascript:z",
        "HTTP://x",
        "mailto:a@b.c",
        "tel:+49",
        "app+x://open",
        "/data:x",
        "?q=data:x",
        "#javascript:x",
        "javascripts:x",
        "",
    ];
    for address in kept {
        let tag = format!("<a href=\"{address}\">");
        assert_eq!(sanitise(&tag), tag, "{address:?}");
    }
    // To a browser, what stays of these is no scheme.
    assert_eq!(sanitise("<a href='javascript&colon;x'>"), "<a href=\"javascript&amp;colon;x\">");
    assert_eq!(
        sanitise("<a href='java&Tab;script:x' title='&eacute;'>"),
        "<a href=\"java&amp;Tab;script:x\" title=\"&amp;eacute;\">"
    );
    assert_eq!(sanitise("<a href=&#106avascript:x>"), "<a href=\"&amp;#106avascript:x\">");
}

#[test]
fn a_tag_of_no_end_is_text_however_long_the_text_is() {
    let many = "<a title=\"x\" ".repeat(50_000);
    assert_eq!(sanitise(&many), escape(&many));
    let long = format!("<a title=\"{}\">", "é".repeat(3000));
    assert_eq!(sanitise(&long), escape(&long));
}

/// Where a browser would see a tag: `(name, whole tag)`, and everything between.
fn tags(html: &str) -> impl Iterator<Item = (String, &str)> {
    html.match_indices('<').map(|(place, _)| {
        let tag = &html[place..];
        let tag = &tag[..tag.find('>').map_or(tag.len(), |end| end + 1)];
        let name = tag.trim_start_matches(['<', '/']).split(|it: char| !it.is_ascii_alphanumeric()).next();
        (name.unwrap_or_default().to_ascii_lowercase(), tag)
    })
}

/// Texts out of the pieces that matter to HTML.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<".to_owned()),
        Just(">".to_owned()),
        Just("/".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("&".to_owned()),
        Just("&#".to_owned()),
        Just(";".to_owned()),
        Just(" ".to_owned()),
        Just("=".to_owned()),
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just("img".to_owned()),
        Just(" href=\"".to_owned()),
        Just(" title='".to_owned()),
        Just(" src=".to_owned()),
        Just(" onclick=".to_owned()),
        Just("javascript:".to_owned()),
        Just("<script>".to_owned()),
        Just("<b>".to_owned()),
        Just("amp;".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_but_allowed_tags_is_left(text in markup()) {
        let safe = sanitise(&text);
        for (name, tag) in tags(&safe) {
            prop_assert!(TAGS.split(' ').any(|known| known == name), "{tag} of {text:?}");
            prop_assert!(tag.ends_with('>'), "{tag} of {text:?}");
            prop_assert!(!tag[1..].contains('<'), "{tag} of {text:?}");
            let mut outside_values = tag.split('"').step_by(2);
            prop_assert!(!outside_values.any(|part| part.contains("onclick")), "{tag} of {text:?}");
            let has_script = ["href=\"javascript:", "src=\"javascript:"].iter().any(|it| tag.contains(it));
            prop_assert!(!has_script, "{tag} of {text:?}");
            prop_assert_eq!(tag.matches('"').count() % 2, 0, "{} of {:?}", tag, text);
        }
        prop_assert_eq!(sanitise(&safe), safe);
    }

    #[test]
    fn a_text_without_special_characters_is_unchanged(text in "[^<>&\"']*") {
        prop_assert_eq!(&sanitise(&text), &text);
        prop_assert_eq!(escape(&text), text);
    }

    #[test]
    fn escaping_can_be_undone(text in markup()) {
        let undone = escape(&text).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        prop_assert_eq!(undone.replace("&#39;", "'").replace("&amp;", "&"), text);
    }
}
