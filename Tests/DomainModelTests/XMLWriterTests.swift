import Testing

@testable import DomainModel

@Suite struct XMLWriterTests {
    /// A part with one of everything that a visitor knows.
    private struct Sample: XMLPart {
        var string: String?
        var number: UInt64?
        var low: Int64?
        var yes: Bool?
        var on: Bool?
        var text = ""
        var grouped: String?
        var isFlagged = false
        var parts: [Sample] = []
        var rest: XMLRest?

        mutating func visit(_ visitor: inout some XMLVisitor) {
            visitor.attribute("string", &string)
            visitor.attribute("number", &number)
            visitor.attribute("low", &low)
            visitor.attribute("yes", yesNo: &yes)
            visitor.attribute("on", onOff: &on)
            visitor.text(&text)
            visitor.attribute("value", in: "group", &grouped)
            visitor.flag("flag", &isFlagged)
            visitor.elements("part", &parts)
        }

        var written: String { XMLWriter.write("a", self, capacity: 256).text }
    }

    @Test(
        "whatever text is written as an attribute or content is read back as it was",
        arguments: [
            "plain", "", "<a b='c'>", "a & b && &amp; &lt;", "\"quoted\" and 'single'", "]]>", "<!-- -->",
            "<![CDATA[x]]>", "a\nb", "a\tb", "a\r\nb", "a\rb",
            "  spaces  ", "é😀", "<?xml?>", "&#10;", "\u{85}\u{2028}", "x=\"y\" z='", "--",
        ])
    func roundTrip(text: String) throws {
        let element = XMLElement(
            "root", attributes: ["value": text], children: [XMLElement("child", text: text), XMLElement("after")])
        #expect(try XMLReader.read(XMLWriter.write(element).text) == element)
        let sample = Sample(string: text, parts: [Sample(text: text), Sample(grouped: text)])
        let read = XMLReadingVisitor.read(try XMLReader.read(sample.written), as: Sample.self)
        #expect(read == sample)
    }

    @Test("a byte that must be escaped is found at every place of a text of any length")
    func everyPlace() throws {
        for length in 1...40 {
            for place in 0..<length {
                for character in "<>&\"\t\n\r" {
                    let start = String(repeating: "x", count: place)
                    let text = start + String(character) + String(repeating: "é", count: length - place - 1)
                    let element = XMLElement("a", attributes: ["b": text], text: text)
                    #expect(try XMLReader.read(XMLWriter.write(element).text) == element)
                }
            }
        }
    }

    @Test("nothing that a tenant writes opens an element or ends an attribute")
    func noMarkup() {
        var sample = Sample(string: "\"/><evil x=\"")
        sample.parts = [Sample(text: "</c><evil/>")]
        #expect(
            sample.written == """
                <a string="&quot;/&gt;&lt;evil x=&quot;">
                  <part>&lt;/c&gt;&lt;evil/&gt;</part>
                </a>

                """)
    }

    @Test("attributes keep tabs and line ends, which a parser would else turn into spaces")
    func attributeSpace() {
        #expect(Sample(string: "1\t2\n3\r4").written == "<a string=\"1&#9;2&#10;3&#13;4\"/>\n")
    }

    @Test("an absent attribute is left out, and numbers and words are written as libvirt spells them")
    func attributes() {
        let sample = Sample(number: .max, low: .min, yes: false, on: true)
        #expect(
            sample.written
                == "<a number=\"18446744073709551615\" low=\"-9223372036854775808\" yes=\"no\" on=\"on\"/>\n")
    }

    @Test("every number is written with all its digits")
    func numbers() {
        var number: UInt64 = 1
        for digits in 1...20 {
            for value in [number - 1, number, number + 1] {
                #expect(Sample(number: value).written == "<a number=\"\(value)\"/>\n")
                #expect(Sample(low: -Int64(value / 2)).written == "<a low=\"\(-Int64(value / 2))\"/>\n")
            }
            if digits < 20 { number *= 10 }
        }
    }

    @Test("text keeps its element on one line, and children stand below each other")
    func layout() {
        var sample = Sample()
        sample.parts = [Sample(string: "1", text: "text"), Sample(isFlagged: true), Sample(grouped: "")]
        #expect(
            sample.written == """
                <a>
                  <part string="1">text</part>
                  <part>
                    <flag/>
                  </part>
                  <part>
                    <group value=""/>
                  </part>
                </a>

                """)
    }

    @Test("a document that is longer than was thought is written again, whole")
    func growth() {
        let samples = (0..<500).map { Sample(string: "number \($0)", text: "<\($0)>") }
        let text = Sample(parts: samples).written
        #expect(text.count > 10_000)
        #expect(text == XMLWriter.write("a", Sample(parts: samples), capacity: 1 << 20).text)
        #expect(text == XMLWriter.write("a", Sample(parts: samples), capacity: 0).text)
    }
}
