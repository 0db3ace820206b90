import Testing

@testable import DomainModel

/// A domain is the same after it was written and read, and a document loses nothing when it was read and written.
@Suite struct DomainRoundTripTests {
    @Test("a domain is read as it was written", arguments: ["empty", "typical", "complete", "newer"])
    func domain(_ name: String) throws {
        let domain =
            switch name {
            case "empty": Domain()
            case "typical": SampleDomains.typical
            case "newer": SampleDomains.newer
            default: SampleDomains.complete
            }
        let text = domain.xml().text
        let read = try Domain(xml: text)
        #expect(read == domain)
        #expect(read.xml().text == text)
    }

    @Test("a document says the same after it was read and written", arguments: ["live", "strange"])
    func document(_ name: String) throws {
        let document = name == "live" ? SampleDocuments.live : SampleDocuments.strange
        let read = try Domain(xml: document)
        let written = read.xml().text
        let lost = try Facts(document).missing(in: Facts(written))
        #expect(lost == [])
        #expect(try Domain(xml: written) == read)
    }
}
