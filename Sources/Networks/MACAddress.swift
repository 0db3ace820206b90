internal import DomainPlan

/// Addresses for interfaces that name none: the same for the same VMI and interface, so that a guest keeps its own.
package enum MACAddress {
    /// A locally administered unicast address.
    package static func stable(uid: String, interface: String) -> String {
        let hash = StableHash.of("\(uid)/\(interface)")
        let bytes = (0..<5).map { UInt8(truncatingIfNeeded: hash >> UInt64($0 * 8)) }
        let parts = [UInt8(0x02)] + bytes
        return parts.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
