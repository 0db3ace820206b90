import TestSupport
import Testing

@testable import DomainModel

/// Documents that were changed at random still lose nothing, or are refused with a reason.
@Suite struct DomainMutationTests {
    @Test("no random change of a document makes it lose anything", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) throws {
        var mutator = Mutator(seed: seed)
        let roots = try [SampleDomains.complete.xml().text, SampleDocuments.live, SampleDocuments.strange].map {
            try XMLReader.read($0)
        }
        for round in 0..<30 {
            let mutated = mutator.mutate(roots[round % roots.count])
            let text = XMLWriter.write(mutated).text
            let failure = try Self.failure(of: text)
            #expect(failure == nil, "round \(round) of seed \(seed)")
        }
    }

    @Test("random elements below a domain survive", arguments: [1, 2, 3] as [UInt64])
    func randomTrees(seed: UInt64) throws {
        var mutator = Mutator(seed: seed)
        for round in 0..<20 {
            var root = XMLElement("domain", attributes: ["type": "kvm"])
            root.children = (0..<6).map { _ in mutator.tree(depth: 5) }
            let failure = try Self.failure(of: XMLWriter.write(root).text)
            #expect(failure == nil, "round \(round) of seed \(seed)")
        }
    }

    @Test("random bytes in a document end nothing but its reading", arguments: [1, 2] as [UInt64])
    func bytes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let document = Array(SampleDocuments.live.utf8)
        let bytes = Array("<>/&;='\"!-[]? \n\0\u{1F}az09é".utf8) + [0x80, 0xFF]
        for round in 0..<60 {
            var text = document
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                text[place] = bytes.randomElement(using: &random) ?? 0
            }
            if Bool.random(using: &random) { text.removeSubrange(0..<Int.random(in: 0..<40, using: &random)) }
            let failure = try Self.failure(of: String(decoding: text, as: UTF8.self))
            #expect(failure == nil, "round \(round) of seed \(seed)")
        }
    }

    /// What went wrong on the way in and out; nil where nothing did, or where the document was refused.
    private static func failure(of text: String) throws -> String? {
        guard let read = try? Domain(xml: text) else { return nil }
        let written = read.xml().text
        let lost = try Facts(text).missing(in: Facts(written))
        guard lost.isEmpty else { return "lost \(lost)" }
        guard try Domain(xml: written) == read else { return "not equal: \(text)" }
        return nil
    }
}

/// Changes documents at random, the same way in every run.
struct Mutator {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// Names and values that mean something at some place.
    private static let words = [
        "type", "name", "dev", "bus", "address", "source", "driver", "target", "alias", "model", "mode", "path", "unit",
        "state", "value", "id", "memory", "cpus", "size", "node", "group", "entry", "disk", "vcpu", "cell", "feature",
        "boot", "order", "port", "slot", "domain", "function", "text", "label", "backingStore", "format", "timer",
        "q:new", "xmlns:q", "os", "devices", "features", "hyperv", "cpu", "clock", "interface", "controller",
    ]
    private static let values = [
        "", "yes", "no", "on", "off", "1", "0", "007", "-1", "0x1f", "99999999999999999999", "kvm", "file", "block",
        "raw", "qcow2", "pci", "drive", "usb", "bind", "unix", "KiB", "b", "EiB", "utc", "reset", "static", "a & <b>",
        "é \"q\"", " spaced ", "network", "disk", "custom", "host-model", "vnc", "socket", "user", "bridge", "smbios",
    ]

    mutating func mutate(_ root: XMLElement) -> XMLElement {
        var root = root
        for _ in 0..<Int.random(in: 1...8, using: &random) { change(&root, depth: 0) }
        return root
    }

    mutating func tree(depth: Int) -> XMLElement {
        var element = XMLElement(pick(Self.words))
        for _ in 0..<Int.random(in: 0...3, using: &random) { element.attributes[pick(Self.words)] = pick(Self.values) }
        if depth > 0 {
            element.children = (0..<Int.random(in: 0...3, using: &random)).map { _ in tree(depth: depth - 1) }
        }
        if element.children.isEmpty { element.text = pick(Self.values) }
        return element
    }

    /// Walks down to a random element and changes it.
    private mutating func change(_ element: inout XMLElement, depth: Int) {
        if !element.children.isEmpty, depth < 1 || Int.random(in: 0..<4, using: &random) > 0 {
            let index = Int.random(in: 0..<element.children.count, using: &random)
            return change(&element.children[index], depth: depth + 1)
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: element.attributes[pick(Self.words)] = pick(Self.values)
        case 1: if let name = attributeName(of: element) { element.attributes[name] = pick(Self.values) }
        case 2: if let name = attributeName(of: element) { element.attributes[name] = nil }
        case 3: element.children.append(tree(depth: 2))
        case 4: if let twin = element.children.randomElement(using: &random) { element.children.append(twin) }
        case 5: element.text = element.children.isEmpty ? pick(Self.values) : pick(Self.values).trimmingXMLSpace()
        case 6: element.children.shuffle(using: &random)
        default: if !element.children.isEmpty { element.children.removeLast() } else { element.name = pick(Self.words) }
        }
    }

    private mutating func attributeName(of element: XMLElement) -> String? {
        element.attributes.randomElement(using: &random)?.name
    }

    private mutating func pick(_ list: [String]) -> String { list.randomElement(using: &random) ?? "" }
}
