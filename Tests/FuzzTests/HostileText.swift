/// Strings that look for a way out of wherever they are put.
enum HostileText {
    /// For XML: ends of attributes, elements, sections and comments, and what a parser might resolve.
    static let markup = [
        "\"/><evil x=\"", "</source><evil/>", "' onload='", "]]>", "<![CDATA[", "<!--", "-->", "<?pi?>", "&amp;",
        "&#0;",
        "&#x1;", "&lt;", "&evil;", "<", ">", "&", "\"", "'", "a\nb", "a\tb", "a\rb", "\r\n", " ", "  lead", "trail  ",
        "\n",
        "<!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "%s%n", "${jndi:x}", "`id`", "$(id)", "a,b=c",
    ]

    /// For file systems.
    static let paths = [
        "../../etc/passwd", "/etc/passwd", "..", ".", "/", "//", "/..", "/../..", "/a/../../b", "/a/./b", "./a",
        "%2e%2e%2f",
        "..%2f", "..\\..\\x", "/a//b/", "/a/..", "~root", "/proc/self/fd/0", "file:///x", "\\\\host\\x", "/dev/../etc",
        "/a\u{2215}..\u{2215}b", "\u{2025}/x", "/run/virt-node/vms/../../x", "/a\u{0}/b",
    ]

    /// Of every class of Unicode that trips programs.
    static let unicode =
        [
            "e\u{301}", "\u{E9}", "a" + String(repeating: "\u{301}", count: 64), "\u{202E}gpj.exe", "\u{200F}x\u{200E}",
            "👩‍👩‍👧‍👦", "🇩🇪", "\u{1F3F3}\u{FE0F}", "\u{FEFF}x", "x\u{200B}y", "\u{FFFD}",
            "\u{E000}", "\u{2028}", "\u{2029}", "\u{85}", "\u{A0}", "ｆｕｌｌ", "ß", "İ", "ﬁ", "K", "٣", "𝟘", "\u{3000}",
            "\u{1100}\u{1161}", "\u{D7FF}", "n\u{303}o",
        ] + [0xFDD0, 0x1FFFE, 0x1FFFF, 0x10FFFE, 0x10FFFF].compactMap(Unicode.Scalar.init).map { "n\(String($0))" }

    /// What XML 1.0 cannot hold, and DEL, which no name or path needs.
    static let outsideXML = [
        "\u{0}", "a\u{0}b", "\u{1}", "x\u{8}", "\u{B}", "\u{C}", "\u{E}y", "\u{1B}[31mred\u{1B}[0m", "\u{1F}", "\u{7F}",
        "\u{FFFE}", "a\u{FFFF}",
    ]

    /// What a reader of YAML or a parser of numbers and addresses may take for something else.
    static let confusing = [
        "", "null", "~", "true", "yes", "no", "on", "0", "-1", "1e3", "0x10", "0o7", "1_000", "-0", "+1", ".5", "1.",
        "NaN",
        ".inf", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "1.5Gi", "-1Gi", "8Ei", "1e1000", "1e-1000", "0.0000000001", "Infinity", "2026-01-31T12:00:00Z",
        "9999-12-31T23:59:59Z",
        "0000-00-00T00:00:00Z", "=", "<<", "*a", "&a", "!!int 1", "- x", "a: b", "a #b", "#", "|", ">-", "@", "%", "`",
        "?",
        "02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", "0000:00:00.0", "0000:ff:1f.7", "255.255.255.255/32", "::/0",
        "0.0.0.0/0",
        "0-287", "^0", "0-", "-", ",", "0,0", "1-0", "virtio", "q35", "pc-q35-99", "host-model", "root", "default",
        "vda",
    ]

    static let all = markup + paths + unicode + outsideXML + confusing

    /// Numbers at the edges of what they are read into, as JSON writes them.
    static let numbers = [
        "0", "-0", "1", "-1", "2", "63", "64", "255", "256", "288", "289", "1024", "4095", "4096", "65535", "65536",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740993",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "1e3", "1E400", "-1e-400", "0.5", "1.0", "1e0",
        "1" + String(repeating: "0", count: 400), "0." + String(repeating: "3", count: 400),
    ]
}
