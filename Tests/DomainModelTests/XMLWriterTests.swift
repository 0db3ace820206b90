import Testing

@testable import DomainModel

@Suite struct XMLWriterTests {
    @Test(
        "whatever text is written as an attribute or content is read back as it was",
        arguments: [
            "plain", "", "<a b='c'>", "a & b && &amp; &lt;", "\"quoted\" and 'single'", "]]>", "<!-- -->",
            "<![CDATA[x]]>", "a\nb", "a\tb", "a\r\nb",
            "  spaces  ", "é😀", "<?xml?>", "&#10;", "\u{85}\u{2028}", "x=\"y\" z='", "--",
        ])
    func roundTrip(text: String) throws {
        var writer = XMLWriter()
        writer.element("root") { writer in
            writer.attribute("value", text)
            writer.element("child", text: text)
            writer.element("after")
        }
        let root = try XMLReader.read(writer.text)
        #expect(root.attributes == ["value": text])
        #expect(root["child"]?.text == text)
        #expect(root.children.map(\.name) == ["child", "after"])
    }

    @Test("nothing that a tenant writes opens an element or ends an attribute")
    func noMarkup() {
        var writer = XMLWriter()
        writer.element("a") { writer in
            writer.attribute("b", "\"/><evil x=\"")
            writer.element("c", text: "</c><evil/>")
        }
        #expect(
            writer.text == """
                <a b="&quot;/&gt;&lt;evil x=&quot;">
                  <c>&lt;/c&gt;&lt;evil/&gt;</c>
                </a>

                """)
    }

    @Test("attributes keep tabs and line ends, which a parser would else turn into spaces")
    func attributeSpace() {
        var writer = XMLWriter()
        writer.element("a") { $0.attribute("b", "1\t2\n3\r4") }
        #expect(writer.text == "<a b=\"1&#9;2&#10;3&#13;4\"/>\n")
    }

    @Test("an absent attribute is left out, and numbers and words are written as libvirt spells them")
    func attributes() {
        var writer = XMLWriter()
        writer.element("a") { writer in
            writer.attribute("none", nil as String?)
            writer.attribute("number", UInt64.max)
            writer.attribute("low", Int64.min)
            writer.attribute("y", yes: true)
            writer.attribute("n", yes: false)
            writer.attribute("on", on: true)
            writer.attribute("off", on: false)
        }
        #expect(
            writer.text
                == "<a number=\"18446744073709551615\" low=\"-9223372036854775808\" y=\"yes\" n=\"no\" on=\"on\" off=\"off\"/>\n"
        )
    }

    @Test("text keeps its element on one line, and children stand below each other")
    func layout() {
        var writer = XMLWriter()
        writer.element("a") { writer in
            writer.element("b") { writer in
                writer.attribute("x", 1)
                writer.content("text")
            }
            writer.element("c") { writer in writer.element("d") }
            writer.element("e", text: "")
        }
        #expect(
            writer.text == """
                <a>
                  <b x="1">text</b>
                  <c>
                    <d/>
                  </c>
                  <e></e>
                </a>

                """)
    }
}
