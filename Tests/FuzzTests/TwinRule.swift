import DomainModel
import DomainPlan
import KubeVirtModel
import KubernetesModel

/// No string of a spec changes the shape of its domain: a spec with every character replaced that means something to XML
/// gives the same elements and attributes, and the same values but for those characters.
enum TwinRule {
    /// The text with a plain letter for each such character.
    static func twin(_ text: String) -> String {
        guard text.utf8.contains(where: isMarkup) else { return text }
        return String(decoding: text.utf8.map { isMarkup($0) ? UInt8(ascii: "x") : $0 }, as: UTF8.self)
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "!"), 0x09, 0x0A, 0x0D: true
        default: false
        }
    }

    /// The faults of a tree's domains beside those of its twin; nil where the two cannot be compared, since the twin has
    /// not the same VMIs, or has no such characters.
    static func faults(of tree: DocumentNode, _ reading: Pipeline.Reading) -> [String]? {
        let other = tree.mappingStrings(twin)
        guard !other.isSame(as: tree) else { return nil }
        let twins = Pipeline.read(other).accepted
        guard twins.count == reading.accepted.count, !twins.isEmpty else { return nil }
        return zip(reading.accepted, twins).flatMap { instance, twin in
            guard case .domain(let one) = Pipeline.compile(instance, .kvm) else { return [String]() }
            guard case .domain(let other) = Pipeline.compile(twin, .kvm) else {
                return ["the twin of \(instance.name) has no domain"]
            }
            return differences(one.root, other.root)
        }
    }

    private static func differences(_ one: XMLElement, _ other: XMLElement) -> [String] {
        guard one.name == other.name, one.attributes.map(\.name) == other.attributes.map(\.name),
            one.children.count == other.children.count
        else { return ["<\(one.name)> has another shape than <\(other.name)> of its twin"] }
        var faults: [String] = []
        for (mine, its) in zip(one.attributes, other.attributes) where !isTwin(mine.value, its.value) {
            faults.append(
                "<\(one.name) \(mine.name)> is \(mine.value.debugDescription), its twin's \(its.value.debugDescription)"
            )
        }
        if !isTwin(one.text, other.text) {
            faults.append("<\(one.name)> holds \(one.text.debugDescription), its twin's \(other.text.debugDescription)")
        }
        return faults + zip(one.children, other.children).flatMap { differences($0, $1) }
    }

    private static func isTwin(_ one: String, _ other: String) -> Bool {
        twin(one).utf8.elementsEqual(twin(other).utf8)
    }
}
