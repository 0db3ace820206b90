/// The vCPUs that `spec.domain.cpu.realtime.mask` chooses: `0-3,^1` are 0, 2 and 3. What is excluded is out wherever it
/// stands, as in KubeVirt; libvirt heeds the order.
package struct VCPUMask: Sendable, Equatable {
    /// In ascending order, and not empty.
    package let vcpus: [Int]

    /// Why a mask is none.
    enum Fault: Error, Equatable {
        case syntax(String)
        case backwards(String)
        case beyond(Int, count: Int)
        case empty
        case tooLong(bytes: Int)
    }

    /// Bytes of a mask: one that names each vCPU of the largest guest twice has fewer.
    private static let longest = 4096

    /// Reads a mask for a guest with `count` vCPUs; an empty one means all of them.
    init(checking text: String, count: Int) throws(Fault) {
        guard !text.isEmpty else {
            vcpus = Array(0..<count)
            return
        }
        guard text.utf8.count <= Self.longest else { throw .tooLong(bytes: text.utf8.count) }
        var chosen: Set<Int> = []
        var excluded: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = part.trimmed
            if part.first == "^" {
                excluded.insert(try Self.number(part.dropFirst(), part, count: count))
            } else if let dash = part.firstIndex(of: "-") {
                let first = try Self.number(part[..<dash], part, count: count)
                let last = try Self.number(part[part.index(after: dash)...], part, count: count)
                guard first <= last else { throw .backwards(String(part)) }
                chosen.formUnion(first...last)
            } else {
                chosen.insert(try Self.number(part, part, count: count))
            }
        }
        vcpus = chosen.subtracting(excluded).sorted()
        if vcpus.isEmpty { throw .empty }
    }

    /// The mask of a guest with `count` vCPUs; nil where the text is none that validation accepts.
    package init?(_ text: String, count: Int) {
        do { try self.init(checking: text, count: count) } catch { return nil }
    }

    private static func number(_ digits: Substring, _ part: Substring, count: Int) throws(Fault) -> Int {
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else { throw .syntax(String(part)) }
        guard let number = Int(digits), number < count else { throw .beyond(Int(digits) ?? .max, count: count) }
        return number
    }

    /// The same mask without exclusions: `0,2-3`.
    package var text: String {
        var ranges: [ClosedRange<Int>] = []
        for vcpu in vcpus {
            if let last = ranges.last, last.upperBound + 1 == vcpu {
                ranges[ranges.count - 1] = last.lowerBound...vcpu
            } else {
                ranges.append(vcpu...vcpu)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}

extension VCPUMask.Fault: CustomStringConvertible {
    var description: String {
        switch self {
        case .syntax(let part): "\(part.quoted) is no vCPU: write a, a-b or ^a, with commas between"
        case .backwards(let part): "\(part.quoted) runs backwards: write the lower vCPU first"
        case .beyond(let vcpu, let count): "there is no vCPU \(vcpu): the guest has \(count), counted from 0"
        case .empty: "chooses no vCPU: leave one in"
        case .tooLong(let bytes): "is \(bytes) bytes long: write ranges, in at most 4096"
        }
    }
}

extension Substring {
    /// Without the spaces at both ends.
    var trimmed: Substring {
        let start = drop { $0 == " " }
        let end = start.lastIndex { $0 != " " }.map { start.index(after: $0) } ?? start.startIndex
        return start[..<end]
    }
}
