import DomainModel
import DomainPlan
import KubeVirtModel
import KubernetesModel
import Testing

/// One marked string at a time, in every field that holds one: what becomes of it is known.
@Suite struct CanaryTests {
    private static let markup = "<a b=\"x\">&amp;'</a>]]><!--\n\t--><?p?>${x}\r"
    private static let paths = "/./%2e%2e/../../../etc/shadow"
    private static let outsideXML = ["\u{0}", "\u{8}", "\u{B}", "\u{C}", "\u{1B}", "\u{FFFE}", "\u{FFFF}"]

    @Test(
        "a string that is accepted stands in the domain as it was written, or is named after it",
        arguments: Canary.fields)
    func markupStays(field: Canary) {
        let faults = field.faults(appending: Self.markup)
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("no field leads to a file beyond the folders of the VMI", arguments: Canary.fields)
    func pathsStay(field: Canary) {
        let faults = [Self.paths, "/.."].flatMap { Self.faults(of: field.reading(appending: $0).accepted) }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test(
        "a character that XML cannot hold is refused at the field that would bring it there", arguments: Canary.fields)
    func unheld(field: Canary) {
        let reachesXML = field.reachesDomain
        for character in reachesXML ? Self.outsideXML : ["\u{1}"] {
            let reading = field.reading(appending: character)
            let faults = Self.faults(of: reading.accepted)
            #expect(faults.isEmpty, "\(faults)")
            let isRefused = reading.errors.contains { field.isAbout($0.path) }
            #expect(isRefused || !reachesXML, "\(character.debugDescription): \(reading.issues)")
        }
    }

    /// The paths of the domains, all of which are XML that can be read again.
    private static func faults(of instances: [VirtualMachineInstance]) -> [String] {
        instances.flatMap { instance in
            switch Pipeline.compile(instance, .kvm) {
            case .domain(let compiled): PathRule(instance).faults(in: compiled.root)
            case .noRoom: [String]()
            case .fault(let fault): [fault]
            }
        }
    }

    @Test("the fields that hold free text hold any text that XML can")
    func freeText() {
        let domains = "spec.domain"
        let free =
            [
                "chassis.asset", "chassis.manufacturer", "chassis.serial", "chassis.sku", "chassis.version",
                "firmware.kernelBoot.kernelArgs", "firmware.kernelBoot.container.kernelPath",
                "firmware.kernelBoot.container.initrdPath",
            ].map { "\(domains).\($0)" } + ["spec.volumes[].hostDisk.path"]
        for path in free {
            let field = Canary.fields.first { $0.path == path }
            // Of a path in an image, the file's name is what is left.
            let text = Self.markup.replacing("/", with: "\\")
            let holds = field?.domains(appending: text).contains { $0.holds(text) } ?? false
            #expect(holds, "\(path) does not take markup as text")
        }
    }
}

/// A string field of the corpus, and the document that it stands in.
struct Canary: Sendable, CustomTestStringConvertible {
    /// What no manifest holds.
    static let mark = "zq7"

    let path: String
    private let original: String
    private let document: DocumentNode
    /// The domains with the mark behind the string.
    private(set) var plain: [XMLElement] = []

    var testDescription: String { path }

    private init(path: String, original: String, document: DocumentNode) {
        self.path = path
        self.original = original
        self.document = document
        plain = domains(appending: Self.mark)
    }

    /// One of each path.
    static let fields: [Canary] = {
        var seen: Set<String> = []
        let documents = Corpus.specimens.compactMap { try? DocumentReader().read($0.text) }.joined()
        return documents.filter { $0["kind"]?.text == "VirtualMachineInstance" }.flatMap { document in
            document.strings().compactMap { path, text in
                seen.insert(path).inserted ? Canary(path: path, original: text, document: document) : nil
            }
        }
    }()

    /// Whether the string stands in a domain: seen by its mark, or, where none is taken, by itself.
    var reachesDomain: Bool {
        if !plain.isEmpty { return plain.contains { $0.holds(Self.mark) } }
        return original.utf8.count > 3 && domains(appending: "").contains { $0.holds(original) }
    }

    /// Reads the document with that text behind the string, wherever the string stands, so that names stay the same.
    func reading(appending suffix: String) -> Pipeline.Reading {
        Pipeline.read(document.mappingStrings { $0 == original ? original + suffix : $0 })
    }

    func domains(appending suffix: String) -> [XMLElement] {
        reading(appending: suffix).accepted.compactMap { instance in
            guard case .domain(let compiled) = Pipeline.compile(instance, .kvm) else { return nil }
            return compiled.root
        }
    }

    /// Compares the domains with those of the mark: values differ by what is appended and by nothing else.
    func faults(appending suffix: String) -> [String] {
        let hostile = domains(appending: suffix)
        guard !hostile.isEmpty else { return [] }
        // Base64 takes a line's end, and no mark.
        let (from, others) = plain.isEmpty ? ("", domains(appending: "")) : (Self.mark, plain)
        guard hostile.count == others.count else { return ["\(path): there are other domains with \(suffix)"] }
        return zip(others, hostile).flatMap { compare($0, $1, original + from, original + suffix) }
    }

    private func compare(_ plain: XMLElement, _ hostile: XMLElement, _ from: String, _ to: String) -> [String] {
        guard plain.name == hostile.name, plain.attributes.map(\.name) == hostile.attributes.map(\.name),
            plain.children.count == hostile.children.count, !hostile.name.contains(Self.mark)
        else { return ["\(path) changes the shape of <\(plain.name)>"] }
        let values =
            zip(plain.attributes, hostile.attributes).map { ($0.value, $1.value) } + [(plain.text, hostile.text)]
        let faults = values.filter { !isExpected($0, $1, from, to) }.map {
            "\(path): \($0) became \($1.debugDescription)"
        }
        return faults + zip(plain.children, hostile.children).flatMap { compare($0, $1, from, to) }
    }

    /// What a string may become: itself, itself in lower case (MAC addresses, UUIDs), or the last part of its path.
    private func isExpected(_ plain: String, _ hostile: String, _ from: String, _ to: String) -> Bool {
        var expected = [plain.replacing(from, with: to), plain.replacing(from, with: to.lowercased())]
        if let last = to.split(separator: "/").last, plain.contains("/") {
            let folder = plain.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            expected.append((folder + [last]).joined(separator: "/"))
        }
        return expected.contains { $0.utf8.elementsEqual(hostile.utf8) }
    }

    /// Whether the path of an issue is that of a field that holds the string.
    func isAbout(_ issue: String) -> Bool {
        let parts = issue.split(separator: "[", omittingEmptySubsequences: false)
        let pattern = parts.dropFirst().reduce(String(parts.first ?? "")) { path, part in
            path + "[]" + (part.firstIndex(of: "]").map { part[part.index(after: $0)...] } ?? "")
        }
        return document.strings().contains { $0.path == pattern && $0.text == original }
    }
}

extension XMLElement {
    /// Whether the text stands in an attribute or text of the element or below it.
    func holds(_ text: String) -> Bool {
        self.text.contains(text) || attributes.contains { $0.value.contains(text) }
            || children.contains { $0.holds(text) }
    }
}
