import Testing

@testable import DomainModel

@Suite struct XMLReaderTests {
    @Test("elements, attributes, text, comments and CDATA are read as libvirt writes them")
    func document() throws {
        let root = try XMLReader.read(
            """
            <?xml version='1.0'?>
            <!-- a comment -->
            <domain type='kvm' id = "3">
              <name>a &amp; b &#x41;&#66;</name>
              <!-- <hidden/> -->
              <description><![CDATA[<raw> & ]]]></description>
              <metadata><v:instance xmlns:v='u' uid="x&quot;y"/></metadata>
              <disk n='1'/><disk n='2' />
              <?pi?>
            </domain>
            <!-- end -->
            """)
        #expect(root.name == "domain")
        #expect(root.attributes == ["type": "kvm", "id": "3"])
        #expect(root.children.map(\.name) == ["name", "description", "metadata", "disk", "disk"])
        #expect(root["name"]?.text == "a & b AB")
        #expect(root["description"]?.text == "<raw> & ]")
        #expect(root["metadata"]?["v:instance"]?.attributes["uid"] == "x\"y")
        #expect(root.all("disk").map { $0.attributes["n"] } == ["1", "2"])
        #expect(root.text == "")
        #expect(root["absent"] == nil)
    }

    @Test(
        "what is no XML is refused",
        arguments: [
            "", " ", "text", "<", "<a", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "<a b>", "<a b=c/>", "<a b='c/>",
            "<a>&x;</a>", "<a>&amp</a>", "<a b='&'/>", "<a><!-- </a>",
            "<a><![CDATA[x</a>", "< a/>", "</a>", "<a/", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#-1;</a>",
            "<a>&#0;</a>", "<a>&#27;</a>", "<a>\u{1}</a>", "<a b='\u{FFFE}'/>", "<a>\u{FFFF}</a>", "<a b='1' b='2'/>",
            "<a b='1' c='2' b='1'/>", "<a b='1'c='2'/>", "<a b='<'/>", "<1a/>", "<a&b/>", "<a \"b='1'/>", "<a>&#x;</a>",
            "<a>&#+65;</a>", "<a/ >", "<a></a b='1'>", "<a>&amp",
        ])
    func refused(text: String) { #expect(throws: XMLError.self) { try XMLReader.read(text) } }

    @Test("no document type is read, so no entity can grow")
    func entities() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>"
        #expect(throws: XMLError.self) { try XMLReader.read(bomb) }
    }

    @Test("nesting is bounded")
    func depth() throws {
        let sound = String(repeating: "<a>", count: 64) + String(repeating: "</a>", count: 64)
        #expect(try XMLReader.read(sound).name == "a")
        #expect(throws: XMLError.tooDeep(limit: 64)) { try XMLReader.read("<a>\(sound)</a>") }
        #expect(throws: XMLError.tooDeep(limit: 64)) { try XMLReader.read(String(repeating: "<a>", count: 100_000)) }
    }

    @Test("attributes keep their order, and names their prefixes")
    func order() throws {
        let root = try XMLReader.read("<q:a z='1' xmlns:q='u' y='2' q:x='3'/>")
        #expect(root.name == "q:a")
        #expect(root.attributes.map(\.name) == ["z", "xmlns:q", "y", "q:x"])
        #expect(root.attributes == ["q:x": "3", "y": "2", "xmlns:q": "u", "z": "1"])
        #expect(root.attributes != ["q:x": "3", "y": "2", "xmlns:q": "u", "z": "2"])
        #expect(root.attributes["x"] == nil && root.attributes["q:x"] == "3")
    }

    @Test("white space and line ends are read as XML has it")
    func space() throws {
        let root = try XMLReader.read("<a b=' 1\t2\r\n3\n'>\r\n x\ry <b> </b>\n<c>&#13;</c> z</a>")
        #expect(root.attributes["b"] == " 1 2 3 ")
        #expect(root.text == "x\ny  z")
        #expect(root["b"]?.text == " " && root["c"]?.text == "\r")
    }

    @Test("what is large but within bounds is read in a moment, and what is larger is refused")
    func size() throws {
        let attributes = (0..<20_000).map { " a\($0)='1'" }.joined()
        #expect(try XMLReader.read("<a\(attributes)/>").attributes.count == 20_000)
        let children = String(repeating: "<b/>", count: 20_000)
        #expect(try XMLReader.read("<a>\(children)</a>").children.count == 20_000)
        #expect(throws: XMLError.tooLong(limit: 4 << 20)) {
            try XMLReader.read("<a>" + String(repeating: " ", count: 4 << 20) + "</a>")
        }
    }

    @Test("every cut of a document is refused, and none ends the process")
    func cuts() throws {
        let text = "<domain type='kvm'><name>a&amp;b</name><!-- c --><x y=\"1\"/><![CDATA[z]]></domain>"
        #expect(try XMLReader.read(text).name == "domain")
        for count in 0..<text.count {
            #expect(throws: XMLError.self, "\(text.prefix(count))") { try XMLReader.read(String(text.prefix(count))) }
        }
    }

    @Test("an error says where and what")
    func message() {
        let error = #expect(throws: XMLError.self) { try XMLReader.read("<a><b></a>") }
        #expect(error?.description == "this is not XML: </b> is missing, at byte 9")
    }
}
